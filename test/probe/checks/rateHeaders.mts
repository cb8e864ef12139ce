import { asAssumed, differs, type Check } from '../check.mts';
import { inCode } from '../places.mts';

const name = /^(x-)?rate-?limit/;

/** Retry-After is not among them: it is honoured wherever it comes. */
export const rateHeaders: Check = {
	what: 'Rate-limit headers',
	assumed: 'none but Retry-After',
	where: inCode('nodes/shared/http/turns.ts', 'learn'),
	see: ({ server }) => {
		const found = [...server.headers].filter(([header]) => name.test(header));
		if (found.length === 0) return asAssumed('none');
		return differs(found.map(([header, value]) => `${header}: ${value}`).join(', '));
	},
};
