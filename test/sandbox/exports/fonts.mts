import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/** Shipped with the project, so that files look the same on every machine. */
export const FONT_FILES = {
	regular: require.resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf'),
	bold: require.resolve('dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf'),
};

let loaded: { regular: Buffer; bold: Buffer } | undefined;

export function fonts(): { regular: Buffer; bold: Buffer } {
	loaded ??= { regular: readFileSync(FONT_FILES.regular), bold: readFileSync(FONT_FILES.bold) };
	return loaded;
}
