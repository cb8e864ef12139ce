import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkout } from '../n8n/paths.mts';

const nodes = join(checkout, 'nodes');
const code = readdirSync(nodes, { recursive: true, encoding: 'utf8' })
	.filter((path) => path.endsWith('.ts'))
	.map((path) => readFileSync(join(nodes, path), 'utf8'))
	.join('\n');
const readme = readFileSync(join(checkout, 'README.md'), 'utf8');
const [, troubleshooting = ''] = readme.split('## Troubleshooting');

/** The first column below the table's head, without Vizdom's and n8n's own messages. */
const headlines = [...troubleshooting.matchAll(/^\| (.+?) +\|/gm)]
	.slice(2)
	.flatMap(([, cell = '']) => cell.split('<br>'))
	.filter((headline) => !/^_|^Unrecognized node type/.test(headline));

it("README's troubleshooting has the headlines of errors", () =>
	expect(headlines.length).toBeGreaterThan(10));

it.each(headlines)('an error has the headline "%s"', (headline) => {
	const fixed = headline.split('…').map((part) => part.replace(/^\W+|\W+$/g, ''));
	expect(fixed.filter((words) => !code.includes(words))).toEqual([]);
});
