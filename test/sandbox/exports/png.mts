import { Resvg } from '@resvg/resvg-js';
import { COLORS, type Canvas } from './canvas.mts';
import { drawChart, drawHeader, drawHighlights } from './drawing.mts';
import { FONT_FILES } from './fonts.mts';
import type { Report } from './report.mts';

const WIDTH = 1600;
const HEIGHT = 900;
const MARGIN = 72;

const ANCHORS = { left: 'start', center: 'middle', right: 'end' };

function escapeXml(text: string): string {
	const printable = text.replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '');
	return printable.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}

class SvgCanvas implements Canvas {
	readonly #elements: string[] = [];

	rect(x: number, y: number, width: number, height: number, color: string, radius = 0): void {
		const size = `x="${x}" y="${y}" width="${width}" height="${height}" rx="${radius}"`;
		this.#elements.push(`<rect ${size} fill="${color}"/>`);
	}

	line(points: Array<[number, number]>, color: string, width: number): void {
		const path = points.map((point) => point.join(',')).join(' ');
		this.#elements.push(
			`<polyline points="${path}" fill="none" stroke="${color}" stroke-width="${width}"/>`,
		);
	}

	dot(x: number, y: number, radius: number, color: string): void {
		this.#elements.push(`<circle cx="${x}" cy="${y}" r="${radius}" fill="${color}"/>`);
	}

	text(...[text, x, y, { size, color, bold, align = 'left' }]: Parameters<Canvas['text']>): void {
		const weight = bold ? 'bold' : 'normal';
		const look = `font-size="${size}" font-weight="${weight}" fill="${color}"`;
		const place = `x="${x}" y="${y}" text-anchor="${ANCHORS[align]}"`;
		this.#elements.push(`<text ${place} ${look}>${escapeXml(text)}</text>`);
	}

	toSvg(): string {
		const size = `width="${WIDTH}" height="${HEIGHT}" font-family="DejaVu Sans"`;
		return `<svg xmlns="http://www.w3.org/2000/svg" ${size}>${this.#elements.join('')}</svg>`;
	}
}

export function renderPng(report: Report): Buffer {
	const canvas = new SvgCanvas();
	const [x, width] = [MARGIN, WIDTH - 2 * MARGIN];
	canvas.rect(0, 0, WIDTH, HEIGHT, COLORS.page);
	drawHeader(canvas, report, { x, y: 60, width, height: 110 });
	drawHighlights(canvas, report, { x, y: 206, width, height: 118 });
	drawChart(canvas, report, { x, y: 372, width, height: 470 });
	const font = {
		fontFiles: Object.values(FONT_FILES),
		loadSystemFonts: false,
		defaultFontFamily: 'DejaVu Sans',
	};
	return new Resvg(canvas.toSvg(), { font }).render().asPng();
}
