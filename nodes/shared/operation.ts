import { updateDisplayOptions } from 'n8n-workflow';
import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

/** One operation of a node, whole: its entry in the Operation list, with its routing, and its fields. */
export interface Operation {
	option: INodePropertyOptions & { action: string };
	fields: INodeProperties[];
}

/**
 * The properties of a node: the Operation list and, below it, the fields of the chosen operation.
 *
 * @param operations in the order in which the editor lists them
 * @param defaultOperation value of the operation that a new node starts with
 */
export function operationProperties(
	operations: Operation[],
	defaultOperation: string,
): INodeProperties[] {
	return [
		{
			displayName: 'Operation',
			name: 'operation',
			type: 'options',
			noDataExpression: true,
			options: operations.map(({ option }) => option),
			default: defaultOperation,
		},
		...operations.flatMap(({ option, fields }) =>
			updateDisplayOptions({ show: { operation: [option.value as string] } }, fields),
		),
	];
}
