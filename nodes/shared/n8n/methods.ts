import { vizdomApiTest } from './credentialTest';
import { searchDashboards, searchDataSources, searchExports, searchUsers } from './searches';

/** What n8n calls of a node beside its operations, the same for all: fields refer to it by name. */
export const methods = {
	credentialTest: { vizdomApiTest },
	listSearch: { searchDashboards, searchDataSources, searchExports, searchUsers },
};
