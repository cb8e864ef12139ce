import { paths } from '../../shared/api';
import { returnAllAndLimit } from '../../shared/fields/returnAllAndLimit';
import type { Operation } from '../../shared/operation';
import { manyRecords } from '../../shared/request/drivers';

export const getAll: Operation = {
	option: {
		name: 'Get Many',
		value: 'getAll',
		action: 'Get many dashboards',
		description: 'Retrieve a list of dashboards',
		routing: { request: { method: 'GET', url: paths.dashboards }, ...manyRecords },
	},
	fields: returnAllAndLimit,
};
