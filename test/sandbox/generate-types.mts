import path from 'node:path';
import { pathToFileURL } from 'node:url';
import openapiTS, { astToString } from 'openapi-typescript';
import prettier from 'prettier';
import { SPECIFICATION } from './openapi.mts';

export const TYPES_FILE = path.resolve(import.meta.dirname, '../../nodes/shared/vizdom/vizdom-api.d.ts');
const HEADER =
	'// Generated from test/sandbox/vizdom.openapi.yaml. Do not edit: change that file and run npm run generate.\n\n';

export async function generateTypes(): Promise<string> {
	const ast = await openapiTS(pathToFileURL(SPECIFICATION), {
		rootTypes: true,
		rootTypesNoSchemaPrefix: true,
	});
	const options = await prettier.resolveConfig(TYPES_FILE);
	return await prettier.format(HEADER + astToString(ast), {
		...options,
		parser: 'typescript',
	});
}
