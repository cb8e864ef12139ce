import type { Dashboard, DataSource, User } from '../../nodes/shared/vizdom/vizdom-api.d.ts';
import type { ExportJob } from './exports/job.mts';
import { seededId } from './ids.mts';
import { mix } from './random.mts';
import { timestamp } from './time.mts';

export const SEED_COUNTS = { dashboards: 280, dataSources: 12, users: 40 };

const DAY = 86_400_000;
const FIRST_CREATED = Date.UTC(2026, 0, 15, 9);
const SEEDED_SPAN = 150 * DAY;

const list = (text: string): string[] => text.split(', ');

const TEAMS = list(
	'Sales, Marketing, Finance, Customer Success, Product, Support, Operations, Logistics, E-Commerce, People, Field Service, Procurement, Partner, Executive, Wholesale, Engineering',
);
const TOPICS: Array<[name: string, description: string]> = [
	['Revenue Overview', 'Revenue by month, region and product line against plan'],
	['Weekly Scorecard', 'The numbers for the Monday meeting, each with its target'],
	['Cost Breakdown', 'Spend by cost centre and supplier, with the largest changes'],
	['Conversion Funnel', 'Where people drop out on the way from first contact to contract'],
	['Customer Satisfaction', 'Survey results and response times over the last twelve months'],
	['Budget vs. Actuals', 'Budget, actuals and forecast, with variances over 5 % marked'],
	['Pipeline Health', 'Open opportunities by stage, age and expected close date'],
	['Regional Comparison', 'The same six figures for every region, side by side'],
	['Churn Analysis', 'Who left, when and after how long, by plan and segment'],
	['Capacity Planning', 'Booked and free capacity for the next two quarters'],
	['Quarterly Business Review', 'Slides for the quarterly review, from live data'],
	['Order Volume', 'Orders and average basket by day and channel'],
	['Headcount Plan', 'Staff by function and location, with open positions'],
	['Forecast Accuracy', 'What was forecast, what came, and how far apart they were'],
	['SLA Compliance', 'Share of cases that were answered and solved in the agreed time'],
	['Campaign Performance', 'Reach, leads and cost per lead of every running campaign'],
	['Inventory Levels', 'Stock and days of cover by warehouse and product group'],
	['Growth Metrics', 'New, returning and lost customers, month by month'],
];

/** From 0 up to 1. The sequences are too far apart to meet. */
function chance(sequence: number, index: number): number {
	return mix(index + sequence * 0x10000000) / 2 ** 32;
}

/** Ascending with the index, and below a fixed end for any number of records. */
function timesOf(sequence: number, index: number, daysToUpdate: number) {
	const position = index + chance(sequence, index) * 0.9;
	const created = FIRST_CREATED + SEEDED_SPAN * (position / (position + 300));
	const updated = created + chance(sequence + 1, index) * daysToUpdate * DAY;
	return { created_at: timestamp(created), updated_at: timestamp(updated) };
}

function numbered(name: string, number: number): string {
	return number === 0 ? name : `${name} ${number + 1}`;
}

/** The dashboard on the API's introduction page. */
const DOCUMENTED_DASHBOARD: Readonly<Dashboard> = {
	id: 'dash_abc123',
	name: 'Q4 Revenue Overview',
	description: 'Executive summary of Q4 revenue metrics',
	created_at: '2026-01-15T09:00:00Z',
	updated_at: '2026-03-22T14:30:00Z',
	visualization_count: 8,
};

export function seedDashboard(index: number): Dashboard {
	if (index === 0) return { ...DOCUMENTED_DASHBOARD };
	const count = TEAMS.length * TOPICS.length;
	// Shares no factor with count, so that neighbors differ and no two are the same.
	const place = (index * 115) % count;
	const [topic, description] = TOPICS[place % TOPICS.length] as [string, string];
	const name = `${TEAMS[Math.floor(place / TOPICS.length)]} ${topic}`;
	return {
		id: seededId('dash', index),
		name: numbered(name, Math.floor(index / count)),
		description,
		...timesOf(0, index, 40),
		visualization_count: 3 + Math.floor(chance(2, index) * 14),
	};
}

const DATA_SOURCES: Array<[name: string, type: string]> = [
	['Production Orders', 'postgresql'],
	['Web Analytics', 'bigquery'],
	['Finance Warehouse', 'snowflake'],
	['Customer Portal', 'mysql'],
	['Marketing Plan', 'google_sheets'],
	['Support Tickets', 'postgresql'],
	['CRM Replica', 'postgresql'],
	['Event Stream', 'bigquery'],
	['Legacy ERP', 'mysql'],
	['Headcount Plan', 'google_sheets'],
	['Logistics Mart', 'snowflake'],
	['Partner Uploads', 'google_sheets'],
];

export function seedDataSource(index: number): DataSource {
	const place = index % DATA_SOURCES.length;
	const [name, type] = DATA_SOURCES[place] as [string, string];
	return {
		id: seededId('ds', index),
		name: numbered(name, Math.floor(index / DATA_SOURCES.length)),
		type,
		status: place === 8 ? 'error' : place === 4 ? 'syncing' : 'connected',
		...timesOf(3, index, 30),
	};
}

const FIRST_NAMES = list(
	'Avery, Noor, Mateo, Ingrid, Priya, Tomasz, Leila, Kenji, Amara, Lucas, Sofia, Henrik, Zoe, Omar, Freya, Diego, Hana, Emil, Nadia, Oscar, Yuki, Clara, Rafael, Mina, Jonas, Aisha, Viktor, Elena, Samuel, Greta, Arjun, Maeve, Pavel, Ines, Theo, Lina, Marco, Ruth, Bilal, Saskia',
);
const LAST_NAMES = list(
	'Chen, Haddad, Alvarez, Lindqvist, Sharma, Nowak, Farahani, Tanaka, Okafor, Moreau, Rossi, Dahl, Bennett, Rahman, Jensen, Castillo, Kim, Berg, Petrova, Walsh, Sato, Weber, Duarte, Karimi, Meyer, Diallo, Horvath, Costa, Adeyemi, Vogel, Mehta, Byrne, Novak, Ferreira, Laurent, Schmidt, Bianchi, Cohen, Qureshi, Visser',
);
const ADMINS = [0, 7, 19];
const INVITED = [35, 37, 38, 39];

/** The first user owns the workspace. */
export function seedUser(index: number): User {
	const round = Math.floor(index / FIRST_NAMES.length);
	const first = FIRST_NAMES[index % FIRST_NAMES.length];
	const name = `${first} ${LAST_NAMES[(index + round) % LAST_NAMES.length]}`;
	const repeated = Math.floor(round / LAST_NAMES.length);
	const mailbox = `${name.toLowerCase().replace(' ', '.')}${repeated === 0 ? '' : repeated + 1}`;
	const invited = INVITED.includes(index);
	return {
		id: seededId('user', index),
		email: `${mailbox}@example.com`,
		name: invited ? null : name,
		role: ADMINS.includes(index) ? 'admin' : index % 3 === 1 ? 'editor' : 'viewer',
		status: invited ? 'invited' : 'active',
		...timesOf(5, index, invited ? 0 : 30),
	};
}

type SeedExport = [dashboard: number, format: ExportJob['format'], age: number, failure?: string];

const SEED_EXPORTS: SeedExport[] = [
	[0, 'pdf', 9 * DAY],
	[17, 'xlsx', 6 * DAY],
	[42, 'png', 3 * DAY, 'The data source of 2 visualizations did not answer in time.'],
	[5, 'csv', 2 * DAY],
	[0, 'pdf', 0],
	[23, 'png', 0],
	[31, 'xlsx', 0],
];

/** Finished exports: old links have expired, the latest still work. */
export function seedExports(dashboards: readonly Dashboard[], now = Date.now()): ExportJob[] {
	return SEED_EXPORTS.map(([place, format, age, failure = null], index) => ({
		id: seededId('exp', index),
		dashboard: { ...(dashboards[place] as Dashboard) },
		format,
		createdAt: now - age - 2000,
		durationMs: 2000,
		failure,
		linkLifetimeMs: 15 * 60_000,
	}));
}
