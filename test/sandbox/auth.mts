import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Request, RequestHandler } from 'express';
import type { Role } from '../../nodes/shared/vizdom/vizdom-api.d.ts';
import { ApiError } from './api-error.mts';
import { operationOf } from './openapi.mts';
import type { Sandbox } from './sandbox.mts';

export interface Keys {
	admin: string;
	editor: string;
	viewer: string;
}

export const KEYS: Readonly<Keys> = {
	admin: 'vizdom-sandbox-admin',
	editor: 'vizdom-sandbox-editor',
	viewer: 'vizdom-sandbox-viewer',
};

const RANK: Record<Role, number> = { viewer: 0, editor: 1, admin: 2 };
const TITLE: Record<Role, string> = { viewer: 'Viewer', editor: 'Editor', admin: 'Admin' };

export function keyOf(req: Request): string | undefined {
	return /^Bearer +(\S+)$/i.exec(req.headers.authorization ?? '')?.[1];
}

function roleOf(sandbox: Sandbox, key: string | undefined): Role | undefined {
	return (['admin', 'editor', 'viewer'] as const).find((role) => sandbox.keys[role] === key);
}

/** Opens the file of one export without a key, the way signed links of object stores do. */
export function linkToken(exportId: string): string {
	return createHmac('sha256', 'vizdom-sandbox').update(exportId).digest('base64url');
}

function hasLinkToken(req: Request): boolean {
	const exportId = /^\/v1\/exports\/([^/]+)\/file$/.exec(req.path)?.[1];
	const { token } = req.query;
	if (!exportId || typeof token !== 'string') return false;
	const expected = Buffer.from(linkToken(decodeURIComponent(exportId)));
	const given = Buffer.from(token);
	return given.length === expected.length && timingSafeEqual(given, expected);
}

export function requireKey(sandbox: Sandbox): RequestHandler {
	return (req, res, next) => {
		const role = roleOf(sandbox, keyOf(req)) ?? (hasLinkToken(req) ? 'viewer' : undefined);
		if (!role) throw new ApiError(401, 'Missing or invalid API key.');
		res.locals.role = role;
		next();
	};
}

/** The least role is part of the OpenAPI file: `x-role`. */
export const requireRole: RequestHandler = (req, res, next) => {
	const needed = operationOf(req)?.['x-role'] ?? 'viewer';
	const given = res.locals.role as Role;
	if (RANK[given] >= RANK[needed]) return next();
	const message = `This needs the role ${TITLE[needed]}. The API key has the role ${TITLE[given]}.`;
	throw new ApiError(403, message);
};
