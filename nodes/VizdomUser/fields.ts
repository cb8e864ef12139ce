import { bodyField, emailAddress, oneOfItsOptions } from '../shared/n8n/checks';

export const email = bodyField({
	displayName: 'Email',
	name: 'email',
	type: 'string',
	required: true,
	default: '',
	placeholder: 'e.g. nathan@example.com',
	check: emailAddress,
});

export const role = bodyField({
	displayName: 'Role',
	name: 'role',
	type: 'options',
	required: true,
	options: [
		{
			name: 'Admin',
			value: 'admin',
			description: 'Has all permissions of an Editor, invites and removes users, and changes roles',
		},
		{
			name: 'Editor',
			value: 'editor',
			description: 'Creates, edits and shares dashboards, and connects data sources',
		},
		{ name: 'Viewer', value: 'viewer', description: 'Views and exports dashboards' },
	],
	default: 'viewer',
	description: 'What the user may do in the workspace',
	check: oneOfItsOptions,
});
