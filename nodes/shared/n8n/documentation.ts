/**
 * A section of the README. The editor appends a query to the codex's address, which breaks its
 * fragment, but not to this one (n8n-editor-ui 2.40.7, useNodeDocsUrl.ts).
 */
export function documentation(section: string): string {
	return `https://github.com/n8n-nodes-vizdom/n8n-nodes-vizdom#${section}`;
}
