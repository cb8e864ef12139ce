import { UserError } from 'n8n-workflow';
import type { Vizdom } from '../vizdom/client';
import { paths, type User } from '../vizdom/facts';
import { shown } from '../vizdom/redactor';
import { comparableAddress } from '../vizdom/values';
import { addressIn } from './checks';
import type { Run } from './run';

/**
 * The ID of a user, who may be given by e-mail address.
 * @throws {UserError} unless exactly one user has the address
 */
export async function userIdOf(named: string, vizdom: Vizdom, run: Run): Promise<string> {
	const address = addressIn(named);
	if (address === undefined) return named;
	const wanted = comparableAddress(address);
	const users = await run.list<User>(vizdom, paths.users);
	const [id, ...others] = users
		// A server's IDs may be the addresses.
		.filter((user) => [user.id, user.email].some((one) => comparableAddress(one) === wanted))
		.map((user) => String(user.id ?? ''))
		.filter(Boolean);
	if (id === undefined) {
		throw new UserError(`No user has the e-mail address '${shown(address)}'`, {
			description: 'Check the address, or choose the user from the list.',
		});
	}
	if (others.length === 0) return id;
	const ids = [id, ...others];
	throw new UserError(`${ids.length} users have the e-mail address '${shown(address)}'`, {
		description: `Enter the ID of the one you mean: ${ids.join(', ')}.`,
	});
}
