import { updateDisplayOptions } from 'n8n-workflow';
import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

/** One operation of a node, whole: its entry in the Operation list, with its routing, and its fields. */
export interface Operation {
	option: INodePropertyOptions & { action: string };
	fields: INodeProperties[];
}

/**
 * The properties of a node: the Operation list and, below it, the fields of the chosen operation.
 * A field that several operations have is one property: n8n evaluates every property of a name for
 * every item, shown or not.
 *
 * The resource is there for AI agents only: without one, n8n describes a tool by the node's
 * description, whichever its operation is.
 *
 * @param name of the resource that the operations are about, as n8n's list of actions shows it
 * @param value as n8n's descriptions of tools use it
 * @param operations in the order in which the editor lists them
 * @param defaultOperation value of the operation that a new node starts with
 */
export function operationProperties(
	{ name, value }: { name: string; value: string },
	operations: Operation[],
	defaultOperation: string,
): INodeProperties[] {
	const shownFor = new Map<INodeProperties, string[]>();
	for (const { option, fields } of operations) {
		for (const field of fields) {
			shownFor.set(field, [...(shownFor.get(field) ?? []), option.value as string]);
		}
	}
	return [
		{
			displayName: 'Resource',
			name: 'resource',
			type: 'hidden',
			noDataExpression: true,
			options: [{ name, value }],
			default: value,
		},
		{
			displayName: 'Operation',
			name: 'operation',
			type: 'options',
			noDataExpression: true,
			displayOptions: { show: { resource: [value] } },
			options: operations.map(({ option }) => option),
			default: defaultOperation,
		},
		...[...shownFor].flatMap(([field, operation]) =>
			updateDisplayOptions({ show: { operation } }, [field]),
		),
	];
}
