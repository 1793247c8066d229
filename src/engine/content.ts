import type { Json, RawBody, Request } from '../domain/claim.ts';
import type { MakeHash } from '../image/payload.ts';
import { reduceBytes, reduceText } from '../image/reduce.ts';
import { boundaryOf, encodeForm, partsOf } from './form.ts';

/** What a request carries. */
interface Content {
  readonly body: string | Uint8Array;
  /** Its content type, where it has one. */
  readonly type?: string;
}

/** The body of a filled request as it goes out, or nothing where it has none. */
export function contentOf({ json, form, body }: Request): Content | undefined {
  if (json !== undefined) return { body: JSON.stringify(json), type: 'application/json' };
  if (form !== undefined) {
    const parts = partsOf(form);
    const boundary = boundaryOf(parts);
    return {
      body: encodeForm(parts, boundary),
      type: `multipart/form-data; boundary=${boundary}`,
    };
  }
  if (body === undefined) return undefined;
  return { body: rawBody(body), ...(body.type === undefined ? {} : { type: body.type }) };
}

function rawBody({ text, bytes }: RawBody): string | Uint8Array {
  return bytes === undefined ? textOf(text) : Buffer.from(textOf(bytes), 'base64');
}

function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? '');
}

/** The same body as it may be stored and printed: images are reduced, and so is whatever is no text. */
export function shownBody({ form }: Request, body: Content['body'], makeHash: MakeHash): string {
  if (typeof body === 'string') return reduceText(body, makeHash).text;
  if (form === undefined) return shownBytes(body, makeHash);
  const parts = partsOf(form);
  const shown = parts.map((part) => ({
    ...part,
    content: Buffer.from(shownBytes(part.content, makeHash)),
  }));
  return Buffer.from(encodeForm(shown, boundaryOf(parts))).toString();
}

function shownBytes(bytes: Uint8Array, makeHash: MakeHash): string {
  const text = decoded(bytes);
  return text === undefined ? reduceBytes(bytes, makeHash).text : reduceText(text, makeHash).text;
}

/** Bytes as text, if they are UTF-8 and hold no NUL, which no shell can pass on. */
function decoded(bytes: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return text.includes('\0') ? undefined : text;
  } catch {
    return undefined;
  }
}
