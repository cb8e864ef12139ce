import { creationOf } from '../../shared/n8n/ifExists';
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
		description: 'What to do if a user or invitation with this e-mail address exists',
		anyway: 'Invite Anyway',
		create: 'Send the invitation without checking',
		return: 'Return the existing user or invitation, whose role stays the same',
		stop: 'Fail without sending an invitation',
	},
});

export const invite: Operation = {
	name: 'Invite',
	value: 'invite',
	action: 'Invite user',
	description: 'Send an e-mail invitation that expires after 7 days',
	request: { method: 'POST', url: paths.invitations },
	driver,
	fields: [email, role, ...fields],
};
