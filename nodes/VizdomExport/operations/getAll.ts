import { manyRecords, type Operation } from '../../shared/n8n/operation';
import { returnAllAndLimit } from '../../shared/n8n/fields';
import { paths } from '../../shared/vizdom/facts';

export const getAll: Operation = {
	name: 'Get Many',
	value: 'getAll',
	action: 'Get many exports',
	description: 'Retrieve a list of exports',
	request: { method: 'GET', url: paths.exports },
	driver: manyRecords,
	fields: returnAllAndLimit,
};
