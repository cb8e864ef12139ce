import type { Dashboard, DataSource, User } from '../../nodes/shared/vizdom/vizdom-api.d.ts';
import type { ExportJob } from './exports/job.mts';
import { newId, type IdPrefix } from './ids.mts';
import { SEED_COUNTS, seedDashboard, seedDataSource, seedExports, seedUser } from './seed.mts';
import { timestamp } from './time.mts';

/** Records in creation order, with the operations that a server and its tests need. */
export class Collection<T extends { id: string }> {
	readonly #items: T[] = [];
	readonly #byId = new Map<string, T>();

	get size(): number {
		return this.#items.length;
	}

	get all(): readonly T[] {
		return this.#items;
	}

	find(id: string): T | undefined {
		return this.#byId.get(id);
	}

	insert(record: T, position = this.size): T {
		if (this.#byId.has(record.id)) throw new Error(`The id ${record.id} is taken.`);
		this.#byId.set(record.id, record);
		if (position >= this.size) this.#items.push(record);
		else this.#items.splice(position, 0, record);
		return record;
	}

	remove(id: string): boolean {
		const record = this.#byId.get(id);
		if (!record) return false;
		this.#byId.delete(id);
		this.#items.splice(this.#items.indexOf(record), 1);
		return true;
	}

	truncate(size: number): void {
		for (const record of this.#items.splice(size)) this.#byId.delete(record.id);
	}
}

export type Resizable = 'dashboards' | 'dataSources' | 'users';

export class Store {
	readonly dashboards = new Collection<Dashboard>();
	readonly dataSources = new Collection<DataSource>();
	readonly users = new Collection<User>();
	readonly exports = new Collection<ExportJob>();
	#created = 0;

	constructor() {
		this.reset();
	}

	/** The seed data again, in the same collections. */
	reset(): void {
		this.#created = 0;
		for (const kind of ['dashboards', 'dataSources', 'users'] as const) {
			this[kind].truncate(0);
			this.resize(kind, SEED_COUNTS[kind]);
		}
		this.exports.truncate(0);
		for (const job of seedExports(this.dashboards.all)) this.exports.insert(job);
	}

	/** Keeps the first records and adds seeded ones up to the wanted number. */
	resize(kind: Resizable, size: number): void {
		if (kind === 'dashboards') fill(this.dashboards, size, seedDashboard);
		else if (kind === 'dataSources') fill(this.dataSources, size, seedDataSource);
		else fill(this.users, size, seedUser);
	}

	/** The fields that every new record has. */
	newRecord(prefix: IdPrefix) {
		const now = timestamp();
		return { id: newId(prefix, this.#created++), created_at: now, updated_at: now };
	}

	insertDashboard(position?: number, fields: Partial<Dashboard> = {}): Dashboard {
		const defaults = { name: 'Untitled Dashboard', description: '', visualization_count: 0 };
		return this.dashboards.insert({ ...this.newRecord('dash'), ...defaults, ...fields }, position);
	}

	insertDataSource(fields: Pick<DataSource, 'name' | 'type'>): DataSource {
		return this.dataSources.insert({ ...this.newRecord('ds'), ...fields, status: 'connected' });
	}

	inviteUser(email: string, role: User['role']): User {
		const record = this.newRecord('user');
		return this.users.insert({ ...record, email, name: null, role, status: 'invited' });
	}

	/** The effect of following the link in the invitation e-mail. */
	acceptInvitation(userId: string, name: string): User | undefined {
		const user = this.users.find(userId);
		return user && Object.assign(user, { name, status: 'active', updated_at: timestamp() });
	}

	isOwner(user: User): boolean {
		return user.id === seedUser(0).id;
	}
}

function fill<T extends { id: string }>(
	collection: Collection<T>,
	size: number,
	seed: (index: number) => T,
): void {
	collection.truncate(size);
	for (let index = 0; collection.size < size; index++) {
		const record = seed(index);
		if (!collection.find(record.id)) collection.insert(record);
	}
}
