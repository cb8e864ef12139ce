import { withRole } from '../shared/n8n/filters';
import type { TriggerEvents } from '../shared/n8n/trigger';
import { paths } from '../shared/vizdom/facts';
import { changedField, done, once } from '../shared/vizdom/sighting';
import { isActive, isSuspended } from '../shared/vizdom/values';

const common = { path: paths.users, record: paths.user, filters: [withRole] };

export const events: TriggerEvents = {
	invited: {
		...common,
		name: 'User Invited',
		action: 'On user invited',
		description: 'Someone was invited to the workspace, and may have joined it since',
		see: (user) => once(user, true),
	},
	joined: {
		...common,
		name: 'User Joined',
		action: 'On user joined',
		description: 'Someone has accepted an invitation',
		see: (user) => {
			// Who was suspended comes back, but does not join; an invitation can be suspended too.
			if (isSuspended(user)) return { ...once(user, false), version: done, isPause: true };
			return once(user, isActive(user), !isActive(user));
		},
	},
	removed: {
		...common,
		name: 'User Removed',
		action: 'On user removed',
		description: 'Someone was removed from the workspace, or an invitation was withdrawn',
	},
	roleChanged: {
		...common,
		name: 'User Role Changed',
		action: 'On user role changed',
		description: 'Someone was given another role',
		see: (user) => changedField(user, String(user.role ?? '').toLowerCase()),
	},
};
