import { LOOPBACK } from './ports.mts';

/** The environment of every n8n here. */
export const QUIET_AND_LOCAL = {
	// No telemetry, questions or announcements.
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
	// On this machine only, with packages from outside the public registry.
	N8N_HOST: LOOPBACK,
	N8N_LISTEN_ADDRESS: LOOPBACK,
	N8N_RUNNERS_BROKER_LISTEN_ADDRESS: LOOPBACK,
	N8N_SECURE_COOKIE: 'false',
	N8N_UNVERIFIED_PACKAGES_ENABLED: 'true',
	N8N_GRACEFUL_SHUTDOWN_TIMEOUT: '5',
	// n8n 3 keeps no files in memory; n8n 1 does by default.
	N8N_DEFAULT_BINARY_DATA_MODE: 'filesystem',
	// Skips the setup page.
	N8N_INSTANCE_OWNER_MANAGED_BY_ENV: 'true',
	N8N_INSTANCE_OWNER_FIRST_NAME: 'Vizdom',
	N8N_INSTANCE_OWNER_LAST_NAME: 'Sandbox',
};
