import type { INodeProperties } from 'n8n-workflow';

export const role: INodeProperties = {
	displayName: 'Role',
	name: 'role',
	type: 'options',
	required: true,
	options: [
		{ name: 'Admin', value: 'admin', description: 'Also invites and removes users' },
		{ name: 'Editor', value: 'editor', description: 'Also changes dashboards and data sources' },
		{ name: 'Viewer', value: 'viewer', description: 'Looks at dashboards' },
	],
	default: 'viewer',
	description: 'What the user may do in the workspace',
	routing: { send: { type: 'body', property: 'role' } },
};
