import { createHash } from 'crypto';

/** Identifies secrets, such as API keys, without keeping them in memory. */
export function fingerprint(...parts: string[]): string {
	return createHash('sha256').update(JSON.stringify(parts)).digest('base64');
}
