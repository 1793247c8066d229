import type { Buffer } from 'node:buffer';
import { type Call, type Fields, type Reply } from './call.ts';
import { refuse } from './errors.ts';
import { imagesRoute } from './images-route.ts';

/** The fields of a multipart form as its reader hands them over; files are bytes, and a repeated name is a list. */
export async function formFields(body: Buffer, type: string): Promise<Fields> {
  const form = await new Response(new Uint8Array(body), {
    headers: { 'content-type': type },
  }).formData();
  const fields: Record<string, unknown> = {};
  for (const name of new Set(form.keys())) {
    const values = await Promise.all(
      form
        .getAll(name)
        .map(async (value) => (typeof value === 'string' ? value : await value.bytes())),
    );
    fields[name] = values.length === 1 ? values[0] : values;
  }
  return fields;
}

/** `POST /v1/images/edits`: the Images route with its images as files of a form (OpenAI: `image`, or several of `image[]`). */
export async function editsRoute(call: Call): Promise<Reply> {
  const { ask, fields } = call;
  if (ask('form') === 'refused') return refuse('form');
  const { image = [], 'image[]': images = [], n, ...others } = fields;
  const files = [image, images].flat().filter((one) => one instanceof Uint8Array);
  if (files.length === 0 || ask('form') === 'without-files') return refuse('image');
  const count = n === undefined ? {} : { n: Number(n) };
  return await imagesRoute({ ...call, fields: { ...others, ...count, image_input: files } });
}
