import { paths } from '../../shared/api';
import { exportId } from '../../shared/fields/locators';
import type { Operation } from '../../shared/operation';
import { routingTo } from '../../shared/request/drivers';
import { idParameter } from '../../shared/request/parameters';
import { Deadline } from '../deadline';
import { options } from '../fields';
import { fileItem, wantedFile } from '../file';
import { completedExport } from '../wait';

const downloadExport = routingTo(async (item, request) => {
	const deadline = Deadline.of(item);
	const wanted = wantedFile(item);
	const id = idParameter(item, 'exportId');
	const completed = await completedExport(item, request, id, deadline, true);
	return [await fileItem(item, request, completed, wanted, deadline)];
});

export const download: Operation = {
	option: {
		name: 'Download',
		value: 'download',
		action: 'Download export',
		description: 'Download the file of an export that was started before',
		routing: { request: { method: 'GET', url: paths.export }, ...downloadExport },
	},
	fields: [exportId, options],
};
