import type { BinaryFile, OutputItem } from './run-data.mts';
import type { Mail } from './standIns/mail.mts';
import type { SlackMessage } from './standIns/slack.mts';

const ITEMS_SHOWN = 3;
const FIELDS_SHOWN = 4;
const VALUE_WIDTH = 48;

/** What a node put out, for people: how many items, the first of them, and the files. */
export function describeNode(name: string, items: OutputItem[]): string {
	const count = `${items.length} item${items.length === 1 ? '' : 's'}`;
	const shown = items.slice(0, ITEMS_SHOWN).flatMap(describeItem);
	const hidden = items.length - ITEMS_SHOWN;
	const rest = hidden > 0 ? [`  ... and ${hidden} more`] : [];
	return [`${name}: ${count}`, ...shown, ...rest].join('\n');
}

function describeItem({ json, binary }: OutputItem): string[] {
	const fields = Object.entries(json).slice(0, FIELDS_SHOWN);
	const line = fields.map(([name, value]) => `${name} ${brief(value)}`).join(', ');
	const files = Object.entries(binary ?? {}).map(([field, file]) => describeFile(field, file));
	return [...(line ? [`  ${line}`] : []), ...files];
}

function brief(value: unknown): string {
	const text = typeof value === 'string' ? value : JSON.stringify(value);
	return text.length > VALUE_WIDTH ? `${text.slice(0, VALUE_WIDTH - 3)}...` : text;
}

function describeFile(field: string, { fileName, mimeType, fileSize }: BinaryFile): string {
	return `  file "${field}": ${[fileName, mimeType, fileSize].filter(Boolean).join(', ')}`;
}

/** One line: Slack #reports: "Good morning" (revenue.pdf, 34 kB) */
export function describeMessage({ channel, text, files }: SlackMessage): string {
	return `Slack #${channel}: ${JSON.stringify(text)}${describeFiles(files)}`;
}

export function describeMail({ to, subject, attachments }: Mail): string {
	return `E-mail to ${to.join(', ')}: ${JSON.stringify(subject)}${describeFiles(attachments)}`;
}

function describeFiles(files: Array<{ name: string; content: Buffer }>): string {
	const each = files.map(({ name, content }) => `${name}, ${kilobytes(content.length)}`);
	return each.length ? ` (${each.join('; ')})` : '';
}

function kilobytes(bytes: number): string {
	return `${Math.ceil(bytes / 1000)} kB`;
}
