import { vizdomApiTest } from './credentialTest';
import { searchDashboards, searchDataSources, searchExports, searchUsers } from './searches';

/**
 * The methods that n8n calls besides a node's operations. All nodes have the same; fields refer to
 * them by name.
 */
export const methods = {
	credentialTest: { vizdomApiTest },
	listSearch: { searchDashboards, searchDataSources, searchExports, searchUsers },
};
