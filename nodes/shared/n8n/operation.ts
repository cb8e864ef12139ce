import {
	deepCopy,
	type IDataObject,
	type INodeProperties,
	type INodeTypeDescription,
	NodeConnectionTypes,
	updateDisplayOptions,
} from 'n8n-workflow';
import { isRecord } from '../vizdom/envelope';
import { refuseTooMany } from '../vizdom/list';
import { byCreation } from '../vizdom/order';
import { positiveInteger } from './checks';
import { documentation } from './documentation';
import { type Driver, routingTo } from './driver';
import { collection, limit, newestFirst, returnAll } from './fields';
import { type Filter, filterOf, filtersField } from './filters';

/** The common part of the descriptions of all nodes with operations. */
export const operationNode = {
	group: ['transform'],
	version: 1,
	documentationUrl: documentation('operations'),
	inputs: [NodeConnectionTypes.Main],
	outputs: [NodeConnectionTypes.Main],
	credentials: [{ name: 'vizdomApi', required: true, testedBy: 'vizdomApiTest' }],
	requestDefaults: {},
} satisfies Partial<INodeTypeDescription>;

/** Such as `get many: user`. */
export function operationSubtitle(resource: string): string {
	return `={{ $parameter["operation"] === "getAll" ? "get many" : $parameter["operation"] }}: ${resource}`;
}

/** One operation of a node, complete. */
export interface Operation {
	name: string; // in the Operation list
	value: string;
	action: string; // in the nodes panel
	description: string;
	/** Method and path; `{name}` is the value of the resource locator `name` */
	request: { method: 'GET' | 'POST' | 'PATCH' | 'DELETE'; url: string };
	driver: Driver; // sends the request and returns the result
	fields: INodeProperties[];
}

/**
 * The properties of a node: the Operation list and, below it, the fields of the chosen operation. A
 * field that several operations share is one property: n8n evaluates every property of that name
 * for every item, shown or not (n8n-core 2.40.3, execution-engine/routing-node.ts).
 *
 * The resource is only for AI agents: without one, n8n gives a tool the node's description,
 * whatever the operation (n8n-core 2.40.3, create-node-as-tool.ts).
 * @param resource as n8n's list of actions shows it
 */
export function operationProperties(
	resource: string,
	operations: Operation[],
	defaultOperation: string,
): INodeProperties[] {
	// Such as `dataSource` for 'Data Source'.
	const value = resource.charAt(0).toLowerCase() + resource.slice(1).replace(' ', '');
	const shownFor = new Map<INodeProperties, string[]>();
	for (const { value: operation, fields } of operations) {
		for (const field of fields) shownFor.set(field, [...(shownFor.get(field) ?? []), operation]);
	}
	return [
		{
			displayName: 'Resource',
			name: 'resource',
			type: 'hidden',
			noDataExpression: true,
			options: [{ name: resource, value }],
			default: value,
		},
		{
			displayName: 'Operation',
			name: 'operation',
			type: 'options',
			noDataExpression: true,
			displayOptions: { show: { resource: [value] } },
			options: operations.map(({ request, driver, fields, ...option }) => ({
				...option,
				routing: { request, ...routingTo(driver, fields) },
			})),
			default: defaultOperation,
		},
		...[...shownFor].flatMap(([field, operation]) =>
			updateDisplayOptions({ show: { operation } }, [field]),
		),
	];
}

// n8n fails at about 120,000 from one input item (n8n-core 2.40.3,
// execution-engine/routing-node.ts).
const maxItems = 100_000;

/** One record: the object in `data`. */
export const oneRecord: Driver = async ({ vizdom, request: { method, path, body } }) => {
	const { data } = await vizdom.send<unknown>(method, path, body);
	const isThere = isRecord(data) && Object.keys(data).length > 0;
	if (isThere) return [{ json: data as IDataObject }];
	if (method !== 'GET') return [{ json: {} }];
	throw vizdom.error(
		'The server did not answer with a record',
		'Check the Base URL in the Vizdom credential.',
	);
};

/** A list, one item per record, as many as Return All and Limit say. */
export function manyRecords(filters: Filter[]): Pick<Operation, 'driver' | 'fields'> {
	const driver: Driver = async ({ vizdom, request: { path }, parameters, run }) => {
		const wanted = parameters.isOn(returnAll)
			? Infinity
			: positiveInteger(parameters.value('limit', 50), limit);
		const isWanted = filterOf(parameters, filters);
		const isNewestFirst = parameters.isOn(newestFirst, 'options.newestFirst');
		if (!isWanted && !isNewestFirst) {
			const records = await vizdom.list<IDataObject>(path, wanted, maxItems);
			return records.map((json) => ({ json }));
		}
		const all = await run.list<IDataObject>(vizdom, path);
		const left = isWanted ? all.filter(isWanted) : all;
		refuseTooMany({ offset: 0, limit: Infinity, records: left }, wanted, maxItems);
		const ordered = isNewestFirst ? byCreation(left) : left;
		// The items of a run share the list, but no records.
		return ordered.slice(0, wanted).map((record) => ({ json: deepCopy(record) }));
	};
	const options = collection('Options', 'options', 'Add Option', [newestFirst]);
	return { driver, fields: [returnAll, limit, filtersField(ofGetMany(filters)), options] };
}

/**
 * In another operation, n8n's editor would check such a parameter against the value of one with the
 * same name outside the collection (n8n-workflow 2.40.1, node-helpers.ts, getNodeParametersIssues).
 */
function ofGetMany(filters: Filter[]): Filter[] {
	const displayOptions = { show: { '/operation': ['getAll'] } };
	return filters.map((filter) => ({
		...filter,
		parameter: { ...filter.parameter, displayOptions },
	}));
}

export const deletion: Driver = async ({ vizdom, request: { method, path } }) => {
	await vizdom.send(method, path);
	return [{ json: { deleted: true } }];
};
