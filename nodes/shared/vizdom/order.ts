import { newestEnd } from './tracker';
import { instantOf } from './values';

/**
 * Records by creation, newest first; those without a date come last. Of one moment, the one comes
 * first that the list has at the end where its new ones come.
 */
export function byCreation<T extends { created_at?: unknown }>(records: T[]): T[] {
	const dated = records.map((record) => ({ record, time: instantOf(record.created_at) }));
	const times = dated.map(({ time }) => time).filter((time) => time > 0);
	if (newestEnd(times) === 'last') dated.reverse();
	return dated.sort((one, other) => other.time - one.time).map(({ record }) => record);
}
