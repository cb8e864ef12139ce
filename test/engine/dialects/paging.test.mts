import { dialectNames, dialects } from '../../sandbox/dialects.mts';
import type { Dialect } from '../../sandbox/dialects.mts';
import { testDialects } from './testDialects.mts';

testDialects(dialectNames.filter((name) => (dialects[name] as Dialect).paging));
