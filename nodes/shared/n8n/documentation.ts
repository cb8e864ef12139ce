/**
 * A section of the README. The editor puts a query behind the codex's address, which breaks its
 * fragment, but takes this one as it is (n8n-editor-ui 2.40.7, useNodeDocsUrl.ts).
 */
export function documentation(section: string): string {
	return `https://github.com/n8n-nodes-vizdom/n8n-nodes-vizdom#${section}`;
}
