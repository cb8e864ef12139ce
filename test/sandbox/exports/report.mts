import type { Dashboard } from '../../../nodes/shared/vizdom/vizdom-api.d.ts';
import { randomFrom } from '../random.mts';

export type Kind = 'money' | 'percent' | 'count';

interface Measure {
	label: string;
	kind: Kind;
	low: number;
	high: number;
}

export interface MonthFigures {
	/** The first of the month. */
	month: Date;
	actual: number;
	target: number;
	/** In per cent of the target. */
	variance: number;
}

export interface Highlight {
	label: string;
	value: string;
}

/** What an exported file shows: the same figures for the same dashboard, every time. */
export interface Report {
	title: string;
	description: string;
	updated: Date;
	measure: Measure;
	months: MonthFigures[];
	highlights: Highlight[];
}

const MONTHS = 12;

const MEASURES: Array<[RegExp, Measure]> = [
	[/cost|spend/i, { label: 'Cost', kind: 'money', low: 90_000, high: 900_000 }],
	[/budget/i, { label: 'Spend', kind: 'money', low: 120_000, high: 1_400_000 }],
	[/churn/i, { label: 'Churn rate', kind: 'percent', low: 1.2, high: 4.8 }],
	[/conversion/i, { label: 'Conversion rate', kind: 'percent', low: 2.1, high: 8.5 }],
	[/satisfaction/i, { label: 'Satisfaction', kind: 'percent', low: 72, high: 91 }],
	[/accuracy/i, { label: 'Accuracy', kind: 'percent', low: 78, high: 94 }],
	[/SLA/, { label: 'Compliance', kind: 'percent', low: 84, high: 96 }],
	[/order/i, { label: 'Orders', kind: 'count', low: 1800, high: 46_000 }],
	[/headcount/i, { label: 'Headcount', kind: 'count', low: 60, high: 420 }],
	[/inventory/i, { label: 'Units in stock', kind: 'count', low: 9000, high: 120_000 }],
	[/capacity/i, { label: 'Booked hours', kind: 'count', low: 2400, high: 14_000 }],
	[/growth/i, { label: 'New customers', kind: 'count', low: 120, high: 2600 }],
	[/campaign/i, { label: 'Leads', kind: 'count', low: 300, high: 5200 }],
	[/pipeline/i, { label: 'Open pipeline', kind: 'money', low: 400_000, high: 5_200_000 }],
];
const REVENUE: Measure = { label: 'Revenue', kind: 'money', low: 180_000, high: 2_400_000 };

function measureOf(name: string): Measure {
	return MEASURES.find(([pattern]) => pattern.test(name))?.[1] ?? REVENUE;
}

function rounded(value: number, kind: Kind): number {
	if (kind === 'percent') return Math.round(Math.min(value, 99.4) * 10) / 10;
	return value >= 100_000 ? Math.round(value / 100) * 100 : Math.round(value);
}

function formatValue(value: number, kind: Kind): string {
	if (kind === 'percent') return `${value.toFixed(1)} %`;
	const [divisor, suffix] = value >= 1e6 ? [1e6, 'M'] : value >= 1e4 ? [1e3, 'K'] : [1, ''];
	const digits = suffix === 'M' ? 2 : suffix === 'K' && value < 1e5 ? 1 : 0;
	const text = (value / divisor).toLocaleString('en-US', {
		minimumFractionDigits: digits,
		maximumFractionDigits: digits,
	});
	return `${kind === 'money' ? '$' : ''}${text}${suffix}`;
}

export function formatExact(value: number, kind: Kind): string {
	if (kind === 'percent') return `${value.toFixed(1)} %`;
	return `${kind === 'money' ? '$' : ''}${value.toLocaleString('en-US')}`;
}

export function formatVariance(variance: number): string {
	const size = Math.abs(variance).toFixed(1);
	if (size === '0.0') return `${size} %`;
	return `${variance < 0 ? '−' : '+'}${size} %`;
}

export function formatMonth(month: Date): string {
	return month.toLocaleDateString('en-US', { month: 'short', year: 'numeric', timeZone: 'UTC' });
}

export function formatDay(day: Date): string {
	return day.toLocaleDateString('en-US', {
		day: 'numeric',
		month: 'long',
		year: 'numeric',
		timeZone: 'UTC',
	});
}

/** The full months before the last update. */
function monthStarts(updated: Date): Date[] {
	const [year, month] = [updated.getUTCFullYear(), updated.getUTCMonth()];
	return Array.from(
		{ length: MONTHS },
		(_, index) => new Date(Date.UTC(year, month - MONTHS + index, 1)),
	);
}

function figures(dashboard: Dashboard, measure: Measure): MonthFigures[] {
	const random = randomFrom(`${dashboard.id}/${dashboard.updated_at}/${dashboard.name}`);
	const { kind, low, high } = measure;
	const base = low + random() * (high - low) * 0.8;
	const swing = kind === 'percent' && low > 50 ? 0.035 : 0.14;
	const growth = (random() - 0.25) * swing * 2;
	const season = random() * 2 * Math.PI;
	return monthStarts(new Date(dashboard.updated_at)).map((month, index) => {
		const trend = 1 + (growth * index) / MONTHS;
		const wave = 1 + swing * 0.8 * Math.sin(season + (index * Math.PI) / 3);
		const actual = rounded(base * trend * wave * (1 + (random() - 0.5) * swing), kind);
		const target = rounded(base * (1 + (swing * index) / MONTHS), kind);
		return { month, actual, target, variance: ((actual - target) / target) * 100 };
	});
}

function sum(values: number[]): number {
	return values.reduce((total, value) => total + value, 0);
}

function highlightsOf(months: MonthFigures[], kind: Kind): Highlight[] {
	const actuals = months.map(({ actual }) => actual);
	const total = sum(actuals);
	const average = total / months.length;
	const best = months.reduce((high, next) => (next.actual > high.actual ? next : high));
	const target = sum(months.map((month) => month.target));
	const reached = months.filter(({ variance }) => variance >= 0).length;
	return [
		kind === 'percent'
			? { label: 'Months on or above target', value: `${reached} of ${months.length}` }
			: { label: 'Total, 12 months', value: formatValue(total, kind) },
		{ label: 'Monthly average', value: formatValue(average, kind) },
		{ label: `Highest (${formatMonth(best.month)})`, value: formatValue(best.actual, kind) },
		{ label: 'Against target', value: formatVariance(((total - target) / target) * 100) },
	];
}

export function reportOf(dashboard: Dashboard): Report {
	const measure = measureOf(dashboard.name);
	const months = figures(dashboard, measure);
	return {
		title: dashboard.name,
		description: dashboard.description,
		updated: new Date(dashboard.updated_at),
		measure,
		months,
		highlights: highlightsOf(months, measure.kind),
	};
}
