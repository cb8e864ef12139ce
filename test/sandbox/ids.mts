export type IdPrefix = 'dash' | 'ds' | 'user' | 'exp';

const LENGTH = 6;
const SPACE = 36 ** LENGTH;
/** Shares no factor with SPACE, so that no two numbers below SPACE give the same ID. */
const STEP = 48_271_597;
const START: Record<IdPrefix, number> = {
	dash: 1_160_943_211,
	ds: 397_420_886,
	user: 1_741_309_557,
	exp: 764_881_023,
};
/** Seeded records stay below this number, created ones start here. */
const FIRST_CREATED = 100_000_000;

export function seededId(prefix: IdPrefix, index: number): string {
	return idFromNumber(prefix, (index * STEP + START[prefix]) % SPACE);
}

export function idFromNumber(prefix: IdPrefix, number: number): string {
	return `${prefix}_${number.toString(36).padStart(LENGTH, '0')}`;
}

export function numberFromId(id: string): number {
	return parseInt(id.replace(/^.*_/, ''), 36);
}

export function newId(prefix: IdPrefix, count: number): string {
	return seededId(prefix, FIRST_CREATED + count);
}
