import type { IDataObject } from 'n8n-workflow';
import { bodyField, type Check } from '../../shared/n8n/checks';
import { jsonObject } from '../../shared/n8n/jsonObject';
import { oneRecord, type Operation } from '../../shared/n8n/operation';
import { paths } from '../../shared/vizdom/facts';
import { config, name, type } from '../fields';

/** Some sources need none. */
const configOrNone: Check<IDataObject> = (value, field) => jsonObject(value || '{}', field);

export const create: Operation = {
	name: 'Create',
	value: 'create',
	action: 'Create data source',
	description: 'Connect a new data source',
	request: { method: 'POST', url: paths.dataSources },
	driver: oneRecord,
	fields: [{ ...name, required: true }, type, bodyField({ ...config, check: configOrNone })],
};
