import { withRole } from '../shared/n8n/filters';
import type { TriggerEvents } from '../shared/n8n/trigger';
import { paths } from '../shared/vizdom/facts';
import { changedField, once } from '../shared/vizdom/observation';
import { isActive, isSuspended } from '../shared/vizdom/values';

const common = { path: paths.users, record: paths.user, filters: [withRole] };

export const events: TriggerEvents = {
	invited: {
		...common,
		name: 'User Invited',
		action: 'On user invited',
		description: 'A user was invited to the workspace',
		observe: (user) => once(user, 'happened'),
	},
	joined: {
		...common,
		name: 'User Joined',
		action: 'On user joined',
		description: 'A user accepted the invitation',
		observe: (user) => {
			// A suspended user returns, but does not join; an invitation can be suspended too.
			if (isSuspended(user)) return once(user, 'paused');
			return once(user, isActive(user) ? 'happened' : 'pending');
		},
	},
	removed: {
		...common,
		name: 'User Removed',
		action: 'On user removed',
		description: 'A user was removed, or an invitation was withdrawn',
	},
	roleChanged: {
		...common,
		name: 'User Role Changed',
		action: 'On user role changed',
		description: 'The role of a user was changed',
		observe: (user) => changedField(user, String(user.role ?? '').toLowerCase()),
	},
};
