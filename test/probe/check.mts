import type { Known } from './known.mts';

export type Verdict = 'as assumed' | 'differs' | 'not to be seen';

/** What the server shows of an assumption. */
export interface Seen {
	verdict: Verdict;
	seen: string;
	/** More exact than the check's own */
	where?: string;
}

/** One assumption about the API. */
export interface Check {
	what: string;
	assumed: string;
	/** Where to change it */
	where: string;
	see(known: Known): Promise<Seen> | Seen;
}

export interface Finding extends Seen {
	what: string;
	assumed: string;
	where: string;
}

export function asAssumed(seen: string): Seen {
	return { verdict: 'as assumed', seen };
}

export function differs(seen: string, where?: string): Seen {
	return { verdict: 'differs', seen, ...(where !== undefined && { where }) };
}

export function notToBeSeen(seen: string): Seen {
	return { verdict: 'not to be seen', seen };
}
