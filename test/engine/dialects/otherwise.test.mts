import { dialectNames, dialects } from '../../sandbox/dialects.mts';
import { jobs } from './jobs.mts';
import { testDialects } from './testDialects.mts';

const passes = testDialects(dialectNames.filter((name) => !dialects[name].paging));

const lists = { 'Return All': 3, 'Limit above a page': 2, 'the picker': 3, Get: 1 };

/** How many requests each job needs if all is as assumed. */
const requestsAsAssumed: Record<string, number> = {
	...Object.fromEntries(
		['dashboards', 'dataSources', 'users', 'exports'].flatMap((kind) =>
			Object.entries(lists).map(([name, requests]) => [`${name} of ${kind}`, requests]),
		),
	),
	// The names of the dashboards, too
	'the picker of exports': 6,
	'Get Many with its defaults': 1,
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
	// The start, the state twice, and the file
	'Export to a file': 4,
	'Export that fails': 2,
	Download: 2,
	// Two polls: the first of three pages, the second of all or only the ends
	"the trigger's event Dashboard created": 5,
	"the trigger's event Dashboard updated": 6,
	// Also the ends, all pages twice, and the record
	"the trigger's event Dashboard deleted": 10,
	"the trigger's event DataSource created": 5,
	"the trigger's event DataSource updated": 6,
	"the trigger's event Export completed": 6,
	"the trigger's event Export failed": 6,
	"the trigger's event User invited": 5,
	"the trigger's event User joined": 6,
	"the trigger's event User roleChanged": 6,
	'the trigger in the editor: the latest event': 3,
};

test.each(jobs)('$name needs no more requests if all is as assumed', async (job) => {
	const { first, second } = await passes('assumed');
	const expected = requestsAsAssumed[job.name];
	expect([first.get(job)?.requests, second.get(job)?.requests]).toEqual([expected, expected]);
});
