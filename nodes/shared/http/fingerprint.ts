import { createHash } from 'crypto';

/** Tells apart what must not be held in memory as it is, such as API keys. */
export function fingerprint(...parts: string[]): string {
	return createHash('sha256').update(JSON.stringify(parts)).digest('base64');
}
