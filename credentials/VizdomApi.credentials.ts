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
			placeholder: "Paste the key from Vizdom's settings",
			description:
				'A Viewer key reads and exports, an Editor key also changes dashboards and data sources, an Admin key also manages users',
			hint: 'Generate a key in Vizdom under Settings. If you are not allowed to, ask an admin of your workspace.',
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			required: true,
			default: defaultBaseUrl,
			placeholder: `e.g. ${defaultBaseUrl}`,
			description: 'The address of the API. The key is never sent to another host.',
		},
		{
			displayName: 'Requests per Minute',
			name: 'requestsPerMinute',
			type: 'number',
			typeOptions: { minValue: 1, numberPrecision: 0 },
			default: documentedRequestsPerMinute,
			description:
				'How many requests per minute each n8n process may send with this key. Of these, 4% are reserved for triggers, lists in the editor and short runs, so that they do not wait behind a long run. If n8n workers or other programs share the key, give each a share of the limit.',
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
