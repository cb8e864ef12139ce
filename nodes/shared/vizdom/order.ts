import { newestEnd } from './tracker';
import { instantOf } from './values';

/**
 * Sorts records by creation, newest first; those without a date come last. Records of the same time keep
 * the list's order, or its reverse if new records appear at its end.
 */
export function byCreation<T extends { created_at?: unknown }>(records: T[]): T[] {
	const dated = records.map((record) => ({ record, time: instantOf(record.created_at) }));
	const times = dated.map(({ time }) => time).filter((time) => time > 0);
	if (newestEnd(times) === 'last') dated.reverse();
	return dated.sort((one, other) => other.time - one.time).map(({ record }) => record);
}
