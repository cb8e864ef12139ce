import { durableScheduler, testTrigger } from './support/trigger.mts';

testTrigger('triggerCursors', { ...durableScheduler, N8N_POLLER_DURABLE_CURSORS_ENABLED: 'true' });
