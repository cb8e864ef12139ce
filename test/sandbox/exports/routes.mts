import { pipeline, Readable } from 'node:stream';
import { Router, type Request } from 'express';
import type { ExportCreate } from '../../../nodes/shared/vizdom/vizdom-api.d.ts';
import { ApiError } from '../api-error.mts';
import { linkToken } from '../auth.mts';
import { dialects } from '../dialects.mts';
import { findOr404, routes } from '../resources.mts';
import type { Sandbox } from '../sandbox.mts';
import { isCompleted, linkExpiresAt, renewLink, toExport, type ExportJob } from './job.mts';
import { render } from './render.mts';
import { sized } from './sized.mts';

/** On the caller's origin, so that its key may go there, too. */
function downloadUrl(sandbox: Sandbox, req: Request, job: ExportJob): string {
	const { downloadUrl: kind, downloadOrigin } = sandbox.settings;
	const path = `/v1/exports/${job.id}/file?expires=${linkExpiresAt(job)}`;
	if (kind === 'relative') return path;
	if (downloadOrigin === null) return `http://${req.headers.host ?? ''}${path}`;
	return `${downloadOrigin}${path}&token=${linkToken(job.id)}`;
}

function startExport({ settings, store }: Sandbox, { dashboard_id, format }: ExportCreate) {
	const dashboard = findOr404(store.dashboards, 'Dashboard', dashboard_id);
	return store.exports.insert({
		id: store.newRecord('exp').id,
		dashboard: { ...dashboard },
		format,
		createdAt: Date.now(),
		durationMs: dialects[settings.dialect].exportsAtOnce ? 0 : settings.exportDurationMs,
		failure: settings.exportFailure,
		linkLifetimeMs: settings.exportLinkLifetimeMs,
	});
}

function refuseUnavailable(job: ExportJob, expires: unknown): void {
	if (!isCompleted(job)) throw new ApiError(404, `Export with ID '${job.id}' has no file.`);
	if (Date.now() < Number(expires ?? linkExpiresAt(job))) return;
	throw new ApiError(403, 'The download link has expired.', { code: 'link_expired' });
}

/** Without characters that file systems and headers refuse. */
function fileName({ dashboard, format }: ExportJob): string {
	return `${dashboard.name.replace(/[\\/:*?"<>|\p{Cc}]/gu, '-')}.${format}`;
}

/** The caller may disconnect in the middle of a file. */
function ignoreEnd(): void {}

export function exportRoutes(sandbox: Sandbox): Router {
	const { exports } = sandbox.store;
	const router = routes(sandbox, {
		title: 'Export',
		path: '/exports',
		records: exports,
		create: (body) => startExport(sandbox, body as ExportCreate),
		present: (job, req) => {
			if (req.params.id) renewLink(job); // Not for an export in a list.
			return toExport(job, downloadUrl(sandbox, req, job));
		},
	});
	router.get('/exports/:id/file', async (req: Request<{ id: string }>, res) => {
		const job = findOr404(exports, 'Export', req.params.id);
		refuseUnavailable(job, req.query.expires);
		const content = await render(job.dashboard, job.format);
		const { exportFileBytes } = sandbox.settings;
		const size = exportFileBytes ?? content.length;
		res.attachment(fileName(job)).set('Content-Length', String(size));
		if (exportFileBytes === null) res.end(content);
		else pipeline(Readable.from(sized(content, size)), res, ignoreEnd);
	});
	return router;
}
