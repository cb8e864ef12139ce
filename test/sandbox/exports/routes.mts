import { pipeline, Readable } from 'node:stream';
import { Router, type Request, type Response } from 'express';
import type { ExportCreate } from '../../../nodes/shared/vizdom/vizdom-api.d.ts';
import { ApiError } from '../api-error.mts';
import { linkToken } from '../auth.mts';
import { findOr404, sendPage, type IdRequest } from '../resources.mts';
import type { Sandbox } from '../sandbox.mts';
import { isCompleted, linkExpiresAt, renewLink, toExport, type ExportJob } from './job.mts';
import { render, type RenderedFile } from './render.mts';
import { sized } from './sized.mts';

/** On the origin that the caller used, so that its key may go there too. */
function downloadUrl(sandbox: Sandbox, req: Request, job: ExportJob): string {
	const { downloadUrl: kind, downloadOrigin } = sandbox.settings;
	const path = `/v1/exports/${job.id}/file?expires=${linkExpiresAt(job)}`;
	if (kind === 'relative') return path;
	if (downloadOrigin === null) return `http://${req.headers.host ?? ''}${path}`;
	return `${downloadOrigin}${path}&token=${linkToken(job.id)}`;
}

function startExport(sandbox: Sandbox, { dashboard_id, format }: ExportCreate): ExportJob {
	const { dashboards, exports } = sandbox.store;
	const dashboard = findOr404(dashboards, 'Dashboard', dashboard_id);
	const { exportDurationMs, exportFailure, exportLinkLifetimeMs } = sandbox.settings;
	return exports.insert({
		id: sandbox.store.newId('exp'),
		dashboard: { ...dashboard },
		format,
		createdAt: Date.now(),
		durationMs: exportDurationMs,
		failure: exportFailure,
		linkLifetimeMs: exportLinkLifetimeMs,
	});
}

function refuseUnavailable(job: ExportJob, expires = linkExpiresAt(job)): void {
	if (!isCompleted(job)) throw new ApiError(404, `Export with ID '${job.id}' has no file.`);
	if (Date.now() < expires) return;
	throw new ApiError(403, 'The download link has expired.', { code: 'link_expired' });
}

/** Without the characters that file systems and headers refuse. */
function fileName({ dashboard, format }: ExportJob): string {
	return `${dashboard.name.replace(/[\\/:*?"<>|\p{Cc}]/gu, '-')}.${format}`;
}

function sendFile(res: Response, { type, content }: RenderedFile, bytes: number | null): void {
	res.type(type).set('Content-Length', String(bytes ?? content.length));
	if (bytes === null) res.end(content);
	else pipeline(Readable.from(sized(content, bytes)), res, ignoreEnd);
}

/** The caller may leave in the middle of a file. */
function ignoreEnd(): void {}

export function exportRoutes(sandbox: Sandbox): Router {
	const { exports } = sandbox.store;
	const find = (req: IdRequest) => findOr404(exports, 'Export', req.params.id);
	const present = (req: Request) => (job: ExportJob) =>
		toExport(job, downloadUrl(sandbox, req, job));
	const router = Router({ strict: true, caseSensitive: true });
	router.get('/exports', (req, res) => sendPage(sandbox, exports, req, res, present(req)));
	router.post('/exports', (req, res) => {
		const job = startExport(sandbox, req.body as ExportCreate);
		res.status(201).json({ data: present(req)(job) });
	});
	router.get('/exports/:id', (req: IdRequest, res) => {
		const job = find(req);
		renewLink(job);
		res.json({ data: present(req as Request)(job) });
	});
	router.get('/exports/:id/file', async (req: IdRequest, res) => {
		const job = find(req);
		const { expires } = req.query;
		refuseUnavailable(job, expires === undefined ? undefined : Number(expires));
		const file = await render(job.dashboard, job.format);
		res.attachment(fileName(job));
		sendFile(res, file, sandbox.settings.exportFileBytes);
	});
	return router;
}
