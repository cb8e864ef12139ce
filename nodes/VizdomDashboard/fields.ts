import { bodyField, filledText, text } from '../shared/n8n/checks';

export const name = bodyField({
	displayName: 'Name',
	name: 'name',
	type: 'string',
	default: '',
	placeholder: 'e.g. Q4 Revenue Overview',
	check: filledText,
});

export const description = bodyField({
	displayName: 'Description',
	name: 'description',
	type: 'string',
	typeOptions: { rows: 2 },
	default: '',
	placeholder: 'e.g. Executive summary of Q4 revenue metrics',
	check: text,
});
