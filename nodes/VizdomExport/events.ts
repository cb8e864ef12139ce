import type { IDataObject } from 'n8n-workflow';
import { inFormat, ofDashboard } from '../shared/n8n/filters';
import type { TriggerEvents } from '../shared/n8n/trigger';
import { type Export, paths } from '../shared/vizdom/facts';
import { once, type Observation } from '../shared/vizdom/observation';
import { hasFailed, stateOf } from '../shared/vizdom/values';

const common = {
	path: paths.exports,
	record: paths.export,
	filters: [ofDashboard('dashboard_id'), inFormat],
};

export const events: TriggerEvents = {
	completed: {
		...common,
		name: 'Export Completed',
		action: 'On export completed',
		description: 'The file of an export is ready to download',
		notice:
			'If this workflow creates exports, each one starts it again. Add a filter that excludes them.',
		observe: (record) => ended(record, 'completed'),
	},
	failed: {
		...common,
		name: 'Export Failed',
		action: 'On export failed',
		description: 'An export failed, so there is no file',
		observe: (record) => ended(record, 'failed'),
	},
};

function ended(record: IDataObject & Partial<Export>, end: 'completed' | 'failed'): Observation {
	const isCompleted = stateOf(record) === 'completed';
	// A completed export cannot fail any more, but its file may expire.
	if (isCompleted && end === 'failed') return once(record, 'over');
	if (!isCompleted && !hasFailed(record)) return once(record, 'pending');
	return once(record, isCompleted === (end === 'completed') ? 'happened' : 'none');
}
