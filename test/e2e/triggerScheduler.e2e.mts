import { durableScheduler, testTrigger } from './support/trigger.mts';

testTrigger('triggerScheduler', durableScheduler);
