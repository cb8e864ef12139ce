export interface TextStyle {
	size: number;
	color: string;
	bold?: boolean;
	align?: 'left' | 'center' | 'right';
}

/** What the drawing code needs: the PDF and the PNG show the same picture. Text stands on y. */
export interface Canvas {
	rect(x: number, y: number, width: number, height: number, color: string, radius?: number): void;
	line(points: Array<[x: number, y: number]>, color: string, width: number): void;
	dot(x: number, y: number, radius: number, color: string): void;
	text(text: string, x: number, y: number, style: TextStyle): void;
}

export interface Box {
	x: number;
	y: number;
	width: number;
	height: number;
}

export const COLORS = {
	ink: '#1e1b2e',
	muted: '#6b6880',
	faint: '#e7e5ef',
	tile: '#f6f5fb',
	page: '#ffffff',
	bar: '#5b4bdb',
	target: '#f08a24',
};

const AVERAGE_LETTER = 0.6;

/** On one line, shortened with an ellipsis where it would not fit. */
export function fit(text: string, width: number, size: number): string {
	const letters = Math.floor(width / (size * AVERAGE_LETTER));
	const characters = [...text.replace(/\s+/g, ' ')];
	if (characters.length <= letters) return characters.join('');
	return `${characters
		.slice(0, Math.max(1, letters - 1))
		.join('')
		.trimEnd()}…`;
}
