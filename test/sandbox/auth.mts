import { createHmac } from 'node:crypto';
import type { Request, RequestHandler } from 'express';
import type { Role } from '../../nodes/shared/vizdom/vizdom-api.d.ts';
import { ApiError } from './api-error.mts';
import { operationOf } from './openapi.mts';
import type { Sandbox } from './sandbox.mts';

export type Keys = Record<Role, string>;

export const KEYS: Readonly<Keys> = {
	admin: 'vizdom-sandbox-admin',
	editor: 'vizdom-sandbox-editor',
	viewer: 'vizdom-sandbox-viewer',
};

/** From least to most powerful. */
const ROLES: Role[] = ['viewer', 'editor', 'admin'];
const TITLES: Record<Role, string> = { viewer: 'Viewer', editor: 'Editor', admin: 'Admin' };

export function keyOf(req: Request): string | undefined {
	return /^Bearer +(\S+)$/i.exec(req.headers.authorization ?? '')?.[1];
}

/** Opens the file of one export without a key, like the signed links of object stores. */
export function linkToken(exportId: string): string {
	return createHmac('sha256', 'vizdom-sandbox').update(exportId).digest('base64url');
}

function hasLinkToken(req: Request): boolean {
	const exportId = /^\/v1\/exports\/([^/]+)\/file$/.exec(req.path)?.[1];
	return exportId !== undefined && req.query.token === linkToken(exportId);
}

export function requireKey(sandbox: Sandbox): RequestHandler {
	return (req, res, next) => {
		const role = ROLES.find((candidate) => sandbox.keys[candidate] === keyOf(req));
		if (!role && !hasLinkToken(req)) throw new ApiError(401, 'Missing or invalid API key.');
		res.locals.role = role ?? 'viewer';
		next();
	};
}

/** The OpenAPI file has the lowest role that may call an operation: `x-role`. */
export const requireRole: RequestHandler = (req, res, next) => {
	const needed = operationOf(req)?.['x-role'] ?? 'viewer';
	const given = res.locals.role as Role;
	if (ROLES.indexOf(given) >= ROLES.indexOf(needed)) return next();
	const has = `The API key has the role ${TITLES[given]}.`;
	throw new ApiError(403, `This needs the role ${TITLES[needed]}. ${has}`);
};
