import { createHash } from 'node:crypto';
import { PassThrough, Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import type { IBinaryData, IExecuteSingleFunctions } from 'n8n-workflow';
import { storeFile } from '../../nodes/shared/n8n/binary.ts';
import type { Vizdom } from '../../nodes/shared/vizdom/client.ts';

const vizdom = {
	signal: new AbortController().signal,
	timeout: 0,
	error: (message: string) => new Error(message),
} as unknown as Vizdom;

/** Stands in for n8n; the stored file is in `stored`. */
function itemWith(stored: Buffer[]): IExecuteSingleFunctions {
	const prepareBinaryData = async (content: Buffer | Readable): Promise<IBinaryData> => {
		await setImmediate();
		stored.push(Buffer.isBuffer(content) ? content : await buffer(content));
		return { data: '', mimeType: 'text/csv' };
	};
	return { helpers: { prepareBinaryData } } as unknown as IExecuteSingleFunctions;
}

/** Kinds of bodies: all at once, from a generator as in n8n 2, through a pipe. */
const sources: Record<string, (parts: Buffer[]) => Readable> = {
	'all at once': (parts) => {
		const body = new Readable({ read() {} });
		for (const part of [...parts, null]) body.push(part);
		return body;
	},
	generated: (parts) => Readable.from(parts, { objectMode: false }),
	piped: (parts) => Readable.from(parts).pipe(new PassThrough()),
};

test.each(Object.entries(sources))(
	'A file that arrives %s is stored complete, whatever the sizes of its chunks',
	async (_, source) => {
		await fc.assert(
			fc.asyncProperty(
				fc.array(fc.integer({ min: 1, max: 70_000 }), { maxLength: 8 }),
				async (sizes) => {
					const parts = sizes.map((size, index) => Buffer.alloc(size, index + 1));
					const whole = Buffer.concat(parts);
					const stored: Buffer[] = [];
					const opened = { body: source(parts), headers: {}, url: '' };
					const seen: number[] = [];
					const { size, sha256 } = await storeFile(
						itemWith(stored),
						vizdom,
						opened,
						async ({ bytes }) => {
							seen.push(bytes.length);
							await setImmediate();
							return { fileName: 'a.csv' };
						},
					);
					expect(stored.map((file) => file.equals(whole))).toEqual([true]);
					expect(size).toBe(whole.length);
					expect(sha256).toBe(createHash('sha256').update(whole).digest('hex'));
					expect(seen[0]).toBeGreaterThanOrEqual(Math.min(whole.length, 64 * 1024));
				},
			),
			{ numRuns: 200 },
		);
	},
);

test('A file that breaks off in its start is not described; one that does later is not stored', async () => {
	for (const length of [10, 100_000]) {
		const stored: Buffer[] = [];
		const body = Readable.from(
			(async function* () {
				yield Buffer.alloc(length);
				await setImmediate();
				throw Object.assign(new Error('aborted'), { code: 'ECONNRESET' });
			})(),
			{ objectMode: false },
		);
		// As the transport does
		body.on('error', () => {});
		const described: unknown[] = [];
		const storing = storeFile(
			itemWith(stored),
			vizdom,
			{ body, headers: {}, url: '' },
			async () => {
				described.push(true);
				return { fileName: 'a.csv' };
			},
		);
		await expect(storing).rejects.toThrow('aborted');
		expect(stored).toEqual([]);
		expect(described).toHaveLength(length === 10 ? 0 : 1);
	}
});
