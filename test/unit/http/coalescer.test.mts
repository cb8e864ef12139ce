import { Coalescer } from '../../../nodes/shared/http/coalescer.ts';

/** Actions that a test ends. */
function acts() {
	const ends: Array<() => void> = [];
	const act = async () => {
		const number = ends.length + 1;
		await new Promise<void>((end) => ends.push(end));
		if (number === 2) throw new Error('The second fails');
		return number;
	};
	return { ends, act };
}

const untilIdle = async () => await new Promise((idle) => setImmediate(idle));

test('Callers before its start share it; later ones get the next one', async () => {
	const coalescer = new Coalescer<number>();
	const { ends, act } = acts();
	const first = [coalescer.run(act), coalescer.run(act)];
	await untilIdle();
	expect(ends).toHaveLength(1);
	const second = Promise.allSettled([coalescer.run(act), coalescer.run(act)]);
	await untilIdle();
	expect(ends).toHaveLength(1);
	ends[0]?.();
	expect(await Promise.all(first)).toEqual([1, 1]);
	await untilIdle();
	expect(ends).toHaveLength(2);
	const third = coalescer.run(act);
	ends[1]?.();
	expect((await second).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
	await untilIdle();
	ends[2]?.();
	expect(await third).toBe(3);
});
