import { maxOpenBodies, acquireBody } from '../../../nodes/shared/http/bodies.ts';

const never = new AbortController().signal;

let credentials = 0;

/** This many bodies; `places` are those opened so far. */
function open(credential: string, count: number, signal = never) {
	const places: Array<() => void> = [];
	const all = Array.from({ length: count }, async (_, index) => {
		places.push(await acquireBody(credential, signal));
		return { index, close: places.at(-1) as () => void };
	});
	return { places, all };
}

const settle = async () => await new Promise((resolve) => setImmediate(resolve));

test('No more than 16 bodies are open at once, first come, first served', async () => {
	const { places, all } = open(`credential ${++credentials}`, 40);
	await settle();
	expect(places).toHaveLength(maxOpenBodies);
	const order: number[] = [];
	for (const one of all) void one.then(({ index }) => order.push(index));
	for (const one of all) (await one).close();
	expect(order).toEqual(Array.from({ length: 40 }, (_, index) => index));
});

test('Credentials do not delay each other', async () => {
	open(`credential ${++credentials}`, 40);
	const other = open(`credential ${++credentials}`, 5);
	await Promise.all(other.all);
});

test('A body that stops waiting gives its place to the next', async () => {
	const credential = `credential ${++credentials}`;
	const { places } = open(credential, maxOpenBodies);
	await settle();
	const stop = new AbortController();
	const stopped = open(credential, 3, stop.signal);
	const next = open(credential, 1);
	stop.abort(new Error('stopped'));
	for (const one of stopped.all) await expect(one).rejects.toThrow('stopped');
	places[0]?.();
	await Promise.all(next.all);
	await expect(acquireBody(credential, stop.signal)).rejects.toThrow('stopped');
});

test('No place is lost if all stop while some are freed', async () => {
	const credential = `credential ${++credentials}`;
	const { places } = open(credential, maxOpenBodies);
	await settle();
	const stop = new AbortController();
	const stopped = Promise.allSettled(open(credential, 5, stop.signal).all);
	for (const close of places) close();
	stop.abort(new Error('stopped'));
	for (const one of await stopped) if (one.status === 'fulfilled') one.value.close();
	await Promise.all(open(credential, maxOpenBodies).all);
});
