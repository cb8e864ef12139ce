import type { IAuthenticateGeneric, Icon, ICredentialType, INodeProperties } from 'n8n-workflow';
import { defaultBaseUrl, documentedRequestsPerMinute } from '../nodes/shared/vizdom/facts';
import { aroundKey } from '../nodes/shared/vizdom/key';

export class VizdomApi implements ICredentialType {
	name = 'vizdomApi';

	displayName = 'Vizdom API';

	icon: Icon = { light: 'file:../icons/vizdom.svg', dark: 'file:../icons/vizdom.dark.svg' };

	documentationUrl = 'https://github.com/n8n-nodes-vizdom/n8n-nodes-vizdom#credential';

	properties: INodeProperties[] = [
		{
			displayName: 'API Key',
			name: 'apiKey',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			description:
				'The key decides what the nodes may do: a Viewer reads, an Editor also changes dashboards and data sources, an Admin also manages users',
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			required: true,
			default: defaultBaseUrl,
			description: 'The address of the API. The key is never sent to another host.',
		},
		{
			displayName: 'Requests per Minute',
			name: 'requestsPerMinute',
			type: 'number',
			typeOptions: { minValue: 1, numberPrecision: 0 },
			default: documentedRequestsPerMinute,
			description:
				'How many requests a minute n8n may send with this key. Lower it if other programs, or several n8n workers, share the key.',
		},
	];

	authenticate: IAuthenticateGeneric = {
		type: 'generic',
		properties: {
			headers: {
				Authorization: `=Bearer {{$credentials.apiKey.replace(${String(aroundKey)}, "")}}`,
			},
		},
	};
}
