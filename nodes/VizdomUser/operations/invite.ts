import { oneRecord, type Operation } from '../../shared/n8n/operation';
import { paths } from '../../shared/vizdom/facts';
import { email, role } from '../fields';

export const invite: Operation = {
	name: 'Invite',
	value: 'invite',
	action: 'Invite user',
	description: 'Send an invitation by e-mail, which expires after 7 days',
	request: { method: 'POST', url: paths.invitations },
	driver: oneRecord,
	fields: [email, role],
};
