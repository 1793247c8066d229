import { Buffer } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { type Call, fieldsOf } from './call.ts';
import { formFields } from './edits-route.ts';

/** The longest body that the gateway takes (new-api: MAX_REQUEST_BODY_MB). */
export const MOST_BODY_BYTES = 128 * 2 ** 20;

/** The fields of a JSON body or of a form; or what is wrong with it. */
export async function readFields(
  request: IncomingMessage,
): Promise<{ readonly fields: Call['fields'] } | { readonly broken: string } | 'too-large'> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= MOST_BODY_BYTES) chunks.push(chunk);
  }
  if (bytes > MOST_BODY_BYTES) return 'too-large';
  const body = Buffer.concat(chunks);
  const type = request.headers['content-type'] ?? '';
  try {
    if (/^multipart\/form-data\b/i.test(type)) return { fields: await formFields(body, type) };
    return { fields: fieldsOf(JSON.parse(body.toString())) };
  } catch (error) {
    return { broken: error instanceof Error ? error.message : String(error) };
  }
}
