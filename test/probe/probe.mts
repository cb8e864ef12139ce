import { Problem } from '../n8n/problem.mts';
import type { Api } from './api.mts';
import { type Check, Known, type Seen } from './check.mts';
import { closingChecks, listChecks, readingChecks } from './checks.mts';
import { Writing } from './writing.mts';

export type Finding = Omit<Check, 'see'> & Seen;

/**
 * Compares a server with the package's assumptions.
 *
 * @throws {Problem} if the server cannot be used
 */
export async function probe(api: Api, write = false): Promise<Finding[]> {
	const known = new Known(api);
	const writing = new Writing(known);
	try {
		const found = await findings(listChecks, known);
		if (known.records.size === 0) {
			const seen = found.map((finding) => `  ${finding.seen}`);
			throw new Problem(`No list answers at ${api.baseUrl}. Check VIZDOM_BASE_URL.`, ...seen);
		}
		const checks = [
			...readingChecks,
			...(write ? writing.checks : []),
			...closingChecks,
			...(write ? [writing.deletion] : []),
		];
		return [...found, ...(await findings(checks, known))];
	} finally {
		// Even after the user has stopped the probe.
		const left = await writing.cleanUp(api.client());
		if (left) console.error(api.masked(left));
	}
}

const mostShown = 1_000; // characters of a server's response

async function findings(checks: Check[], known: Known): Promise<Finding[]> {
	const found: Finding[] = [];
	for (const check of checks) {
		const { verdict, seen } = await known.see(check);
		const shown = known.api.masked(seen).slice(0, mostShown);
		found.push({ ...check, verdict, seen: shown });
	}
	return found;
}

const headings = {
	differs: 'Differs',
	other: 'Differs, but the nodes know it too',
	unknown: 'Could not be found out',
	agrees: 'Agrees',
};

const untried = 'Never tried: changes of data sources and users, and invitations.';

/** Differences first. */
export function report(findings: Finding[]): string {
	const parts = Object.entries(headings)
		.map(([verdict, heading]) => {
			const found = findings.filter((finding) => finding.verdict === verdict);
			return [`${heading}: ${found.length}`, ...found.map(lines)].join('\n');
		})
		.join('\n\n');
	return `${parts}\n\n${untried}`;
}

function lines({ what, source, expected, where, others, verdict, seen }: Finding): string {
	if (verdict === 'unknown' || verdict === 'agrees') return `  ${what}: ${seen}`;
	const advice = {
		other: `to make it the first: ${where}`,
		differs: others ? `add a line: ${others}` : `correct: ${where}`,
	};
	return [
		`  ${what}`,
		`    ${source}: ${expected}`,
		`    seen: ${seen}`,
		`    ${advice[verdict]}`,
	].join('\n');
}
