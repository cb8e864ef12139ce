import { inspect } from 'node:util';
import { lastLines, Problem } from './problem.mts';

/** The parts of n8n's run data that are used here. */
export interface BinaryFile {
	/** Of the file in n8n's store. */
	id?: string;
	mimeType: string;
	fileName?: string;
	fileSize?: string;
}

export interface OutputItem {
	json: Record<string, unknown>;
	binary?: Record<string, BinaryFile>;
}

export interface NodeRun {
	executionIndex?: number;
	data?: { main?: Array<OutputItem[] | null> };
}

export interface Execution {
	status: string;
	data: {
		resultData: {
			runData: Record<string, NodeRun[]>;
			error?: { message?: string; description?: string | null; node?: { name?: string } };
		};
	};
}

/** `n8n execute` writes log lines around the result, but only the result's braces start a line. */
export function parseExecution(stdout: string): Execution {
	const from = stdout.search(/^\{$/m);
	const to = stdout.indexOf('\n}', from);
	if (from >= 0 && to >= 0) return JSON.parse(stdout.slice(from, to + 2)) as Execution;
	throw new Problem('n8n did not run the workflow:', '', lastLines(stdout));
}

/** All output items of a node, over all runs and outputs. */
export function itemsOf(execution: Execution, node: string): OutputItem[] {
	const runs = execution.data.resultData.runData[node] ?? [];
	return runs.flatMap((run) => (run.data?.main ?? []).flatMap((output) => output ?? []));
}

/** The nodes that ran, in order. */
export function nodesOf(execution: Execution): string[] {
	const runs = Object.entries(execution.data.resultData.runData);
	const order = ([, [first]]: [string, NodeRun[]]) => first?.executionIndex ?? 0;
	return runs.sort((a, b) => order(a) - order(b)).map(([name]) => name);
}

/** The error, or undefined after a success. */
export function errorOf(execution: Execution): string | undefined {
	const { error } = execution.data.resultData;
	if (!error && execution.status === 'success') return undefined;
	const where = error?.node?.name ? `${error.node.name}: ` : '';
	return `${where}${[error?.message, error?.description].filter(Boolean).join('\n') || execution.status}`;
}

/** A node's output, for people: how many items, and the first ones with their files. */
export function describeNode(name: string, items: OutputItem[]): string {
	const shown = items.slice(0, 3).flatMap(({ json, binary = {} }) => {
		const fields = Object.fromEntries(Object.entries(json).slice(0, 4));
		const files = Object.values(binary).map(
			({ fileName, mimeType, fileSize }) => `file ${fileName}, ${mimeType}, ${fileSize}`,
		);
		return [inspect(fields, { breakLength: Infinity, depth: 0, maxStringLength: 48 }), ...files];
	});
	const hidden = items.length > 3 ? [`... and ${items.length - 3} more`] : [];
	const count = `${items.length} item${items.length === 1 ? '' : 's'}`;
	return [`${name}: ${count}`, ...shown, ...hidden].join('\n  ');
}
