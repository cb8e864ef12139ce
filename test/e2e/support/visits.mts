import { locator } from '../../engine/support.mts';
import { seededId } from '../../sandbox/ids.mts';
import { seedDashboard, seedUser } from '../../sandbox/seed.mts';
import type { Fault } from '../../sandbox/settings.mts';

/** A node on the canvas, and what executing it in the editor shows. */
export interface Visit {
	name: string; // as a user renames it
	type: string;
	parameters: { operation?: string; event?: string };
	credential?: 'vizdomViewer' | 'wrongKey';
	fault?: Fault;
	shows: string; // a text in the output, or the error's headline
}

export interface Tour {
	right: Visit[];
	wrong: Visit[];
}

const ids = (prefix: 'dash' | 'ds' | 'user' | 'exp') => (index: number) =>
	locator(seededId(prefix, index));
const [dashboardId, dataSourceId, userId, exportId] = [
	ids('dash'),
	ids('ds'),
	ids('user'),
	ids('exp'),
];
const gone = locator('it_is_gone');
const noOwner = "The parameter 'Role' must be one of admin, editor, viewer, but is 'owner'";
const unauthorized = 'Missing or invalid API key.';

function visitsOf(type: string, choice: 'operation' | 'event') {
	return (name: string, chosen: string, parameters: object, shows: string): Visit => ({
		name,
		type,
		parameters: { [choice]: chosen, ...parameters },
		shows,
	});
}

const dashboard = visitsOf('vizdomDashboard', 'operation');
const dataSource = visitsOf('vizdomDataSource', 'operation');
const user = visitsOf('vizdomUser', 'operation');
const exported = visitsOf('vizdomExport', 'operation');

const dashboardEvent = visitsOf('vizdomDashboardTrigger', 'event');
const dataSourceEvent = visitsOf('vizdomDataSourceTrigger', 'event');
const userEvent = visitsOf('vizdomUserTrigger', 'event');
const exportEvent = visitsOf('vizdomExportTrigger', 'event');

const known = seedDashboard(17);

export const tours: Record<string, Tour> = {
	'Vizdom Dashboard': {
		right: [
			dashboard('New report', 'create', { name: 'Q1 Report' }, 'Q1 Report'),
			dashboard('Old report away', 'delete', { dashboardId: dashboardId(3) }, 'deleted'),
			dashboard('This report', 'get', { dashboardId: dashboardId(17) }, known.name),
			dashboard('All revenue', 'getAll', { filters: { name: 'revenue' } }, 'Revenue Overview'),
			dashboard(
				'Rename the report',
				'update',
				{ dashboardId: dashboardId(17), updateFields: { name: 'Renamed' } },
				'Renamed',
			),

			dashboardEvent('New ones', 'created', {}, 'created_at'),
			dashboardEvent('Changed ones', 'updated', {}, 'updated_at'),
		],
		wrong: [
			dashboard(
				'A name from nowhere',
				'create',
				{ name: '={{ $json.missing }}' },
				"The parameter 'Name' is empty",
			),
			dashboard(
				'A name twice',
				'create',
				{ name: known.name, options: { ifExists: 'stop' } },
				`The dashboard '${known.name}' already exists: '${known.id}'`,
			),
			{
				...dashboard(
					'As a viewer',
					'create',
					{ name: 'Q1 Report' },
					'This needs the role Editor. The API key has the role Viewer.',
				),
				credential: 'vizdomViewer',
			},
			dashboard(
				'Delete nothing',
				'delete',
				{ dashboardId: gone },
				"Dashboard with ID 'it_is_gone' does not exist.",
			),
			dashboard(
				"Another site's address",
				'get',
				{ dashboardId: locator('={{ "https://example.com/report" }}', 'url') },
				"The parameter 'Dashboard' must be the address of a Vizdom dashboard, but is 'https://example.com/report'",
			),
			{
				...dashboard('A wrong key', 'getAll', {}, unauthorized),
				credential: 'wrongKey',
			},
			dashboard(
				'Change nothing',
				'update',
				{ dashboardId: dashboardId(17), updateFields: {} },
				"The parameter 'Update Fields' is empty",
			),

			{ ...dashboardEvent('New ones', 'created', {}, unauthorized), credential: 'wrongKey' },
			dashboardEvent(
				'Changed one',
				'updated',
				{ filters: { dashboardId: gone } },
				"Nothing in Vizdom matches 'Dashboard Updated' yet (filters: Dashboard)",
			),
			dashboardEvent(
				'Deleted ones',
				'deleted',
				{},
				"There is no test event for 'Dashboard Deleted'",
			),
		],
	},
	'Vizdom Data Source': {
		right: [
			dataSource(
				'Connect the warehouse',
				'create',
				{ name: 'Warehouse', type: 'snowflake', config: '{"account": "acme"}' },
				'Warehouse',
			),
			dataSource('Disconnect the old one', 'delete', { dataSourceId: dataSourceId(8) }, 'deleted'),
			dataSource('Look at one', 'get', { dataSourceId: dataSourceId(0) }, 'Production Orders'),
			dataSource('What has an error?', 'getAll', { filters: { status: 'error' } }, 'Legacy ERP'),
			dataSource(
				'Rename one',
				'update',
				{ dataSourceId: dataSourceId(0), updateFields: { name: 'Renamed' } },
				'Renamed',
			),

			dataSourceEvent('New ones', 'created', {}, 'created_at'),
			dataSourceEvent('Changed ones', 'updated', {}, 'updated_at'),
		],
		wrong: [
			dataSource(
				'A comma too many',
				'create',
				{ name: 'Warehouse', type: 'mysql', config: '{"host": "db.example.com",}' },
				"The parameter 'Config' is not valid JSON",
			),
			dataSource(
				'No ID',
				'delete',
				{ dataSourceId: locator('={{ $json.id }}') },
				"The parameter 'Data Source' is empty",
			),
			dataSource(
				'Not there',
				'get',
				{ dataSourceId: gone },
				"Data source with ID 'it_is_gone' does not exist.",
			),
			dataSource(
				'None at all',
				'getAll',
				{ returnAll: false, limit: '={{ 0 }}' },
				"The parameter 'Limit' must be a whole number of at least 1, but is '0'",
			),
			{
				...dataSource(
					'Vizdom is down',
					'update',
					{ dataSourceId: dataSourceId(0), updateFields: { name: 'Renamed' } },
					'Vizdom failed with status 500 Internal Server Error: Database is down',
				),
				fault: { method: 'PATCH', status: 500, body: { error: { message: 'Database is down' } } },
			},

			{ ...dataSourceEvent('New ones', 'created', {}, unauthorized), credential: 'wrongKey' },
			{
				...dataSourceEvent(
					'Changed ones',
					'updated',
					{},
					"The server answered 200 OK, but not with Vizdom's JSON",
				),
				fault: { status: 200, body: '<html><title>Sign in</title></html>' },
			},
			dataSourceEvent(
				'Deleted ones',
				'deleted',
				{},
				"There is no test event for 'Data Source Deleted'",
			),
		],
	},
	'Vizdom User': {
		right: [
			user('Invite the new one', 'invite', { email: 'new@example.com' }, 'new@example.com'),
			user('Off they go', 'delete', { userId: userId(5) }, 'deleted'),
			user(
				'Who is it?',
				'get',
				{ userId: locator(seedUser(4).email, 'email') },
				String(seedUser(4).name),
			),
			user('All admins', 'getAll', { filters: { role: 'admin' } }, seedUser(0).email),
			user('Make an editor', 'update', { userId: userId(6), role: 'editor' }, 'editor'),

			userEvent('Invited ones', 'invited', {}, 'email'),
			userEvent('New admins', 'joined', { filters: { role: 'admin' } }, 'admin'),
			userEvent('Changed ones', 'roleChanged', {}, 'role'),
		],
		wrong: [
			user(
				'Not an address',
				'invite',
				{ email: 'nathan' },
				"The parameter 'Email' must be an e-mail address, but is 'nathan'",
			),
			user(
				'Invite twice',
				'invite',
				{ email: seedUser(4).email },
				'Validation failed: email belongs to a member or to an open invitation.',
			),
			user(
				'Delete the owner',
				'delete',
				{ userId: userId(0) },
				'The owner cannot be changed or removed.',
			),
			user(
				'Nobody',
				'get',
				{ userId: locator('no@example.com', 'email') },
				"No user has the e-mail address 'no@example.com'",
			),
			user(
				'A filter from nowhere',
				'getAll',
				{ filters: { status: '={{ $json.x }}' } },
				"The filter 'Status' is empty",
			),
			user('No such role', 'update', { userId: userId(6), role: 'owner' }, noOwner),

			{ ...userEvent('Invited ones', 'invited', {}, unauthorized), credential: 'wrongKey' },
			userEvent('No role', 'joined', { filters: { role: '' } }, "The filter 'Role' is empty"),
			userEvent('Owners', 'roleChanged', { filters: { role: 'owner' } }, noOwner),
			userEvent('Removed ones', 'removed', {}, "There is no test event for 'User Removed'"),
		],
	},
	'Vizdom Export': {
		right: [
			exported('Monday report', 'create', { dashboardId: dashboardId(17) }, `${known.name}.pdf`),
			exported('Get the file', 'download', { exportId: exportId(4) }, 'Q4 Revenue Overview.pdf'),
			exported('Is it done?', 'get', { exportId: exportId(4) }, 'completed'),
			exported('What failed?', 'getAll', { filters: { status: 'failed' } }, 'failed'),

			exportEvent('New PDF files', 'completed', { filters: { format: 'pdf' } }, 'pdf'),
			exportEvent('Failures', 'failed', {}, 'failed'),
		],
		wrong: [
			exported(
				'No such dashboard',
				'create',
				{ dashboardId: gone },
				"Dashboard with ID 'it_is_gone' does not exist.",
			),

			exported(
				'It failed',
				'download',
				{ exportId: exportId(2) },
				`The export '${exportId(2).value}' failed: The data source of 2 visualizations did not answer in time.`,
			),
			exported(
				'Not there',
				'get',
				{ exportId: gone },
				"Export with ID 'it_is_gone' does not exist.",
			),
			exported(
				'Only Word files',
				'getAll',
				{ filters: { format: '={{ "docx" }}' } },
				"The parameter 'Format' must be one of csv, pdf, png, xlsx, but is 'docx'",
			),

			exportEvent(
				'Of no dashboard',
				'completed',
				{ filters: { dashboardId: gone } },
				"Nothing in Vizdom matches 'Export Completed' yet (filters: Dashboard)",
			),
			exportEvent(
				'Failed PDFs',
				'failed',
				{ filters: { format: 'pdf' } },
				"Nothing in Vizdom matches 'Export Failed' yet (filters: Format)",
			),
		],
	},
};
