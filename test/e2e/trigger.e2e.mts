import { testTrigger } from './support/trigger.mts';

testTrigger('trigger');
