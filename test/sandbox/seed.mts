import type { Dashboard, DataSource, User } from '../../nodes/shared/vizdom/vizdom-api.d.ts';
import type { ExportJob } from './exports/job.mts';
import { seededId } from './ids.mts';
import { mix } from './random.mts';
import { timestamp } from './time.mts';

export const SEED_COUNTS = { dashboards: 280, dataSources: 12, users: 40 };

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const FIRST_CREATED = Date.UTC(2026, 0, 15, 9);
const SEEDED_SPAN = 150 * DAY;

const TEAMS = [
	'Sales',
	'Marketing',
	'Finance',
	'Customer Success',
	'Product',
	'Support',
	'Operations',
	'Logistics',
	'E-Commerce',
	'People',
	'Field Service',
	'Procurement',
	'Partner',
	'Executive',
	'Wholesale',
	'Engineering',
];
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
const EDITIONS = [
	'EMEA',
	'Americas',
	'APAC',
	'DACH',
	'Nordics',
	'Iberia',
	'UK & Ireland',
	'Benelux',
];

/** One sequence of numbers each, far enough apart never to meet. */
const SALT = {
	dashboard: 0,
	dashboardUpdated: 0x10000000,
	visualizations: 0x20000000,
	dataSource: 0x30000000,
	dataSourceUpdated: 0x40000000,
	user: 0x50000000,
	userUpdated: 0x60000000,
};

/** From 0 up to 1, the same for the same record. */
function chance(kind: keyof typeof SALT, index: number): number {
	return mix(index + SALT[kind]) / 2 ** 32;
}

/** Ascending with the index and below a fixed end, however many records there are. */
function createdAt(index: number, kind: keyof typeof SALT): number {
	const position = index + chance(kind, index) * 0.9;
	return FIRST_CREATED + SEEDED_SPAN * (position / (position + 300));
}

function dashboardName(index: number): [name: string, description: string] {
	const count = TEAMS.length * TOPICS.length;
	const place = (index * 115) % count;
	const [topic, description] = TOPICS[place % TOPICS.length] as [string, string];
	const base = `${TEAMS[Math.floor(place / TOPICS.length)] ?? ''} ${topic}`;
	const round = Math.floor(index / count);
	if (round === 0) return [base, description];
	const edition = EDITIONS[(round - 1) % EDITIONS.length] ?? '';
	const quartersAgo = Math.floor((round - 1) / EDITIONS.length);
	const quarter = `Q${4 - (quartersAgo % 4)} ${2025 - Math.floor(quartersAgo / 4)}`;
	return [`${base} ${edition} ${quarter}`, description];
}

/** The dashboard of the API's introduction page. */
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
	const [name, description] = dashboardName(index);
	const created = createdAt(index, 'dashboard');
	return {
		id: seededId('dash', index),
		name,
		description,
		created_at: timestamp(created),
		updated_at: timestamp(created + chance('dashboardUpdated', index) * 40 * DAY),
		visualization_count: 3 + Math.floor(chance('visualizations', index) * 14),
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
	const [name, type] = DATA_SOURCES[index % DATA_SOURCES.length] as [string, string];
	const round = Math.floor(index / DATA_SOURCES.length);
	const created = createdAt(index, 'dataSource');
	return {
		id: seededId('ds', index),
		name: round === 0 ? name : `${name} ${round + 1}`,
		type,
		status: index % 12 === 8 ? 'error' : index % 12 === 4 ? 'syncing' : 'connected',
		created_at: timestamp(created),
		updated_at: timestamp(created + chance('dataSourceUpdated', index) * 30 * DAY),
	};
}

const FIRST_NAMES =
	'Avery Noor Mateo Ingrid Priya Tomasz Leila Kenji Amara Lucas Sofia Henrik Zoe Omar Freya Diego Hana Emil Nadia Oscar Yuki Clara Rafael Mina Jonas Aisha Viktor Elena Samuel Greta Arjun Maeve Pavel Ines Theo Lina Marco Ruth Bilal Saskia'.split(
		' ',
	);
const LAST_NAMES =
	'Chen Haddad Alvarez Lindqvist Sharma Nowak Farahani Tanaka Okafor Moreau Rossi Dahl Bennett Rahman Jensen Castillo Kim Berg Petrova Walsh Sato Weber Duarte Karimi Meyer Diallo Horvath Costa Adeyemi Vogel Mehta Byrne Novak Ferreira Laurent Schmidt Bianchi Cohen Qureshi Visser'.split(
		' ',
	);
const OWNER = 0;
const ADMINS = new Set([OWNER, 7, 19]);
const INVITED = new Set([35, 37, 38, 39]);

function personName(index: number): string {
	const first = FIRST_NAMES[index % FIRST_NAMES.length] ?? '';
	const shift = Math.floor(index / FIRST_NAMES.length);
	return `${first} ${LAST_NAMES[(index + shift) % LAST_NAMES.length] ?? ''}`;
}

function emailOf(name: string, index: number): string {
	const distinct = FIRST_NAMES.length * LAST_NAMES.length;
	const number = index < distinct ? '' : `${Math.floor(index / distinct) + 1}`;
	return `${name.toLowerCase().replace(' ', '.')}${number}@example.com`;
}

function roleOf(index: number): User['role'] {
	if (ADMINS.has(index)) return 'admin';
	return index % 3 === 1 ? 'editor' : 'viewer';
}

/** The first user owns the workspace. */
export function seedUser(index: number): User {
	const name = personName(index);
	const created = createdAt(index, 'user');
	const invited = INVITED.has(index);
	return {
		id: seededId('user', index),
		email: emailOf(name, index),
		name: invited ? null : name,
		role: roleOf(index),
		status: invited ? 'invited' : 'active',
		created_at: timestamp(created),
		updated_at: timestamp(created + (invited ? 0 : chance('userUpdated', index) * 30 * DAY)),
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

/** Finished ones: the links of the old ones have expired, those of the last ones still work. */
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
