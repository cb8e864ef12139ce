import { randomUUID } from 'crypto';
import type { IDataObject, IPollFunctions } from 'n8n-workflow';
import type { PagesRead } from '../vizdom/pagesRead';

/** The node's static data, which n8n keeps between polls and across restarts. */
export interface Kept extends IDataObject {
	source?: string; // the list that the notes are about; other notes are dropped
	progress?: string; // the notes
	revision?: string; // changes whenever n8n is sure to save
}

/** What this process knows beyond what n8n has saved. */
interface Unsaved {
	revision?: string; // n8n's revision that this follows
	notes?: string;
	pages?: { read: PagesRead; at: number };
}

const maxNodes = 500;
const maxAge = 10 * 60_000; // of pages, in ms

const unsaved = new Map<string, Unsaved>();

const defaultBudget = 5 * 60_000; // of a poll without the scheduler, in ms

/** How long a poll may take, in ms. Before 2.40, n8n does not say. */
export function budgetOf(context: Partial<IPollFunctions>): number {
	return context.getPollBudgetMs?.() ?? defaultBudget;
}

/**
 * A trigger's notes. n8n's durable scheduler loads the static data for every poll, and saves it
 * only if a poll brings items (n8n 2.40.7,
 * scheduling/poll-trigger-node/poll-trigger-task-handler.ts); with durable cursors, it does not
 * save the activation's notes (n8n-core 2.40.3, execution-engine/poll-trigger-executor.ts). Unsaved
 * notes are remembered here until n8n has saved newer ones.
 */
export class PollMemory {
	private readonly place: string; // of the trigger
	private readonly isScheduled: boolean;

	constructor(
		context: IPollFunctions,
		private readonly kept: Kept,
		private readonly source: string,
	) {
		this.place = [context.getWorkflow().id, context.getNode().id, source].join(' ');
		this.isScheduled = budgetOf(context) < defaultBudget;
	}

	/** Those of the last poll; undefined if this is the first */
	get notes(): string | undefined {
		const { source, progress } = this.kept;
		// A renamed trigger starts over with its activation.
		const isFirst = progress === undefined && !this.isScheduled;
		const { notes } = isFirst ? {} : this.unsaved;
		return notes ?? (source === this.source ? progress : undefined);
	}

	/** The rest of a list that the last poll did not finish */
	get pages(): PagesRead | undefined {
		const { read, at = 0 } = this.unsaved.pages ?? {};
		return Math.abs(Date.now() - at) < maxAge ? read : undefined;
	}

	set pages(read: PagesRead) {
		this.remember({ ...this.unsaved, pages: { read, at: Date.now() } });
	}

	/** @param isSaved whether n8n saves them: the poll brings items */
	note(notes: string, isSaved: boolean): void {
		unsaved.delete(this.place);
		if (!isSaved) this.remember({ notes });
		Object.assign(this.kept, { source: this.source, progress: notes });
		if (isSaved) this.kept.revision = randomUUID();
	}

	private get unsaved(): Unsaved {
		const known = unsaved.get(this.place);
		return known?.revision === this.kept.revision ? (known ?? {}) : {};
	}

	private remember(known: Unsaved): void {
		unsaved.delete(this.place);
		unsaved.set(this.place, { ...known, revision: this.kept.revision });
		const [oldest] = unsaved.size > maxNodes ? unsaved.keys() : [];
		if (oldest !== undefined) unsaved.delete(oldest);
	}
}
