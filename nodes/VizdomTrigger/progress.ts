/** What a trigger has to know of a record. */
export interface Sighting {
	id: string;
	time: number; // creation or update time by the server's clock, in ms; 0 if unknown
	version: string; // a record that is seen in another version is another event
	isEvent: boolean; // whether what the event is about has happened
	isPending?: boolean; // whether it is still to come, however old the record is
	isOriginal?: boolean; // whether it is an event only if another version has been seen before
}

/** What is kept between two polls. */
interface Saved {
	/** What happened up to this time is over, in the server's time; null if nothing is: JSON has no -Infinity */
	cursor: number | null;
	seen: Array<[id: string, time: number, version: string, isPending?: 1]>;
}

/** Records may become visible late, or out of order: for so long, in milliseconds. */
export const lookBack = 5 * 60_000;

/** What is remembered beyond the look-back: a server's clock that is set back does no harm, then. */
export const mostSeen = 5_000;

/**
 * Tells new events from those that were seen before. All times are the server's, compared with each
 * other only, so that no clock has to be right.
 *
 * A record is known by its ID and version. Those of the last five minutes are remembered, however
 * many, and thousands of older ones; what is older than all that are remembered is over.
 */
export class Progress {
	private cursor = -Infinity;
	private seen = new Map<string, Sighting>();

	/** Undefined if it is anything else than what {@link save} returned. */
	static from(saved: unknown): Progress | undefined {
		const progress = new Progress();
		try {
			const { cursor, seen } = JSON.parse(saved as string) as Saved;
			progress.cursor = cursor ?? -Infinity;
			for (const [id, time, version, isPending] of seen) {
				progress.seen.set(id, { id, time, version, isPending: isPending === 1, isEvent: true });
			}
			return progress;
		} catch {
			return undefined;
		}
	}

	save(): string {
		const seen = [...this.seen.values()].map(({ id, time, version, isPending }) =>
			isPending ? [id, time, version, 1] : [id, time, version],
		);
		return JSON.stringify({ cursor: this.cursor, seen });
	}

	/**
	 * Takes in a whole reading of a list.
	 * @returns those that are new events, each once, oldest first
	 */
	advance<S extends Sighting>(sightings: S[]): S[] {
		const news = sightings.filter((sighting) => this.isNew(sighting));
		// Those that are still pending are in the reading again; the others are gone.
		for (const { id, isPending } of this.seen.values()) if (isPending) this.seen.delete(id);
		for (const sighting of sightings) {
			const { id, isEvent, isPending } = sighting;
			// What has happened once stays so, whatever becomes of the record.
			if (isEvent || isPending || !this.seen.has(id)) this.seen.set(id, sighting);
		}
		this.forgetOldest();
		return news.sort((one, other) => one.time - other.time);
	}

	private isNew({ id, time, version, isEvent, isOriginal }: Sighting): boolean {
		if (!isEvent) return false;
		const known = this.seen.get(id);
		return known ? known.version !== version : time > this.cursor && !isOriginal;
	}

	private forgetOldest(): void {
		const sightings = [...this.seen.values()].filter(({ isPending }) => !isPending);
		if (sightings.length <= mostSeen) return;
		sightings.sort((one, other) => other.time - one.time);
		const since = (sightings[0]?.time ?? 0) - lookBack;
		const old = sightings.slice(mostSeen).filter(({ time }) => time < since);
		for (const { id } of old) this.seen.delete(id);
		this.cursor = Math.max(this.cursor, old[0]?.time ?? -Infinity);
	}
}
