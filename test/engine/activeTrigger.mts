import { createRequire } from 'node:module';
import * as core from 'n8n-core';
import type { IDataObject, INode, INodeExecutionData, Workflow } from 'n8n-workflow';
import { additionalData, triggerWorkflow } from './engine.mts';
import type { Credential, TriggerName } from './engine.mts';

/** n8n-core's own container, whatever version the tests would resolve. */
const { Container } = createRequire(createRequire(import.meta.url).resolve('n8n-core'))(
	'@n8n/di',
) as { Container: { get<T>(type: new (...services: never[]) => T): T } };

type Poll = (testingTrigger?: boolean) => Promise<void>;

/** Polls in n8n 1: at the activation, then by the cron that it registers. */
interface ActiveWorkflows {
	scheduledTaskManager: { registerCron: (when: unknown, poll: Poll) => void };
	activatePolling: (
		node: INode,
		workflow: Workflow,
		additionalData: unknown,
		getPollFunctions: () => core.PollContext,
	) => Promise<void>;
}

/** The exports of n8n-core; each version has one or the other. */
const { PollTriggerExecutor, ActiveWorkflows } = core as {
	PollTriggerExecutor?: typeof core.PollTriggerExecutor;
	ActiveWorkflows?: new () => ActiveWorkflows;
};

export interface PollError extends Error {
	description?: string;
	httpCode?: string;
	failure?: Failure;
}

interface Failure {
	cause: string;
	retryAfterMs?: number;
}

/** The `failure` of a `NodeApiError`; that of n8n 1 drops it. */
export function declared(failure: Failure): Failure | undefined {
	return PollTriggerExecutor && failure;
}

interface TriggerSettings {
	of: TriggerName;
	parameters: IDataObject;
	credential: Credential;
	/** The credential that the node names */
	credentialId?: string;
	/** Polled by n8n's durable scheduler, which gives a poll this much time, in ms */
	scheduledWithin?: number;
}

/** An active workflow with the trigger in it, polled by n8n's own executor. */
export class ActiveTrigger {
	/** What n8n has saved in its database, with each activation and each execution. */
	private saved = '{}';

	private workflow: Workflow;

	private executePoll: Poll = async () => {};

	private emitted: INodeExecutionData[] = [];

	private failed: PollError | undefined;

	private constructor(private settings: TriggerSettings) {
		this.workflow = this.load();
	}

	/** The first poll comes with the activation; if it fails, so does the activation. */
	static async activate(settings: TriggerSettings): Promise<ActiveTrigger> {
		const trigger = new ActiveTrigger(settings);
		await trigger.executePoll(true);
		trigger.save();
		return trigger;
	}

	/**
	 * One poll.
	 *
	 * @returns the items of the execution that it starts, or of several polls at the same time
	 * @throws if it fails
	 */
	async poll(times = 1): Promise<INodeExecutionData[]> {
		this.emitted = [];
		this.failed = undefined;
		// The scheduler forgets what was not saved.
		if (this.settings.scheduledWithin !== undefined) this.workflow = this.load();
		await Promise.all(Array.from({ length: times }, async () => await this.executePoll()));
		if (this.failed) throw this.failed as Error;
		return this.emitted;
	}

	/**
	 * As after the n8n process has ended in any way. The first poll comes with the start.
	 *
	 * @param saved what n8n has in its database
	 */
	async restart(
		changes: Partial<TriggerSettings> = {},
		saved = this.saved,
	): Promise<INodeExecutionData[]> {
		this.settings = { ...this.settings, ...changes };
		this.saved = saved;
		this.workflow = this.load();
		this.emitted = [];
		await this.executePoll(true);
		this.save();
		return this.emitted;
	}

	/** From the next poll on, if the scheduler polls. */
	use(changes: Partial<TriggerSettings>): void {
		this.settings = { ...this.settings, ...changes };
	}

	/** As if n8n had saved nothing. */
	forget(): void {
		this.saved = '{}';
	}

	/** The state between polls. */
	get kept(): string {
		return JSON.stringify(this.workflow.staticData);
	}

	private load(): Workflow {
		const workflow = triggerWorkflow(this.settings, JSON.parse(this.saved) as IDataObject);
		const node = Object.values(workflow.nodes)[0];
		if (!node) throw new Error('The workflow has no node');
		const context = new core.PollContext(
			workflow,
			node,
			additionalData(this.settings.credential),
			'trigger',
			'init',
			([items = []]) => this.emit(items),
			(error) => {
				this.failed = error;
			},
		);
		const { scheduledWithin } = this.settings;
		if (scheduledWithin !== undefined) {
			Object.assign(context, { getPollBudgetMs: () => scheduledWithin });
		}
		this.executePoll = PollTriggerExecutor
			? Container.get(PollTriggerExecutor).create(workflow, node, context, () => true)
			: this.polledByN8n1(workflow, node, context);
		return workflow;
	}

	private polledByN8n1(workflow: Workflow, node: INode, context: core.PollContext): Poll {
		if (!ActiveWorkflows) throw new Error('Nothing in this n8n-core polls');
		const registerCron = (_: unknown, poll: Poll) => {
			this.executePoll = poll;
		};
		// Not on the object that all triggers share: several are activated at the same time.
		const active = Object.create(Container.get(ActiveWorkflows), {
			scheduledTaskManager: { value: { registerCron } },
		}) as ActiveWorkflows;
		return async () => await active.activatePolling(node, workflow, {}, () => context);
	}

	private emit(items: INodeExecutionData[]): void {
		this.emitted.push(...items);
		this.save();
	}

	private save(): void {
		this.saved = this.kept;
	}
}
