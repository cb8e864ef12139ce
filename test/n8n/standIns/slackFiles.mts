import type { Request } from 'express';

export interface SlackFile {
	id: string;
	name: string;
	content: Buffer;
}

interface Upload {
	name: string;
	length: number;
	content?: Buffer;
}

/** Files on their way in: announced with their length, then sent, then taken once. */
export class Uploads {
	readonly #uploads = new Map<string, Upload>();
	#count = 0;

	announce(name: string, length: number): string {
		const id = `F${String(++this.#count).padStart(8, '0')}`;
		this.#uploads.set(id, { name, length });
		return id;
	}

	/** Whether it was announced, and with this length. */
	receive(id: string, content: Buffer): boolean {
		const upload = this.#uploads.get(id);
		if (upload?.length !== content.length) return false;
		upload.content = content;
		return true;
	}

	take(id: string): SlackFile | undefined {
		const { name, content } = this.#uploads.get(id) ?? {};
		if (name === undefined || content === undefined) return undefined;
		this.#uploads.delete(id);
		return { id, name, content };
	}
}

/** The file of a form, as the body has it. */
export async function fileOf({ headers, body }: Request): Promise<Buffer | undefined> {
	const type = headers['content-type'] ?? '';
	if (!Buffer.isBuffer(body) || !type.startsWith('multipart/form-data')) return undefined;
	const form = await new Response(new Uint8Array(body), { headers: { 'content-type': type } })
		.formData()
		.catch(() => undefined);
	const [file] = [...(form?.values() ?? [])].filter((value) => typeof value !== 'string');
	return file && Buffer.from(await file.arrayBuffer());
}
