import { Problem } from '../n8n/problem.mts';
import { asAssumed, notToBeSeen, type Check, type Finding } from './check.mts';
import { download } from './checks/download.mts';
import { fieldChecks, timestamps, valueChecks } from './checks/fields.mts';
import { pageSize, pagingParameters, stableOrder } from './checks/paging.mts';
import { pathChecks } from './checks/paths.mts';
import { rateHeaders } from './checks/rateHeaders.mts';
import { envelope, recordChecks } from './checks/records.mts';
import { errorBodies, refusedStatuses } from './checks/refusals.mts';
import { cleanUp, deleteOwn, writingChecks } from './checks/writing.mts';
import { nothingKnown, type Known } from './known.mts';
import { Server, Unavailable } from './server.mts';

export interface Probe {
	baseUrl: string;
	key: string;
	/** Whether to create, change, export and delete a dashboard, too */
	write: boolean;
	signal?: AbortSignal;
	/** Hears of each check as it begins */
	progress(what: string): void;
	/** Hears of what could not be deleted */
	left(what: string): void;
}

/**
 * Compares a server with what the package takes for granted.
 *
 * @throws {Problem} where the server cannot be used at all
 */
export async function probe(options: Probe): Promise<Finding[]> {
	const { baseUrl, key, signal, write } = options;
	const known = nothingKnown(new Server(baseUrl, key, signal));
	try {
		const found = await findings(pathChecks, known, options);
		if (known.lists.size === 0) throw noList(baseUrl, found);
		return [...found, ...(await findings(checksBehind(write), known, options))];
	} finally {
		const left = await cleanUp(known, new Server(baseUrl, key));
		if (left) options.left(left);
	}
}

/** In this order: what a check finds out helps the next. */
function checksBehind(write: boolean): Check[] {
	return [
		...[stableOrder, pagingParameters, pageSize, ...recordChecks],
		...(write ? writingChecks : []),
		...[envelope, ...fieldChecks, ...valueChecks, timestamps],
		...[refusedStatuses, errorBodies, download],
		...(write ? [deleteOwn] : []),
		rateHeaders,
	];
}

async function findings(checks: Check[], known: Known, { progress }: Probe): Promise<Finding[]> {
	const found: Finding[] = [];
	for (const { see, ...check } of checks) {
		progress(check.what);
		found.push({ ...check, ...(await seen(see, known)) });
	}
	return found;
}

async function seen(see: Check['see'], known: Known): Promise<ReturnType<typeof asAssumed>> {
	try {
		return await see(known);
	} catch (error) {
		if (error instanceof Unavailable) return notToBeSeen(error.message);
		throw error;
	}
}

function noList(baseUrl: string, found: Finding[]): Problem {
	return new Problem(
		`No list answers below ${baseUrl}. Check VIZDOM_BASE_URL.`,
		...found.map(({ assumed, seen: answer }) => `  ${assumed}: ${answer}`),
	);
}
