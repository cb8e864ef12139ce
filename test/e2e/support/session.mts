import axios, { type AxiosInstance } from 'axios';
import { setTimeout as sleep } from 'node:timers/promises';
import type { N8n, Workflow } from '../../n8n/instance.mts';
import { waitFor } from './wait.mts';

interface StoredWorkflow extends Workflow {
	versionId: string;
}

const ASK_EVERY_MS = 100;
const GOING = ['new', 'running', 'waiting'];

/** The editor's actions, by its calls to a running n8n. */
export class Session {
	private constructor(private readonly rest: AxiosInstance) {}

	static async signIn({ origin, owner }: N8n): Promise<Session> {
		const rest = axios.create({ baseURL: `${origin}/rest`, proxy: false });
		const body = { emailOrLdapLoginId: owner.email, password: owner.password };
		const { headers } = await rest.post('/login', body);
		const cookies = headers['set-cookie'] ?? [];
		rest.defaults.headers.common.Cookie = cookies.map((one) => one.split(';')[0]).join('; ');
		return new Session(rest);
	}

	/** Runs a workflow from its trigger, as "Execute workflow" does. Returns how it ended. */
	async run(workflowId: string): Promise<string> {
		return await this.end(await this.begin(workflowId));
	}

	/** Returns the execution's ID. */
	async begin(workflowId: string): Promise<string> {
		const workflowData = await this.workflow(workflowId);
		const trigger = workflowData.nodes.find(({ type }) => type.endsWith('Trigger'));
		const body = { workflowData, triggerToStartFrom: { name: trigger?.name } };
		const { data } = await this.rest.post(`/workflows/${workflowId}/run`, body);
		const { executionId } = data.data as { executionId: string };
		return executionId;
	}

	async publish(workflowId: string): Promise<void> {
		const { versionId } = await this.workflow(workflowId);
		await this.rest.post(`/workflows/${workflowId}/activate`, { versionId });
	}

	async unpublish(workflowId: string): Promise<void> {
		await this.rest.post(`/workflows/${workflowId}/deactivate`, {});
	}

	/** The states of a workflow's executions, latest first. */
	async executions(workflowId: string): Promise<string[]> {
		const filter = JSON.stringify({ workflowId });
		const { data } = await this.rest.get('/executions', { params: { filter, limit: 50 } });
		const { results } = data.data as { results: Array<{ status: string }> };
		return results.map(({ status }) => status);
	}

	/** How a workflow's executions ended, once all have, latest first. */
	async ends(workflowId: string): Promise<string[]> {
		let states: string[] = [];
		const ended = async () => {
			states = await this.executions(workflowId);
			return !states.some((status) => GOING.includes(status));
		};
		await waitFor(`the end of the executions of "${workflowId}"`, ended, 20);
		return states;
	}

	async workflowNames(): Promise<string[]> {
		const { data } = await this.rest.get('/workflows');
		return (data.data as Workflow[]).map(({ name }) => name);
	}

	/** The descriptions of all nodes that n8n has, as text. */
	async nodeTypes(): Promise<string> {
		const { data } = await this.rest.get('../types/nodes.json', { responseType: 'text' });
		return data as string;
	}

	private async workflow(id: string): Promise<StoredWorkflow> {
		const { data } = await this.rest.get(`/workflows/${id}`);
		return data.data as StoredWorkflow;
	}

	/** How an execution ended. */
	async end(executionId: string): Promise<string> {
		for (;;) {
			const { data } = await this.rest.get(`/executions/${executionId}`);
			const { status } = data.data as { status: string };
			if (!GOING.includes(status)) return status;
			await sleep(ASK_EVERY_MS);
		}
	}
}
