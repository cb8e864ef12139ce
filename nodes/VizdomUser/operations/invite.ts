import { creationOf } from '../../shared/n8n/creation';
import type { Operation } from '../../shared/n8n/operation';
import { paths } from '../../shared/vizdom/facts';
import { comparableAddress } from '../../shared/vizdom/values';
import { email, role } from '../fields';

const { driver, fields } = creationOf({
	list: paths.users,
	identityOf: (user) => [comparableAddress(user.email)],
	isUnique: true,
	resource: 'user',
	nameOf: (user) => comparableAddress(user.email),
	texts: {
		description: 'What to do if the workspace has a user or an invitation with this e-mail address',
		create: 'Invite without looking whether the address is there',
		return: 'Invite nobody, and return the user or the invitation',
		stop: 'Invite nobody, and fail',
	},
});

export const invite: Operation = {
	name: 'Invite',
	value: 'invite',
	action: 'Invite user',
	description: 'Send an invitation by e-mail, which expires after 7 days',
	request: { method: 'POST', url: paths.invitations },
	driver,
	fields: [email, role, ...fields],
};
