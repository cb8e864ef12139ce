import { minute } from '../../../nodes/shared/http/budget.ts';
import { limiters } from '../../sandbox/limiters.mts';
import type { LimiterKind } from '../../sandbox/limiters.mts';
import { leastTime, Simulation } from './simulation.mts';

const kinds = Object.keys(limiters) as LimiterKind[];
const limit = 1000;

/** The largest share of refused requests, by the number of processes. */
const mostRefused = { 1: 0.005, 2: 0.015, 4: 0.03, 8: 0.06 };

describe.each(kinds)('%s', (kind) => {
	test('accepts the limit at once, no more, and again after two windows', () => {
		const limiter = limiters[kind](10, minute);
		const accepted = (now: number, count: number) =>
			Array.from({ length: count }, () => limiter.accepts(now)).filter(Boolean).length;
		expect(accepted(1_000, 12)).toBe(10);
		expect(limiter.wait(1_000)).toBeGreaterThan(0);
		expect(limiter.wait(1_000)).toBeLessThanOrEqual(minute);
		expect(accepted(2 * minute, 12)).toBe(10);
	});

	test.each([1, 2, 4, 8] as const)(
		'%p processes with endless work use the limit, with few refusals',
		async (processes) => {
			const simulation = new Simulation(kind, { limit, phase: 0.3 });
			for (let index = 0; index < processes; index++) simulation.backlog();
			await simulation.clock.advance(10 * minute);
			expect(simulation.refusedShare).toBeLessThan(mostRefused[processes]);
			const used = simulation.accepted.length / (10 * limit);
			expect(used).toBeGreaterThan(kind === 'sliding-log-counting-refused' ? 0.93 : 0.95);
		},
	);

	test.each([
		[0, false],
		[0.3, false],
		[0.7, false],
		[0.3, true],
	])(
		'1,500 items take hardly longer than necessary (window begun: %p, Retry-After: %p)',
		async (phase, sendsRetryAfter) => {
			const simulation = new Simulation(kind, { limit, phase, sendsRetryAfter });
			const all = Promise.all(simulation.items(1500));
			await simulation.clock.advance(5 * minute);
			expect((await all).filter((outcome) => outcome.class !== 'ok')).toEqual([]);
			expect(simulation.refusedShare).toBeLessThan(0.01);
			const last = simulation.accepted.at(-1) ?? 0;
			expect(last / leastTime(kind, 1500, phase, limit)).toBeLessThan(1.1);
		},
	);

	test.each([
		[0, false],
		[0.5, false],
		[0, true],
	])(
		'Two processes share 1,500 items (window begun: %p, Retry-After: %p)',
		async (phase, sendsRetryAfter) => {
			const simulation = new Simulation(kind, { limit, phase, sendsRetryAfter });
			const all = Promise.all([...simulation.items(750), ...simulation.items(750)]);
			await simulation.clock.advance(5 * minute);
			expect((await all).filter((outcome) => outcome.class !== 'ok')).toEqual([]);
			expect(simulation.refusedShare).toBeLessThan(0.04);
		},
	);

	test('Two processes with 1,500 items each get all of them through', async () => {
		const simulation = new Simulation(kind, { limit, phase: 0.5 });
		const all = Promise.all([...simulation.items(1500), ...simulation.items(1500)]);
		await simulation.clock.advance(10 * minute);
		expect((await all).filter((outcome) => outcome.class !== 'ok')).toEqual([]);
	});

	test('A process that joins later gradually gets its share', async () => {
		const simulation = new Simulation(kind, { limit, phase: 0.3 });
		simulation.backlog();
		await simulation.clock.advance(3 * minute);
		const done = simulation.backlog();
		await simulation.clock.advance(10 * minute);
		const inLastMinute = done.filter((time) => time > 12 * minute).length;
		expect(inLastMinute).toBeGreaterThan(0.15 * limit);
		expect(simulation.refusedShare).toBeLessThan(0.02);
	});

	test('Next to a program that takes half, the rest is used, and all when it has gone', async () => {
		const simulation = new Simulation(kind, { limit, phase: 0.3 });
		const done = simulation.backlog();
		const foreign = simulation.foreign(0.5, 5 * minute);
		await simulation.clock.advance(10 * minute);
		const beside = done.filter((time) => time < 5 * minute).length;
		expect((beside + (await foreign)) / (5 * limit)).toBeGreaterThan(0.9);
		expect(simulation.refusedShare).toBeLessThan(0.02);
		const inLastMinutes = done.filter((time) => time > 7 * minute).length;
		expect(inLastMinutes / (3 * limit)).toBeGreaterThan(0.95);
	});
});
