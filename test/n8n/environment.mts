import { dirname } from 'node:path';
import { LOOPBACK } from './ports.mts';
import { plainEnvironment, type Environment } from './processes.mts';

export interface Owner {
	email: string;
	password: string;
	passwordHash: string;
}

/** Everything of n8n that would call out, ask or announce is off. */
const QUIET: Environment = {
	N8N_AI_ENABLED: 'false',
	N8N_DIAGNOSTICS_ENABLED: 'false',
	N8N_DISABLED_MODULES: 'mcp-registry,instance-ai',
	N8N_DYNAMIC_BANNERS_ENABLED: 'false',
	N8N_HIRING_BANNER_ENABLED: 'false',
	N8N_PERSONALIZATION_ENABLED: 'false',
	N8N_TEMPLATES_ENABLED: 'false',
	N8N_VERIFIED_PACKAGES_ENABLED: 'false',
	N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
	N8N_VERSION_NOTIFICATIONS_WHATS_NEW_ENABLED: 'false',
};

/** On this machine only, with packages that are not from the public registry. */
const LOCAL: Environment = {
	N8N_HOST: LOOPBACK,
	N8N_LISTEN_ADDRESS: LOOPBACK,
	N8N_RUNNERS_BROKER_LISTEN_ADDRESS: LOOPBACK,
	N8N_SECURE_COOKIE: 'false',
	N8N_UNVERIFIED_PACKAGES_ENABLED: 'true',
	N8N_GRACEFUL_SHUTDOWN_TIMEOUT: '5',
};

/** Signs in without the set-up page. */
function ownerByEnvironment({ email, passwordHash }: Owner): Environment {
	return {
		N8N_INSTANCE_OWNER_MANAGED_BY_ENV: 'true',
		N8N_INSTANCE_OWNER_EMAIL: email,
		N8N_INSTANCE_OWNER_FIRST_NAME: 'Vizdom',
		N8N_INSTANCE_OWNER_LAST_NAME: 'Sandbox',
		N8N_INSTANCE_OWNER_PASSWORD_HASH: passwordHash,
	};
}

/**
 * The whole environment of one n8n. The machine's own n8n, proxy and Node.js settings do not reach
 * it. n8n keeps its encryption key in the user folder.
 */
export function n8nEnvironment(
	of: { folder: string; node: string; port: number; brokerPort: number; owner: Owner },
	more: Environment = {},
): Environment {
	const plain = plainEnvironment();
	return {
		...plain,
		// The task runner is started as `node`: it must be the same one.
		PATH: `${dirname(of.node)}:${plain.PATH}`,
		...QUIET,
		...LOCAL,
		...ownerByEnvironment(of.owner),
		N8N_USER_FOLDER: of.folder,
		N8N_PORT: String(of.port),
		N8N_RUNNERS_BROKER_PORT: String(of.brokerPort),
		...more,
	};
}
