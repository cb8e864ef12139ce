import type { Dashboard, Export, ExportFormat } from '../../../nodes/shared/vizdom/vizdom-api.d.ts';
import { timestamp } from '../time.mts';

/** An export as it was started. What state it is in follows from the time that has passed. */
export interface ExportJob {
	id: string;
	/** As it was when the export was started. */
	dashboard: Dashboard;
	format: ExportFormat;
	createdAt: number;
	durationMs: number;
	failure: string | null;
	linkLifetimeMs: number;
	/** When the export was read after its link had expired, and got a new one. */
	linkRenewedAt?: number;
}

const QUEUED_PART = 0.2;

function finishedAt(job: ExportJob): number {
	return job.createdAt + job.durationMs;
}

export function isCompleted(job: ExportJob, now = Date.now()): boolean {
	return now >= finishedAt(job) && job.failure === null;
}

export function linkExpiresAt(job: ExportJob): number {
	return (job.linkRenewedAt ?? finishedAt(job)) + job.linkLifetimeMs;
}

export function renewLink(job: ExportJob, now = Date.now()): void {
	if (isCompleted(job, now) && now >= linkExpiresAt(job)) job.linkRenewedAt = now;
}

type State = Pick<Export, 'status' | 'progress' | 'error' | 'updated_at'>;

function stateOf(job: ExportJob, now: number): State {
	if (now >= finishedAt(job)) {
		const updated_at = timestamp(finishedAt(job));
		return job.failure === null
			? { status: 'completed', progress: 100, error: null, updated_at }
			: { status: 'failed', error: job.failure, updated_at };
	}
	const part = (now - job.createdAt) / job.durationMs;
	if (part < QUEUED_PART) {
		const updated_at = timestamp(job.createdAt);
		return { status: 'queued', progress: 0, error: null, updated_at };
	}
	const updated_at = timestamp(job.createdAt + job.durationMs * QUEUED_PART);
	return { status: 'processing', progress: Math.floor(part * 100), error: null, updated_at };
}

export function toExport(job: ExportJob, downloadUrl: string, now = Date.now()): Export {
	const completed = isCompleted(job, now);
	return {
		id: job.id,
		dashboard_id: job.dashboard.id,
		format: job.format,
		...stateOf(job, now),
		download_url: completed ? downloadUrl : null,
		expires_at: completed ? timestamp(linkExpiresAt(job)) : null,
		created_at: timestamp(job.createdAt),
	};
}
