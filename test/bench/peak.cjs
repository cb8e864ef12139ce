// Loaded into n8n: writes down the most memory that this process had, in kilobytes.
const { writeFileSync } = require('node:fs');

if (process.argv[2] === 'execute') {
	process.once('exit', () =>
		writeFileSync(process.env.PEAK_FILE, String(process.resourceUsage().maxRSS)),
	);
}
