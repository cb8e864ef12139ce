import { Problem } from '../n8n/problem.mts';
import { closingChecks, pathChecks, readingChecks } from './checks.mts';
import { untriedOperations } from './contract.mts';
import { Known, places, type Check, type Seen } from './known.mts';
import { Server, Unavailable } from './server.mts';
import { Writing } from './writing.mts';

export type Finding = Omit<Check, 'see'> & Seen;

/**
 * Compares a server with what the package takes for granted.
 *
 * @param cleaner deletes what is left over, even after the other was stopped
 * @throws {Problem} if the server cannot be used
 */
export async function probe(server: Server, write = false, cleaner = server): Promise<Finding[]> {
	const known = new Known(server);
	const writing = new Writing();
	try {
		const found = await findings(pathChecks, known);
		if (known.lists.size === 0) {
			const seen = found.map((finding) => `  ${finding.seen}`);
			throw new Problem(`No list answers at ${server.baseUrl}. Check VIZDOM_BASE_URL.`, ...seen);
		}
		const checks = [
			...readingChecks,
			...(write ? writing.checks : []),
			...closingChecks,
			...(write ? [writing.deletion] : []),
		];
		return [...found, ...(await findings(checks, known)), untried(server)];
	} finally {
		const left = await writing.cleanUp(known, cleaner);
		if (left) console.error(server.masked(left));
	}
}

async function findings(checks: Check[], known: Known): Promise<Finding[]> {
	const found: Finding[] = [];
	for (const { see, ...check } of checks) {
		const { verdict, seen } = await seenBy(see, known);
		found.push({ ...check, verdict, seen: known.server.masked(seen) });
	}
	return found;
}

async function seenBy(see: Check['see'], known: Known): Promise<Seen> {
	try {
		return await see(known);
	} catch (error) {
		if (error instanceof Unavailable) return { verdict: 'unknown', seen: error.message };
		throw error;
	}
}

function untried({ requests }: Server): Finding {
	return {
		what: 'Other operations',
		source: 'assumed',
		expected: 'as in the contract',
		where: places.contract,
		verdict: 'unknown',
		seen: `not tried: ${untriedOperations(requests).join(', ')}`,
	};
}

const headings = { differs: 'Differs', unknown: 'Could not be found out', agrees: 'Agrees' };

/** What differs first. */
export function report(findings: Finding[]): string {
	return Object.entries(headings)
		.map(([verdict, heading]) => {
			const found = findings.filter((finding) => finding.verdict === verdict);
			return [`${heading}: ${found.length}`, ...found.map(lines)].join('\n');
		})
		.join('\n\n');
}

function lines({ what, source, expected, where, verdict, seen }: Finding): string {
	if (verdict !== 'differs') return `  ${what}: ${seen}`;
	return [
		`  ${what}`,
		`    ${source}: ${expected}`,
		`    seen: ${seen}`,
		`    correct: ${where}`,
	].join('\n');
}
