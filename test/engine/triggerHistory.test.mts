import fc from 'fast-check';
import type { IDataObject } from 'n8n-workflow';
import { ActiveTrigger } from './activeTrigger.mts';
import { useSandbox } from './support.mts';

const setup = useSandbox();

/** Seconds by which the server's clock may jump at any moment. */
const clock = fc.integer({ min: -200, max: 200 });

const step = fc.oneof(
	fc.record({ kind: fc.constant('make' as const), count: fc.integer({ min: 1, max: 150 }), clock }),
	fc.record({ kind: fc.constant('change' as const), place: fc.nat(), clock }),
	fc.record({ kind: fc.constant('remove' as const), place: fc.nat() }),
	fc.record({ kind: fc.constant('poll' as const), times: fc.integer({ min: 1, max: 3 }) }),
	fc.record({ kind: fc.constant('failed poll' as const), page: fc.nat(3) }),
	fc.record({ kind: fc.constant('restart' as const) }),
);

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** A changing workspace, and two triggers that watch it. */
class History {
	readonly came = { made: [] as string[], changed: [] as string[] };

	readonly expected = { made: [] as string[], changed: [] as string[] };

	private changes = 0;

	private constructor(
		private readonly made: ActiveTrigger,
		private readonly changed: ActiveTrigger,
	) {}

	static async begin(): Promise<History> {
		setup.sandbox.reset();
		Object.assign(setup.sandbox.settings, { rateLimit: 100_000, maxPageSize: 40 });
		const credential = { ...setup.credential(), requestsPerMinute: 100_000 };
		const activate = async (event: string) =>
			await ActiveTrigger.activate({ of: 'Dashboard', parameters: { event }, credential });
		return new History(await activate('created'), await activate('updated'));
	}

	async take(happened: Step): Promise<void> {
		const { store, faults } = setup.sandbox;
		switch (happened.kind) {
			case 'make':
				for (let count = 0; count < happened.count; count++) {
					const created_at = timeBy(happened.clock);
					const place = count % 2 === 0 ? 0 : undefined;
					const { id } = store.insertDashboard(place, { created_at, updated_at: created_at });
					this.expected.made.push(id);
				}
				break;
			case 'change': {
				// A polling trigger sees only the last change, and none of a removed record.
				await this.poll(1);
				const dashboard = store.dashboards.all[happened.place % store.dashboards.size];
				if (!dashboard) break;
				const name = `Change ${++this.changes}`;
				Object.assign(dashboard, { name, updated_at: timeBy(happened.clock) });
				this.expected.changed.push(name);
				break;
			}
			case 'remove': {
				await this.poll(1);
				const dashboard = store.dashboards.all[happened.place % store.dashboards.size];
				if (dashboard) store.dashboards.remove(dashboard.id);
				break;
			}
			case 'poll':
				await this.poll(happened.times);
				break;
			case 'failed poll':
				for (const [kind, trigger] of [
					['made', this.made],
					['changed', this.changed],
				] as const) {
					faults.push({ skip: happened.page, status: 404 });
					// It may need fewer pages than that.
					const items = await trigger.poll().catch(() => []);
					this.note(kind, items);
					faults.length = 0;
				}
				break;
			case 'restart':
				this.note('made', await this.made.restart());
				this.note('changed', await this.changed.restart());
		}
	}

	async poll(times: number): Promise<void> {
		this.note('made', await this.made.poll(times));
		this.note('changed', await this.changed.poll(times));
	}

	private note(kind: 'made' | 'changed', items: Array<{ json: object }>): void {
		const field = kind === 'made' ? 'id' : 'name';
		this.came[kind].push(...items.map(({ json }) => String((json as IDataObject)[field])));
	}
}

function timeBy(seconds: number): string {
	return new Date(Date.now() + seconds * 1_000).toISOString();
}

test('whatever happens in Vizdom and to n8n, each event starts the workflow exactly once', async () => {
	const seed = Number(process.env.SEED ?? 20_261_124);
	const histories = fc.array(step, { minLength: 5, maxLength: 15 });
	await fc.assert(
		fc.asyncProperty(histories, async (steps) => {
			const history = await History.begin();
			for (const happened of steps) await history.take(happened);
			await history.poll(1);
			expect(history.came.made.sort()).toEqual(history.expected.made.sort());
			expect(history.came.changed.sort()).toEqual(history.expected.changed.sort());
		}),
		{ seed, numRuns: 25 },
	);
}, 120_000);
