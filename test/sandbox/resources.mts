import { Router, type Request } from 'express';
import type {
	DashboardCreate,
	DataSourceCreate,
	User,
	UserInvite,
} from '../../nodes/shared/vizdom/vizdom-api.d.ts';
import { ApiError, validationFailed } from './api-error.mts';
import type { Sandbox } from './sandbox.mts';
import type { Collection } from './store.mts';
import { timestamp } from './time.mts';

interface Resource<T extends { id: string }> {
	title: string;
	path: string;
	createPath?: string;
	records: Collection<T>;
	create(body: unknown): T;
	/** A record in the API's form. */
	present?(record: T, req: Request): unknown;
	/** Throws if the record cannot be changed or deleted. */
	protect?(record: T): void;
}

export function findOr404<T extends { id: string }>(
	records: Collection<T>,
	title: string,
	id: string,
): T {
	const record = records.find(id);
	if (!record) throw new ApiError(404, `${title} with ID '${id}' does not exist.`);
	return record;
}

/** The common operations of resources. The OpenAPI file says which ones a resource has. */
export function routes<T extends { id: string }>(sandbox: Sandbox, resource: Resource<T>): Router {
	const { title, path, createPath = path, records, present = (record) => record } = resource;
	const find = (req: Request<{ id: string }>) => findOr404(records, title, req.params.id);
	const findUnprotected = (req: Request<{ id: string }>) => {
		const record = find(req);
		resource.protect?.(record);
		return record;
	};
	const router = Router({ strict: true, caseSensitive: true });
	router.get(path, (req, res) => {
		const limit = Math.min(Number(req.query.limit), sandbox.settings.maxPageSize);
		const offset = Number(req.query.offset);
		const data = records.all.slice(offset, offset + limit).map((record) => present(record, req));
		res.json({ data, meta: { total: records.size } });
	});
	router.post(createPath, (req, res) => {
		res.status(201).json({ data: present(resource.create(req.body), req) });
	});
	router.get(`${path}/:id`, (req: Request<{ id: string }>, res) => {
		res.json({ data: present(find(req), req as Request) });
	});
	router.patch(`${path}/:id`, (req: Request<{ id: string }>, res) => {
		// A data source's config is never part of a response.
		const { config: _, ...changes } = req.body as Partial<T> & { config?: unknown };
		const record = Object.assign(findUnprotected(req), changes, { updated_at: timestamp() });
		res.json({ data: present(record, req as Request) });
	});
	router.delete(`${path}/:id`, (req: Request<{ id: string }>, res) => {
		const record = findUnprotected(req);
		records.remove(record.id);
		// For dialects that return it.
		res.locals.deleted = present(record, req as Request);
		res.status(204).end();
	});
	return router;
}

export function dashboards(sandbox: Sandbox): Router {
	const { store } = sandbox;
	return routes(sandbox, {
		title: 'Dashboard',
		path: '/dashboards',
		records: store.dashboards,
		create: (body) => store.insertDashboard(undefined, body as DashboardCreate),
	});
}

export function dataSources(sandbox: Sandbox): Router {
	const { store } = sandbox;
	return routes(sandbox, {
		title: 'Data source',
		path: '/data-sources',
		records: store.dataSources,
		create: (body) => {
			const { name, type } = body as DataSourceCreate;
			return store.insertDataSource({ name, type });
		},
	});
}

export function users(sandbox: Sandbox): Router {
	const { store } = sandbox;
	return routes(sandbox, {
		title: 'User',
		path: '/users',
		createPath: '/users/invite',
		records: store.users,
		create: (body) => {
			const { email, role } = body as UserInvite;
			refuseMember(store.users.all, email);
			return store.inviteUser(email, role);
		},
		protect: (user) => {
			if (store.isOwner(user)) throw new ApiError(403, 'The owner cannot be changed or removed.');
		},
	});
}

function refuseMember(members: readonly User[], email: string): void {
	const known = email.toLowerCase();
	if (!members.some((member) => member.email.toLowerCase() === known)) return;
	const message = 'belongs to a member or to an open invitation';
	throw validationFailed(422, [{ field: 'email', message }]);
}
