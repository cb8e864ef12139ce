import { mostOpenBodies, OpenBodies } from '../../../nodes/shared/http/bodies.ts';

const never = new AbortController().signal;

/** As many bodies as asked for, as far as they get a place at once. */
async function open(bodies: OpenBodies, count: number, signal = never) {
	const places: Array<() => void> = [];
	const all = Array.from({ length: count }, async (_, index) => {
		const release = await bodies.take(signal);
		places.push(release);
		return { index, release };
	});
	await Promise.resolve();
	return { places, all };
}

test('No more than 16 bodies are open at once, first come, first served', async () => {
	const bodies = new OpenBodies();
	const { places, all } = await open(bodies, 40);
	expect(places).toHaveLength(mostOpenBodies);
	const order: number[] = [];
	for (const one of all) void one.then(({ index }) => order.push(index));
	for (const one of all) (await one).release();
	expect(order).toEqual(Array.from({ length: 40 }, (_, index) => index));
	expect(bodies.isIdle).toBe(true);
});

test('Who stops waiting leaves its place to the next', async () => {
	const bodies = new OpenBodies();
	const { places } = await open(bodies, mostOpenBodies);
	const stop = new AbortController();
	const stopped = await open(bodies, 3, stop.signal);
	const next = await open(bodies, 1);
	stop.abort(new Error('stopped'));
	for (const one of stopped.all) await expect(one).rejects.toThrow('stopped');
	places[0]?.();
	await Promise.all(next.all);
	await expect(bodies.take(stop.signal)).rejects.toThrow('stopped');
});

test('Who is stopped in the moment in which it gets its place gives it back', async () => {
	const bodies = new OpenBodies();
	const { places } = await open(bodies, mostOpenBodies);
	const stop = new AbortController();
	const waiting = bodies.take(stop.signal);
	stop.abort(new Error('stopped'));
	for (const release of places) release();
	await waiting.then(
		(release) => release(),
		() => {},
	);
	expect(bodies.isIdle).toBe(true);
});
