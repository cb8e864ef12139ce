const TTY_INTERVAL_MS = 1_000;
const LOG_INTERVAL_MS = 15_000;

/** "1 min 05 s" */
export function formatSeconds(seconds: number): string {
	const whole = Math.round(seconds);
	if (whole < 60) return `${whole} s`;
	return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`;
}

/**
 * Shows that a long step is alive: one line that is rewritten in a terminal, a line every
 * 15 seconds elsewhere. `detail` says how far it is.
 */
export async function withProgress<T>(
	title: string,
	work: () => Promise<T>,
	detail: () => string = () => '',
): Promise<T> {
	const terminal = process.stdout.isTTY;
	const startedAt = Date.now();
	const line = () => {
		const parts = [formatSeconds((Date.now() - startedAt) / 1000), detail()];
		return `  ${title}: ${parts.filter(Boolean).join(', ')}`;
	};
	const write = () => process.stdout.write(terminal ? `\r\x1b[K${line()}` : `${line()}\n`);
	if (terminal) write();
	const timer = setInterval(write, terminal ? TTY_INTERVAL_MS : LOG_INTERVAL_MS);
	try {
		const result = await work();
		process.stdout.write(`${terminal ? '\r\x1b[K' : ''}${line()}\n`);
		return result;
	} catch (error) {
		if (terminal) process.stdout.write('\n');
		throw error;
	} finally {
		clearInterval(timer);
	}
}
