import type {
	IExecuteSingleFunctions,
	IHttpRequestOptions,
	INodeExecutionData,
} from 'n8n-workflow';
import { paths } from '../../shared/api';
import type { Export } from '../../shared/api';
import { dashboardId } from '../../shared/fields/locators';
import type { Operation } from '../../shared/operation';
import { routingTo } from '../../shared/request/drivers';
import { idParameter, isOn } from '../../shared/request/parameters';
import { send } from '../../shared/request/send';
import { settled } from '../../shared/request/stop';
import { Deadline } from '../deadline';
import { options } from '../fields';
import { fileItem, wantedFile } from '../file';
import type { WantedFile } from '../file';
import { completedExport, startedExport, withExportId } from '../wait';

const exportDashboard = routingTo(async (item, request) => {
	const { format } = request.body as { format: string };
	const body = { format, dashboard_id: idParameter(item, 'dashboardId') };
	if (!isOn(item, 'waitForCompletion', true)) {
		const { data } = await send<Export>(item, { ...request, body });
		return [{ json: { ...data } }];
	}
	const deadline = Deadline.of(item);
	const wanted = isOn(item, 'downloadFile', true) && {
		...wantedFile(item),
		format: body.format,
		dashboardId: body.dashboard_id,
	};
	const started = await startedExport(item, { ...request, body }, deadline);
	const { value, error } = await settled(finished(item, request, started, wanted, deadline));
	if (error) throw withExportId(error, started.id);
	return [value];
});

async function finished(
	item: IExecuteSingleFunctions,
	request: IHttpRequestOptions,
	started: Export,
	wanted: WantedFile | false,
	deadline: Deadline,
): Promise<INodeExecutionData> {
	const completed = await completedExport(item, request, started, deadline, wanted !== false);
	if (!wanted) return { json: { ...completed } };
	return await fileItem(item, request, completed, wanted, deadline);
}

export const create: Operation = {
	option: {
		name: 'Create',
		value: 'create',
		action: 'Export dashboard',
		description: 'Export a dashboard as a file',
		routing: { request: { method: 'POST', url: paths.exports }, ...exportDashboard },
	},
	fields: [
		dashboardId,
		{
			displayName: 'Format',
			name: 'format',
			type: 'options',
			required: true,
			options: [
				{ name: 'CSV', value: 'csv', description: 'The figures as comma-separated values' },
				{ name: 'PDF', value: 'pdf', description: 'A document to read and print' },
				{ name: 'PNG', value: 'png', description: 'A picture' },
				{ name: 'XLSX', value: 'xlsx', description: 'The figures as an Excel workbook' },
			],
			default: 'pdf',
			description: 'The kind of file to make',
			routing: { send: { type: 'body', property: 'format' } },
		},
		{
			displayName: 'Wait for Completion',
			name: 'waitForCompletion',
			type: 'boolean',
			default: true,
			description:
				'Whether to wait until Vizdom has finished the export, instead of returning as soon as it is started',
		},
		{
			displayName: 'Download File',
			name: 'downloadFile',
			type: 'boolean',
			default: true,
			description: 'Whether to add the finished file to the output',
			displayOptions: { show: { waitForCompletion: [true] } },
		},
		{ ...options, displayOptions: { show: { waitForCompletion: [true] } } },
	],
};
