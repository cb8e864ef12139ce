import { dialectNames, dialects } from '../../sandbox/dialects.mts';
import { jobs } from './jobs.mts';
import { testDialects } from './testDialects.mts';

const passes = testDialects(dialectNames.filter((name) => !dialects[name].paging));

const lists = { 'Return All': 3, 'Limit above a page': 2, 'the picker': 3, Get: 1 };

/** How many requests each job needs, if all is as assumed. */
const requestsAsAssumed: Record<string, number> = {
	...Object.fromEntries(
		['dashboards', 'dataSources', 'users', 'exports'].flatMap((kind) =>
			Object.entries(lists).map(([name, requests]) => [`${name} of ${kind}`, requests]),
		),
	),
	'Get Many as it is when it is added': 1,
	'a search for the last dashboard': 3,
	'Create of dashboards': 1,
	'Create of dataSources': 1,
	Invite: 1,
	'Update of dashboards': 1,
	'Update of dataSources': 1,
	'Update of users': 1,
	'Delete of dashboards': 1,
	'Delete of dataSources': 1,
	'Delete of users': 1,
	// Its start, its state twice, and its file
	'Export to a file': 4,
	'Export that fails': 2,
	Download: 2,
	// Two polls, of three pages each
	"the trigger's event dashboardCreated": 6,
	"the trigger's event dashboardUpdated": 6,
	"the trigger's event dataSourceCreated": 6,
	"the trigger's event exportCompleted": 6,
	"the trigger's event exportFailed": 6,
	"the trigger's event userJoined": 6,
	'the trigger in the editor: the latest event': 3,
};

test.each(jobs)('$name needs no more requests if all is as assumed', async (job) => {
	const { first, second } = await passes('assumed');
	const expected = requestsAsAssumed[job.name];
	expect([first.get(job)?.requests, second.get(job)?.requests]).toEqual([expected, expected]);
});
