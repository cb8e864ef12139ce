import type { INodePropertyOptions, INodeType } from 'n8n-workflow';
import { tours } from '../e2e/support/visits.mts';
import { loader } from '../engine/engine.mts';

/** `vizdomExport download`, `vizdomExportTrigger failed` */
const all = Object.values(loader.nodeTypes)
	.map(({ type }) => (type as INodeType).description)
	.flatMap(({ name, properties }) => {
		const choice = properties.find((property) => /^(operation|event)$/.test(property.name));
		const options = (choice?.options ?? []) as INodePropertyOptions[];
		return options.map(({ value }) => `${name} ${value}`);
	});

/** Deleted records cannot be shown, so their test event is always an error. */
const onlyWrong = /^vizdom\w+Trigger (deleted|removed)$/;

test.each(['right', 'wrong'] as const)(
	'the walk through the editor executes each operation and event %s',
	(outcome) => {
		const visits = Object.values(tours).flatMap((tour) => tour[outcome]);
		const visited = visits.map(
			({ type, parameters: { operation, event } }) => `${type} ${operation ?? event}`,
		);
		const expected = all.filter((one) => outcome === 'wrong' || !onlyWrong.test(one));
		expect([...new Set(visited)].sort()).toEqual(expected.sort());
	},
);
