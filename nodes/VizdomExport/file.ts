import { NodeOperationError } from 'n8n-workflow';
import type {
	IExecuteSingleFunctions,
	IHttpRequestOptions,
	IN8nHttpFullResponse,
	INodeExecutionData,
} from 'n8n-workflow';
import type { Export } from '../shared/api';
import { fileNameIn } from '../shared/request/contentDisposition';
import { openDownload } from '../shared/request/download';

const mimeTypes: Record<Export['format'], string> = {
	csv: 'text/csv',
	pdf: 'application/pdf',
	png: 'image/png',
	xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
};

/** The item of a completed export: the export as JSON, its file as binary data. */
export async function fileItem(
	item: IExecuteSingleFunctions,
	request: IHttpRequestOptions,
	finished: Export,
): Promise<INodeExecutionData> {
	if (!finished.download_url) throw noLink(item, finished);
	const answer = await openDownload(item, request, finished.download_url);
	const binary = await item.helpers.prepareBinaryData(
		answer.body as Buffer,
		fileName(item, finished, answer),
		mimeTypes[finished.format],
	);
	const property = String(item.getNodeParameter('options.binaryPropertyName', 'data')) || 'data';
	return { json: { ...finished }, binary: { [property]: binary } };
}

function fileName(
	item: IExecuteSingleFunctions,
	{ dashboard_id, format }: Export,
	{ headers }: IN8nHttpFullResponse,
): string {
	const chosen = String(item.getNodeParameter('options.fileName', ''));
	return chosen || fileNameIn(headers['content-disposition']) || `${dashboard_id}.${format}`;
}

function noLink(item: IExecuteSingleFunctions, { id }: Export): NodeOperationError {
	return new NodeOperationError(item.getNode(), `The export '${id}' has no download link`, {
		description: 'Vizdom says that it is completed. Start a new export.',
		itemIndex: item.getItemIndex(),
	});
}
