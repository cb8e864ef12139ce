import 'reflect-metadata';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import {
	BinaryDataService,
	ExecutionLifecycleHooks,
	LoadOptionsContext,
	PackageDirectoryLoader,
	RoutingNode,
	WorkflowExecute,
} from 'n8n-core';
import {
	createRunExecutionData,
	ICredentialsHelper,
	NodeConnectionTypes,
	Workflow,
} from 'n8n-workflow';
import type {
	IAuthenticateGeneric,
	ICredentialDataDecryptedObject,
	ICredentialType,
	IDataObject,
	IExecuteFunctions,
	IHttpRequestOptions,
	INode,
	INodeExecutionData,
	INodeListSearchResult,
	INodeParameters,
	INodeType,
	INodeTypes,
	IRun,
	IRunExecutionData,
	IWorkflowExecuteAdditionalData,
	OnError,
} from 'n8n-workflow';

export const packageName = 'n8n-nodes-vizdom';

/** The tests' values for the credential `vizdomApi`; the rest are its defaults. */
export interface Credential {
	apiKey: string;
	baseUrl: string;
	requestsPerMinute?: number;
}

export interface NodeRun {
	/** Name of the node, such as `vizdomDashboard` */
	node: string;
	parameters: IDataObject;
	credential: Credential;
	/** The input items; by default one empty item */
	input?: Array<INodeExecutionData | { json: IDataObject }>;
	onError?: OnError;
	/** Other settings of the node, such as `retryOnFail` */
	settings?: Partial<INode>;
}

export interface Outcome {
	/** Items of the regular output */
	items: INodeExecutionData[];
	/** Items of the error output */
	errorItems: INodeExecutionData[];
	/** Why the node failed, if it did */
	error?: Error & { description?: string; httpCode?: string; context?: IDataObject };
	run: IRun;
}

const inputNode: INodeType = {
	description: {
		displayName: 'Input',
		name: 'input',
		group: ['transform'],
		version: 1,
		description: 'The items that a test starts with',
		defaults: { name: 'Input' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		properties: [{ displayName: 'Items', name: 'items', type: 'json', default: '[]' }],
	},
	async execute(this: IExecuteFunctions) {
		const items = this.getNodeParameter('items', 0) as unknown as INodeExecutionData[];
		return [items.map((item) => ({ ...item }))];
	},
};

/** n8n's user folder, which has the files: n8n 3 keeps none in memory. */
const folder = mkdtempSync(join(tmpdir(), 'n8n-nodes-vizdom-engine-'));
Object.assign(process.env, {
	N8N_USER_FOLDER: folder,
	N8N_DEFAULT_BINARY_DATA_MODE: 'filesystem',
});
// Another copy of this package would have other services than n8n-core's.
const requireInCore = createRequire(createRequire(import.meta.url).resolve('n8n-core'));
const { Container } = requireInCore('@n8n/di') as {
	Container: { get<T>(type: new (...args: never[]) => T): T };
};
const files = Container.get(BinaryDataService);
await files.init();
const removeFolder = () => rmSync(folder, { recursive: true, force: true });
// The benchmark runs the engine without Jest.
if ('afterAll' in globalThis) afterAll(removeFolder);
else process.once('exit', removeFolder);

/** The built package, loaded by n8n's own loader, as at n8n's start. */
async function loadPackage(): Promise<PackageDirectoryLoader> {
	const loader = new PackageDirectoryLoader(resolve(import.meta.dirname, '../..'));
	await loader.loadAll();
	return loader;
}

const loader = await loadPackage();

const nodeTypes: INodeTypes = {
	getByName: (type) => nodeType(type),
	getByNameAndVersion: (type) => nodeType(type),
	getKnownTypes: () => ({}),
};

/** n8n gives a declarative node its `execute` in the same way (`NodeTypes` of the package n8n). */
function nodeType(type: string): INodeType {
	if (type === 'test.input') return inputNode;
	const loaded = loader.getNode(type.replace(`${packageName}.`, '')).type as INodeType;
	if (loaded.execute || loaded.poll) return loaded;
	return Object.assign(Object.create(loaded) as INodeType, {
		description: loaded.description,
		async execute(this: IExecuteFunctions) {
			return await new RoutingNode(this as never, loaded).runNode();
		},
	});
}

class CredentialsHelper extends ICredentialsHelper {
	constructor(private readonly credential: Credential) {
		super();
	}

	private get type(): ICredentialType {
		return loader.getCredential('vizdomApi').type;
	}

	getParentTypes() {
		return [];
	}

	isCredentialUsableByNode() {
		return true;
	}

	async authenticate(
		credentials: ICredentialDataDecryptedObject,
		_typeName: string,
		requestOptions: IHttpRequestOptions,
		workflow: Workflow,
		node: INode,
	) {
		const { properties } = this.type.authenticate as IAuthenticateGeneric;
		for (const [name, value] of Object.entries(properties.headers ?? {})) {
			const resolved = workflow.expression.getSimpleParameterValue(
				node,
				value as string,
				'internal',
				{
					$credentials: credentials,
				},
			);
			requestOptions.headers = { ...requestOptions.headers, [name]: String(resolved) };
		}
		return requestOptions;
	}

	async preAuthentication() {
		return undefined;
	}

	async runPreAuthentication() {
		return undefined;
	}

	async getCredentials(): Promise<never> {
		throw new Error('The tests have decrypted credentials only');
	}

	async getDecrypted() {
		const defaults = this.type.properties.map((property) => [property.name, property.default]);
		return { ...Object.fromEntries(defaults), ...this.credential };
	}

	async updateCredentials() {}

	async updateCredentialsOauthTokenData() {}

	getCredentialsProperties() {
		return this.type.properties;
	}
}

export function additionalData(credential: Credential): IWorkflowExecuteAdditionalData {
	const url = 'http://127.0.0.1:5678/';
	return {
		credentialsHelper: new CredentialsHelper(credential),
		executionId: 'execution',
		currentNodeExecutionIndex: 0,
		restApiUrl: `${url}rest`,
		instanceBaseUrl: url,
		formBaseUrl: url,
		formWaitingBaseUrl: url,
		formTestBaseUrl: url,
		webhookBaseUrl: url,
		webhookWaitingBaseUrl: url,
		webhookTestBaseUrl: url,
		mcpBaseUrl: url,
		mcpTestBaseUrl: url,
		variables: {},
		logAiEvent: () => {},
	} as unknown as IWorkflowExecuteAdditionalData;
}

function workflowOf({
	node,
	parameters,
	input = [{ json: {} }],
	onError,
	settings,
}: NodeRun): Workflow {
	const start: INode = {
		id: 'input',
		name: 'Input',
		type: 'test.input',
		typeVersion: 1,
		position: [0, 0],
		parameters: { items: input as unknown as INodeParameters[] },
	};
	const subject: INode = {
		id: 'subject',
		name: 'Vizdom',
		type: `${packageName}.${node}`,
		typeVersion: 1,
		position: [200, 0],
		parameters: parameters as INodeParameters,
		credentials: { vizdomApi: { id: '1', name: 'Vizdom' } },
		...(onError && { onError }),
		...settings,
	};
	return new Workflow({
		id: 'workflow',
		nodes: [start, subject],
		connections: {
			Input: { main: [[{ node: 'Vizdom', type: NodeConnectionTypes.Main, index: 0 }]] },
		},
		active: false,
		nodeTypes,
		settings: { timezone: 'America/New_York' },
	});
}

export type TriggerName = 'Dashboard' | 'DataSource' | 'Export' | 'User';

/** A workflow with only a trigger. */
export function triggerWorkflow(
	{
		of,
		parameters,
		credentialId = '1',
	}: { of: TriggerName; parameters: IDataObject; credentialId?: string },
	staticData: IDataObject = {},
): Workflow {
	const trigger: INode = {
		id: 'subject',
		name: 'Vizdom',
		type: `${packageName}.vizdom${of}Trigger`,
		typeVersion: 1,
		position: [0, 0],
		parameters: {
			pollTimes: { item: [{ mode: 'everyMinute' }] },
			...parameters,
		} as INodeParameters,
		credentials: { vizdomApi: { id: credentialId, name: 'Vizdom' } },
	};
	return new Workflow({
		id: 'workflow',
		nodes: [trigger],
		connections: {},
		active: true,
		nodeTypes,
		staticData,
	});
}

/** Starts a workflow of two nodes in n8n's engine: the input items and the node to test. */
export function startNode(nodeRun: NodeRun): { outcome: Promise<Outcome>; stop: () => void } {
	return startWorkflow(workflowOf(nodeRun), nodeRun.credential, 'Input');
}

/** Runs the trigger as the editor does for a test. */
export async function testTrigger(
	of: TriggerName,
	parameters: IDataObject,
	credential: Credential,
	staticData: IDataObject = {},
): Promise<Outcome & { staticData: IDataObject }> {
	const workflow = triggerWorkflow({ of, parameters }, staticData);
	const outcome = await startWorkflow(workflow, credential, 'Vizdom').outcome;
	return { ...outcome, staticData: workflow.staticData };
}

function startWorkflow(
	workflow: Workflow,
	credential: Credential,
	startNode: string,
): { outcome: Promise<Outcome>; stop: () => void } {
	const data = additionalData(credential);
	data.hooks = new ExecutionLifecycleHooks('manual', 'execution', {
		id: 'workflow',
		name: 'Test',
		active: false,
		nodes: Object.values(workflow.nodes),
		connections: workflow.connectionsBySourceNode,
		createdAt: new Date(),
		updatedAt: new Date(),
		isArchived: false,
		activeVersionId: null,
	} as never);
	const start = startAt(workflow.getNode(startNode) as INode);
	const execution = new WorkflowExecute(data, 'manual', start).processRunExecutionData(workflow);
	return { outcome: execution.then(outcomeOf), stop: () => execution.cancel() };
}

/** As made by `WorkflowExecute.run`, whose arguments differ between versions of n8n. */
function startAt(node: INode): IRunExecutionData {
	const nodeExecutionStack = [{ node, data: { main: [[{ json: {} }]] }, source: null }];
	return createRunExecutionData({ executionData: { nodeExecutionStack } });
}

/** Runs a node to its end. */
export async function runNode(nodeRun: NodeRun): Promise<Outcome> {
	return await startNode(nodeRun).outcome;
}

function outcomeOf(run: IRun): Outcome {
	const task = run.data.resultData.runData.Vizdom?.[0];
	const [items, errorItems] = task?.data?.main ?? [];
	return {
		items: items ?? [],
		errorItems: errorItems ?? [],
		error: (task?.error ?? run.data.resultData.error) as Outcome['error'],
		run,
	};
}

/** n8n's stored file of an item; empty if there is none. */
export async function fileOf(
	item: INodeExecutionData | undefined,
	property = 'data',
): Promise<Buffer> {
	const binary = item?.binary?.[property];
	return binary ? await files.getAsBuffer(binary) : Buffer.alloc(0);
}

/** One call of a locator's searchable list, as the editor makes it with these parameters. */
export async function searchList(
	node: string,
	method: string,
	credential: Credential,
	filter?: string,
	paginationToken?: string,
	currentNodeParameters: INodeParameters = {},
): Promise<INodeListSearchResult> {
	const workflow = workflowOf({ node, parameters: {}, credential });
	const subject = workflow.getNode('Vizdom') as INode;
	const data = { ...additionalData(credential), currentNodeParameters };
	const context = new LoadOptionsContext(workflow, subject, data, '');
	const search = nodeType(subject.type).methods?.listSearch?.[method];
	if (!search) throw new Error(`${node} has no list search ${method}`);
	return await search.call(context, filter, paginationToken);
}

export { loader };
