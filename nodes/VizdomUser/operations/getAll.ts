import { userIn, withRole } from '../../shared/n8n/filters';
import { manyRecords, type Operation } from '../../shared/n8n/operation';
import { paths } from '../../shared/vizdom/facts';

export const getAll: Operation = {
	name: 'Get Many',
	value: 'getAll',
	action: 'Get many users',
	description: 'Retrieve a list of users',
	request: { method: 'GET', url: paths.users },
	...manyRecords([withRole, userIn]),
};
