import type { Dashboard, Export, ExportFormat } from '../../../nodes/shared/vizdom/vizdom-api.d.ts';
import { timestamp } from '../time.mts';

/** An export as started. Its state depends on the elapsed time. */
export interface ExportJob {
	id: string;
	/** At the start of the export. */
	dashboard: Dashboard;
	format: ExportFormat;
	createdAt: number;
	durationMs: number;
	failure: string | null;
	linkLifetimeMs: number;
	/** When a read of the export replaced its expired link. */
	linkRenewedAt?: number;
}

const QUEUED_PART = 0.2;

function statusOf({ createdAt, durationMs, failure }: ExportJob): Export['status'] {
	const passed = Date.now() - createdAt;
	if (passed >= durationMs) return failure === null ? 'completed' : 'failed';
	return passed < durationMs * QUEUED_PART ? 'queued' : 'processing';
}

export function isCompleted(job: ExportJob): boolean {
	return statusOf(job) === 'completed';
}

export function linkExpiresAt(job: ExportJob): number {
	return (job.linkRenewedAt ?? job.createdAt + job.durationMs) + job.linkLifetimeMs;
}

export function renewLink(job: ExportJob): void {
	if (isCompleted(job) && Date.now() >= linkExpiresAt(job)) job.linkRenewedAt = Date.now();
}

export function toExport(job: ExportJob, downloadUrl: string): Export {
	const { id, dashboard, format, createdAt, durationMs, failure } = job;
	const status = statusOf(job);
	const completed = status === 'completed';
	const processed = Math.floor(((Date.now() - createdAt) / durationMs) * 100);
	const progress = { queued: 0, processing: processed, completed: 100, failed: undefined }[status];
	const part = { queued: 0, processing: QUEUED_PART, completed: 1, failed: 1 }[status];
	return {
		id,
		dashboard_id: dashboard.id,
		format,
		status,
		...(progress !== undefined && { progress }),
		error: status === 'failed' ? failure : null,
		download_url: completed ? downloadUrl : null,
		expires_at: completed ? timestamp(linkExpiresAt(job)) : null,
		created_at: timestamp(createdAt),
		updated_at: timestamp(createdAt + durationMs * part),
	};
}
