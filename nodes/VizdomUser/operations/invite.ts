import { paths } from '../../shared/api';
import type { Operation } from '../../shared/operation';
import { oneRecord } from '../../shared/request/drivers';
import { role } from '../fields';

export const invite: Operation = {
	option: {
		name: 'Invite',
		value: 'invite',
		action: 'Invite user',
		description: 'Send an invitation by e-mail, which expires after 7 days',
		routing: { request: { method: 'POST', url: paths.invitations }, ...oneRecord },
	},
	fields: [
		{
			displayName: 'Email',
			name: 'email',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. nathan@example.com',
			routing: { send: { type: 'body', property: 'email' } },
		},
		role,
	],
};
