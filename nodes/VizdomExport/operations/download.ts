import type { Driver } from '../../shared/n8n/driver';
import { exportId } from '../../shared/n8n/locators';
import type { Operation } from '../../shared/n8n/operation';
import { paths } from '../../shared/vizdom/facts';
import { hasFailed } from '../../shared/vizdom/values';
import { downloadOptions, toolNotice } from '../fields';
import { fileItem, wantedFile } from '../file';
import { ExportTimeout } from '../timeout';
import { endedExport, exportFailed } from '../wait';

const downloadExport: Driver = async (driven) => {
	const { parameters } = driven;
	const timeout = ExportTimeout.of(parameters);
	const wanted = wantedFile(parameters);
	const id = parameters.id(exportId);
	const vizdom = driven.vizdom.until(timeout);
	const ended = await endedExport(vizdom, id, timeout, true);
	if (hasFailed(ended)) throw exportFailed(vizdom, ended);
	return [await fileItem({ ...driven, vizdom }, ended, wanted, timeout)];
};

export const download: Operation = {
	name: 'Download',
	value: 'download',
	action: 'Download export',
	description: 'Download the file of an existing export',
	request: { method: 'GET', url: paths.export },
	driver: downloadExport,
	fields: [toolNotice, exportId, downloadOptions],
};
