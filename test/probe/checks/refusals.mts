import { recordPath, paths } from '../../../nodes/shared/vizdom/facts.ts';
import { isRecord } from '../../../nodes/shared/vizdom/envelope.ts';
import { asAssumed, differs, notToBeSeen, type Check } from '../check.mts';
import { idOf, pathOfItem, type Known } from '../known.mts';
import { inCode } from '../places.mts';
import { shapeOf } from '../schema.mts';
import type { Answer } from '../server.mts';

const wrongKey = 'not-a-key';

export const refusedStatuses: Check = {
	what: 'Statuses of refusals',
	assumed: '404 for an unknown ID, 401 for a wrong key',
	where: inCode('nodes/shared/vizdom/errors.ts', 'whatToDo'),
	see: async (known) => {
		const unknown = await known.server.get(unknownPath(known));
		const unauthorized = await known.server.get(paths.dashboards, { key: wrongKey });
		known.refusals.push(unknown, unauthorized);
		const seen = `${unknown.status} and ${unauthorized.status}`;
		const isAssumed = unknown.status === 404 && unauthorized.status === 401;
		return isAssumed ? asAssumed(seen) : differs(seen);
	},
};

/** Of an ID that looks like the others. */
function unknownPath({ lists }: Known): string {
	const [[resource, list] = []] = lists;
	const [item] = list?.items ?? [];
	const id = (item && idOf(item)) ?? '';
	const end = Math.min(6, /[a-z0-9]*$/i.exec(id)?.[0].length ?? 0);
	const other = id.slice(0, id.length - end) + '0'.repeat(Math.max(6, end));
	return recordPath(resource && list ? pathOfItem(resource, list) : paths.dashboard, other);
}

export const errorBodies: Check = {
	what: 'Error bodies',
	assumed: '{"error": {"code": string, "message": string}}',
	where: inCode('nodes/shared/vizdom/serverErrors.ts', 'serverErrorIn'),
	see: ({ refusals }) => {
		const errors = refusals.filter(({ status }) => status >= 400);
		const others = errors.filter((answer) => !isErrorEnvelope(answer));
		if (errors.length === 0) return notToBeSeen('nothing was refused');
		const shapes = [...new Set((others.length > 0 ? others : errors).map(shape))].join('; ');
		return others.length > 0 ? differs(shapes) : asAssumed(shapes);
	},
};

function shape({ body }: Answer): string {
	return shapeOf(body);
}

function isErrorEnvelope({ body }: Answer): boolean {
	const error = isRecord(body) ? body.error : undefined;
	return isRecord(error) && typeof error.code === 'string' && typeof error.message === 'string';
}
