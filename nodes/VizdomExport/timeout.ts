import { UserError } from 'n8n-workflow';
import { Deadline } from '../shared/http/deadline';
import { timeoutCode } from '../shared/http/outcome';
import { longestTimer } from '../shared/http/send';
import { numberIn, parameterError, quoted } from '../shared/n8n/checks';
import type { Parameters } from '../shared/n8n/parameters';
import type { Vizdom } from '../shared/vizdom/client';
import { VizdomError } from '../shared/vizdom/errors';
import type { Export } from '../shared/vizdom/facts';
import { seconds } from '../shared/vizdom/text';
import { stateOf, stateWordOf } from '../shared/vizdom/values';
import { timeout } from './fields';

/** What is known about an export by its state, if the waiting ended before it did. */
const prospects: Record<string, string | undefined> = {
	running: 'Vizdom continues with it. ',
	unknown: 'Check its state in Vizdom. ',
};

/** The deadline that the option Timeout sets: for starting an export, waiting for it and downloading its file. */
export class ExportTimeout extends Deadline {
	private constructor(private readonly seconds: number) {
		super(seconds * 1_000);
	}

	/** @throws {UserError} if Timeout is not above 0, or too long for a timer (24 days) */
	static of(parameters: Parameters): ExportTimeout {
		const given = parameters.value('options.timeout', timeout.default);
		const seconds = numberIn(given);
		if (seconds > 0 && seconds * 1_000 < longestTimer) return new ExportTimeout(seconds);
		const limits = seconds > 0 ? `at most ${Math.floor(longestTimer / 1_000)}` : 'a number above 0';
		const advice = 'Enter how many seconds to wait for the export, such as 300.';
		throw parameterError(timeout.displayName, `must be ${limits}, but is ${quoted(given)}`, advice);
	}

	/** The error if the export was not started, perhaps because Timeout was reached. */
	notStarted(vizdom: Vizdom, error: Error): Error {
		const message = `The export was not started ${this.within}`;
		if (error === this.signal.reason) {
			const description =
				"Requests had to wait for the rate limit or for Vizdom. Raise 'Timeout', or export fewer dashboards at a time.";
			return new UserError(message, { description });
		}
		const tookTooLong = error instanceof VizdomError && timeoutCode.test(error.httpCode ?? '');
		if (!tookTooLong || !this.isReached) return error;
		return vizdom.error(
			message,
			"Vizdom did not answer. The export may have been started anyway: look for it with the operation Get Many before you run this again, or raise 'Timeout'.",
			{ outcome: 'unclear', mayBeDone: true },
		);
	}

	/** The error if Timeout is reached before the export could be read. */
	notRead(vizdom: Vizdom, id: string): VizdomError {
		return vizdom.error(
			`The export '${vizdom.shown(id)}' could not be read ${this.within}`,
			"Vizdom did not respond, or only with temporary errors. Try again later, or raise 'Timeout'.",
			{ outcome: 'transient' },
		);
	}

	/** The error if Timeout is reached later. */
	notDone(vizdom: Vizdom, record: Partial<Export>): VizdomError {
		const id = vizdom.shown(record.id);
		const state = stateOf(record);
		const word = stateWordOf(record);
		const isForeign = state === 'unknown' && word !== undefined;
		const shown = isForeign ? `"${vizdom.shown(word)}"` : word;
		const message =
			state === 'completed'
				? `The file of export '${id}' was not downloaded ${this.within}`
				: `The export '${id}' was not done ${this.within}: it is ${String(shown ?? 'not ready')}`;
		return vizdom.error(
			message,
			`${prospects[state] ?? ''}Get the file later with the operation Download and the ID '${id}', or raise 'Timeout'.`,
			{ outcome: 'unclear' },
		);
	}

	private get within(): string {
		return `within ${seconds(this.seconds)} ('Timeout')`;
	}
}
