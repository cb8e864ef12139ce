import type { IDataObject } from 'n8n-workflow';
import { assumedPaging, cursorParameters, otherPaging, smallerPages } from './facts';
import { keysOf } from './joiner';
import { nextIn, type Page, type Paging } from './paging';

/** Requests a page; undefined if the query is refused. */
export type Ask = (query: IDataObject) => Promise<Page<unknown> | undefined>;

/** A parameter that may set the start of a page, and a value to test it with. */
interface Position {
	by: Paging['by'];
	name: string; // '' for the whole query of a link
	value: string | number;
}

/** Parameters that can be sent in one query. */
interface Candidate {
	positions: Position[];
	sizes: string[];
}

type Sizes = Record<string, number>; // the value of each parameter that may be the size

// The start of a page shows which parameter was understood, even if the list has shifted by one record:
// at the first record, at the fourth, or at the seventh or later.
const secondPage = 2;
const fourthRecord = 3; // as an offset
const distinctSizes = [6, 7, 8, 9, 11, 12, 13, 14]; // not 10, which may be the server's minimum

/**
 * Finds out how a server pages: requests pages of a list with other parameters, and compares them with
 * its first one.
 */
export class PagingLesson {
	private readonly keys: unknown[];
	private size?: string; // a parameter that is understood, with whatever position

	/**
	 * @param refused whether the assumed query was refused, rather than misunderstood
	 */
	constructor(
		private readonly ask: Ask,
		private readonly first: Page<unknown>,
		private readonly refused: boolean,
	) {
		this.keys = keysOf(first.records);
	}

	/** @param known the style of paging used so far */
	async find(known: Paging): Promise<Paging | undefined> {
		// The assumption may hold if only the size was refused, or if another style was used.
		const isRefuted = !this.refused && known.position === assumedPaging.position;
		const assumed = isRefuted ? undefined : await this.askAssumed();
		const isStrict = !isRefuted && assumed === undefined;
		const found = assumed?.paging ?? (await this.findOther(isStrict));
		// If unknown parameters are accepted, the query was refused for its page size.
		const largest = this.refused && !isStrict ? smallerPages[0] : assumedPaging.largest;
		return found && { ...found, largest };
	}

	private async askAssumed(): Promise<{ paging?: Paging } | undefined> {
		const { by, position: name, size = '' } = assumedPaging;
		const position = { by, name, value: fourthRecord };
		const answer = await this.askFor([position], [size]);
		return answer && { paging: await this.proved([position], answer) };
	}

	private async findOther(isStrict: boolean): Promise<Paging | undefined> {
		let isRefused = isStrict;
		for (const { positions, sizes } of this.candidates()) {
			const names = this.size === undefined ? sizes : [this.size];
			const answer = isRefused ? undefined : await this.askTogether(positions, names);
			isRefused ||= answer === undefined;
			const found = answer ? answer.paging : await this.askOneByOne(positions, names);
			if (found) return found;
		}
		return undefined;
	}

	/** The candidates in order: those that the server itself names come first. */
	private candidates(): Candidate[] {
		const { query = '', cursor = '', field = '' } = nextIn(this.first.about) ?? {};
		const about = JSON.stringify(this.first.about) ?? '';
		const named = [...new URLSearchParams(query).keys()];
		const styles = otherPaging.map(({ page, offset, sizes }) => ({
			isNamed: named.includes(page) || named.includes(offset),
			sizes: sizes.toSorted((one, two) => +about.includes(two) - +about.includes(one)),
			positions: [
				{ by: 'page' as const, name: page, value: secondPage },
				{ by: 'offset' as const, name: offset, value: fourthRecord },
			],
		}));
		const follow = (name: string, value: string): Candidate => ({
			positions: value === '' ? [] : [{ by: 'cursor', name, value }],
			sizes: otherPaging[0].sizes.filter((size) => name !== '' || named.includes(size)),
		});
		// `next_cursor` is sent as `cursor`, or else under its own name.
		const own = field.replace(/^next_?(?=.)/i, '').replace(/^./, (letter) => letter.toLowerCase());
		const cursors = [...new Set([own, field, ...cursorParameters])];
		return [
			...styles.filter(({ isNamed }) => isNamed),
			follow('', query),
			...cursors.map((name) => follow(name, cursor)),
			...styles.filter(({ isNamed }) => !isNamed),
		].filter(({ positions }) => positions.length > 0);
	}

	/** Gives each parameter a different value: the page shows which of them the server knows. */
	private async askTogether(positions: Position[], names: string[]) {
		const room = distinctSizes.filter((size) => size < this.keys.length).length;
		const answer = await this.askFor(positions, names.slice(0, room));
		const paging = answer && (await this.proved(positions, answer));
		const rest = names.slice(room, 2 * room);
		if (!paging || paging.size !== undefined || rest.length === 0) return answer && { paging };
		// There was no room for all names.
		const position = positions.filter(({ name }) => name === paging.position);
		const other = await this.askFor(position, rest);
		return { paging: { ...paging, size: other && this.sizeOf(other) } };
	}

	/** For a server that refuses unknown parameters. */
	private async askOneByOne(positions: Position[], sizes: string[]): Promise<Paging | undefined> {
		for (const position of positions) {
			// With offsets, the size usually has the assumed name.
			const isFirst = (name: string) => position.by !== 'page' && name === assumedPaging.size;
			const names = sizes.toSorted((one, two) => +isFirst(two) - +isFirst(one));
			const paging = await this.askWithEach(position, names);
			if (paging) return paging;
		}
		return undefined;
	}

	private async askWithEach(position: Position, [likeliest = '', ...others]: string[]) {
		const sized = await this.askFor([position], [likeliest]);
		if (sized) return await this.proved([position], sized);
		const alone = await this.askFor([position], []);
		if (!alone || isNear(this.startOf(alone.page), 0)) return undefined;
		for (const name of others) {
			const answer = await this.askFor([position], [name]);
			if (answer) return await this.proved([position], answer);
		}
		return await this.proved([position], alone);
	}

	private async askFor(positions: Position[], names: string[]): Promise<Answered | undefined> {
		const sizes = Object.fromEntries(names.map((name, index) => [name, distinctSizes[index] ?? 0]));
		const query = Object.assign({}, ...positions.map(queryFor), sizes) as IDataObject;
		const page = await this.ask(query);
		return page && { page, query, sizes };
	}

	/** The paging that a page proves, by the parameters it was requested with. */
	private async proved(positions: Position[], answer: Answered): Promise<Paging | undefined> {
		const { page } = answer;
		const start = this.startOf(page);
		const size = this.sizeOf(answer);
		const { largest } = assumedPaging;
		if (isNear(start, 0)) {
			this.size ??= size;
			return undefined;
		}
		for (const { by, name: position } of positions) {
			if (by === 'offset' && isNear(start, fourthRecord)) return { by, position, size, largest };
			if (by === 'cursor' && this.isBehind(page)) {
				return { by, position, size: this.sizeOf(answer, this.keys.length), largest };
			}
			if (by !== 'page' || isNear(start, fourthRecord)) continue;
			const numbers = await this.numbersOf(position, answer);
			if (numbers) return { by, position, largest, ...numbers };
		}
		return undefined;
	}

	/** Whether pages are numbered, from 0 or 1, and the parameter for their size. */
	private async numbersOf(
		position: string,
		answer: Answered,
	): Promise<Pick<Paging, 'size' | 'firstPage'> | undefined> {
		const { page, query, sizes } = answer;
		const size = this.sizeOf(answer);
		const { length } = page.records;
		if (size && isNear(this.startOf(page), length)) return { size, firstPage: 1 };
		if (size && isNear(this.startOf(page), 2 * length)) return { size, firstPage: 0 };
		const other = await this.ask({ ...query, [position]: 1 });
		// Without another request, assume the usual.
		if (!other) return { size, firstPage: 1 };
		const otherSize = this.sizeOf({ page: other, query, sizes });
		const start = this.startOf(other);
		if (isNear(start, 0)) return { size: otherSize, firstPage: 1 };
		const isSecond = otherSize ? isNear(start, other.records.length) : this.isBehind(other);
		const isOther = keysOf(other.records)[0] !== keysOf(page.records)[0];
		return isSecond && isOther ? { size: otherSize, firstPage: 0 } : undefined;
	}

	/**
	 * The parameter that explains the length of a page.
	 * @param furthest the latest possible start of a page that shares nothing with the first one
	 */
	private sizeOf({ page, sizes }: Answered, furthest = 2 * this.keys.length): string | undefined {
		const { records, total = Infinity } = page;
		const start = Math.min(this.startOf(page), furthest);
		// The last page may be short anyway.
		if (start + records.length >= total) return undefined;
		return Object.keys(sizes).find((name) => sizes[name] === records.length);
	}

	/** Where in the first page a page begins; Infinity if they share nothing. */
	private startOf({ records }: Page<unknown>): number {
		const indices = keysOf(records).map((key) => this.keys.indexOf(key));
		const position = indices.findIndex((index) => index >= 0);
		const index = indices[position];
		return index === undefined ? Infinity : index - position;
	}

	private isBehind(page: Page<unknown>): boolean {
		return page.records.length > 0 && this.startOf(page) >= this.keys.length - 1;
	}
}

function isNear(start: number, expected: number): boolean {
	return Math.abs(start - expected) <= 1;
}

/** A page, and how it was requested. */
interface Answered {
	page: Page<unknown>;
	query: IDataObject;
	sizes: Sizes;
}

function queryFor({ name, value }: Position): IDataObject {
	return name === '' ? Object.fromEntries(new URLSearchParams(String(value))) : { [name]: value };
}
