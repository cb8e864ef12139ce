import { settled } from '../../shared/http/signals';
import type { Driven, Driver } from '../../shared/n8n/driver';
import { dashboardId } from '../../shared/n8n/locators';
import type { Operation } from '../../shared/n8n/operation';
import { memoryOf } from '../../shared/n8n/run';
import { createRecord, type Creation } from '../../shared/vizdom/creation';
import { isRecord } from '../../shared/vizdom/envelope';
import { type Export, paths } from '../../shared/vizdom/facts';
import { hasFailed } from '../../shared/vizdom/values';
import {
	createOptions,
	downloadFile,
	downloadFileAsTool,
	format,
	toolNotice,
	waitForCompletion,
} from '../fields';
import { fileItem, wantedFile } from '../file';
import { ExportTimeout } from '../timeout';
import { canEnd, endedExport, exportFailed, withExportId } from '../wait';

const exported: Creation = {
	list: paths.exports,
	identityOf: ({ dashboard_id, format: made }) => [dashboard_id, String(made).toLowerCase()],
};

const exportDashboard: Driver = async (driven) => {
	const { parameters, item } = driven;
	const body = { ...driven.request.body, dashboard_id: parameters.id(dashboardId) };
	const request = { ...driven.request, body };
	if (!parameters.isOn(waitForCompletion)) {
		return [{ json: { ...(await startedExport({ ...driven, request })) } }];
	}
	const timeout = ExportTimeout.of(parameters);
	const wanted = parameters.isOn(downloadFile) && {
		...wantedFile(parameters),
		format: String(driven.request.body?.format),
		dashboardId: body.dashboard_id,
	};
	const vizdom = driven.vizdom.until(timeout);
	const bound = { ...driven, vizdom, request };
	const started = await startedExport(bound, timeout);
	const finished = async () => {
		const ended = await endedExport(vizdom, started, timeout, wanted !== false);
		if (hasFailed(ended)) {
			memoryOf(item).started = undefined;
			throw exportFailed(vizdom, ended);
		}
		return wanted ? await fileItem(bound, ended, wanted, timeout) : { json: { ...ended } };
	};
	const { value, error } = await settled(finished());
	if (error) throw withExportId(vizdom, error, started.id);
	return [value];
};

/** Starts the export, once per input item: Retry On Fail continues with the same one. */
async function startedExport(
	{ vizdom, item, request: { method, path, body = {} } }: Driven,
	timeout?: ExportTimeout,
): Promise<Export> {
	const memory = memoryOf(item);
	if (memory.started) return memory.started;
	const post = async () => {
		const { data } = await vizdom.send<Export>(method, path, body);
		if (isRecord(data) && canEnd(data)) return data;
		throw vizdom.error(
			"Vizdom did not return the export's ID",
			'It may have been started anyway: look for it with the operation Get Many before you run this again.',
			{ outcome: 'unclear', mayBeDone: true },
		);
	};
	const { value, error } = await settled(createRecord(vizdom, exported, body, post));
	if (error) throw timeout?.notStarted(vizdom, error) ?? error;
	memory.started = value;
	return value;
}

export const create: Operation = {
	name: 'Create',
	value: 'create',
	action: 'Export dashboard',
	description: 'Export a dashboard as a file',
	request: { method: 'POST', url: paths.exports },
	driver: exportDashboard,
	fields: [
		toolNotice,
		dashboardId,
		format,
		waitForCompletion,
		downloadFile,
		downloadFileAsTool,
		createOptions,
	],
};
