import { Buffer } from 'node:buffer';
import { type Call, type Fields, type Reply, textOf } from './call.ts';
import { type ErrorName, ERROR_NAMES, refuse, type Refusal } from './errors.ts';
import { isBeyond, lengthOf, longSide } from './limits.ts';
import { type Format, formatOf, type Picture, pixels, sentBase64 } from './pictures.ts';

const MOST_IMAGES = 10;

/** `POST /v1/images/generations`: an image from a prompt and from references by URL, hosted and answered by URL. */
export async function imagesRoute(call: Call): Promise<Reply> {
  const { ask, model, canonical } = call;
  const taken = takenFields(call);
  if ('refused' in taken) return taken;
  const { fields } = taken;
  const prompt = textOf(fields['prompt']);
  if (prompt === undefined && ask('prompt.required') === 'yes') return refuse('prompt');
  const mostCharacters = ask('prompt.limit');
  if (isBeyond(call, lengthOf(prompt ?? ''), mostCharacters))
    return refuse('prompt-length', mostCharacters);

  const sources = sourcesOf(fields);
  const failure = failureOf(call, sources.length);
  if (failure !== undefined) return refuse(failure, model);

  const wish = { ratio: textOf(fields['aspect_ratio']), size: textOf(fields['resolution']) };
  const look = pixels(wish, ask);
  if (look === 'aspect') return refuse('aspect', wish.ratio ?? '');
  if (look === 'size') return refuse('size', wish.size ?? '');
  const count = countOf(call, fields['n']);
  if (count === undefined) return refuse('n');

  const refusal =
    (await refusedReference(call, fields, sources, wish.size ?? '1K')) ?? blocked(call);
  if (refusal !== undefined) return refusal;

  const format = ask('mime', model, canonical) as Format;
  const pictures = Array.from({ length: count }, (_, index): Picture => ({
    ...look,
    format,
    shade: (200 + 40 * index) % 256,
  }));
  const data = dataOf(call, fields, pictures);
  return { json: { ...created(call), data }, made: data.length };
}

/** The fields as far as the gateway takes notice of them. */
function takenFields({ ask, fields }: Call): { readonly fields: Fields } | Refusal {
  const kept: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields)) {
    if (value === null) continue;
    const taken = ask('field', name);
    if (taken === 'refused') return refuse('field', name);
    if (taken === 'accepted') kept[name] = value;
  }
  return { fields: kept };
}

function sourcesOf(fields: Fields): readonly unknown[] {
  const input = fields['image_input'] ?? fields['image'] ?? [];
  return Array.isArray(input) ? input : [input];
}

/** How the route fails for this model; what was observed on 2026-04-14 varied with what the request carried. */
function failureOf({ ask, model, canonical }: Call, references: number): ErrorName | undefined {
  const images = ask('images', model, canonical);
  if (images === 'by-request') return references > 0 ? 'unknown-field' : 'unsupported';
  return ERROR_NAMES.find((name) => name === images);
}

async function refusedReference(
  call: Call,
  fields: Fields,
  sources: readonly unknown[],
  size: string,
): Promise<Refusal | undefined> {
  const { ask, model } = call;
  const limit = ask('refs.limit');
  const exactly = ask('refs', String(sources.length), `${sources.length}@${size}`);
  if (exactly === 'listed' && isBeyond(call, sources.length, limit))
    return refuse('refs', limit, model);
  if (exactly === 'refused') {
    return refuse('reference', `${sources.length} at ${size} are not supported`);
  }
  const form = Array.isArray(fields['image_input']) ? 'refs.list' : 'refs.string';
  if (sources.length > 0 && ask(form) === 'refused') {
    return refuse('reference', 'image_input has the wrong type');
  }
  if (ask('refs.fetch') === 'no') return undefined;
  const refusals = await Promise.all(sources.map((source) => refusedSource(call, source)));
  return refusals.find((refusal) => refusal !== undefined);
}

async function refusedSource(call: Call, source: unknown): Promise<Refusal | undefined> {
  const { ask } = call;
  if (source instanceof Uint8Array) return refusedFile(call, source);
  if (typeof source !== 'string') return refuse('reference', 'it is no string');
  if (source.startsWith('data:')) {
    if (ask('data-uri') === 'refused') return refuse('data-uri');
    return refusedSide(call, Buffer.from(source.slice(source.indexOf(',') + 1), 'base64'));
  }
  const reference = await call.fetchReference(source);
  const limit = ask('bytes.limit');
  switch (reference.kind) {
    case 'missing':
      return ask('refs.missing') === 'refused' ? refuse('reference', reference.why) : undefined;
    case 'oversized':
      return refuse('bytes', limit);
    case 'image': {
      const length = ask('bytes', String(reference.bytes));
      const tooLong =
        length === 'listed' ? isBeyond(call, reference.bytes, limit) : length === 'refused';
      if (tooLong) return refuse('bytes', limit);
      return ask('format', reference.format) === 'refused'
        ? refuse('format', reference.format)
        : undefined;
    }
    default:
      return reference satisfies never;
  }
}

function refusedFile(call: Call, file: Uint8Array): Refusal | undefined {
  const format = formatOf(file);
  if (format === undefined) return refuse('input-image');
  return call.ask('format', format) === 'refused'
    ? refuse('format', format)
    : refusedSide(call, file);
}

function refusedSide(call: Call, file: Uint8Array): Refusal | undefined {
  const limit = call.ask('pixels.limit');
  return isBeyond(call, longSide(file), limit) ? refuse('pixels', limit) : undefined;
}

function blocked({ ask }: Call): Refusal | undefined {
  const reason = ask('blocked');
  return reason === 'none' ? undefined : refuse('blocked', reason);
}

function countOf({ ask }: Call, n: unknown): number | undefined {
  if (n === undefined) return Number(ask('n.default'));
  if (typeof n !== 'number' || !Number.isInteger(n) || n < 1 || n > MOST_IMAGES) return undefined;
  const count = ask('n', String(n));
  return count === 'asked' ? n : Number(count);
}

function created({ ask, at }: Call): object {
  const seconds = Math.floor(at.getTime() / 1000);
  const how = ask('created');
  if (how === 'absent') return {};
  return {
    created: how === 'string' ? String(seconds) : how === 'milliseconds' ? seconds * 1000 : seconds,
  };
}

/** All three members stand in every entry, empty or not: new-api serialises them so. */
function dataOf(call: Call, fields: Fields, pictures: readonly Picture[]): readonly object[] {
  const { ask } = call;
  const asked = fields['response_format'] === 'b64_json' ? 'b64_json' : 'url';
  const how = ask('data') === 'asked' ? asked : ask('data');
  if (how === 'none') return [];
  return pictures.map((picture, index) => ({
    url: how === 'url' ? call.archive(picture, index) : '',
    b64_json: how === 'b64_json' ? sentBase64(picture, ask) : '',
    revised_prompt: '',
  }));
}
