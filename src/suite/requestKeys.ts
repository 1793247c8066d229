import { z } from 'zod';
import { duration, sentence } from './atoms.ts';
import { generated } from './generators.ts';

const scalar = z.union([z.string(), z.number(), z.boolean()]);

/** Set by Assay itself, or by the connection: a suite that wrote them would break or leak a request. */
const REFUSED_HEADERS: readonly string[] = [
  'authorization',
  'x-goog-api-key',
  'host',
  'content-length',
  'transfer-encoding',
  'connection',
  'keep-alive',
  'upgrade',
  'expect',
];

const headerName = z
  .string()
  .regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, 'this is no name of a header')
  .refine(
    (header) => !REFUSED_HEADERS.includes(header.toLowerCase()),
    'Assay sets this header itself',
  );
const headerText = z
  .string()
  .regex(/^[\t\x20-\x7e\x80-\xff]*$/, 'a header has one line of Latin-1 characters');
const headerValue = z.union([headerText, z.number(), z.boolean()]);

const FIELD = 'a field of a form is text, a number, true or false, a generator, or a list of those';
const field = z.union([scalar, generated], FIELD);
const fields = z.union([scalar, generated, z.array(field)], FIELD);

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const rawBody = z
  .strictObject({
    text: z
      .union([
        z.string(),
        z.strictObject({ $literal: z.string() }),
        z.strictObject({ $text: z.unknown() }),
      ])
      .optional(),
    bytes: z
      .union([
        z.string().regex(BASE64, 'bytes are written in base64'),
        z.strictObject({ $image: z.unknown() }),
      ])
      .optional()
      .describe('in base64, or { $image: … }'),
    type: headerText.optional().describe('the content type; none'),
  })
  .refine(
    (value) => (value.text === undefined) !== (value.bytes === undefined),
    'a body has either text or bytes',
  )
  .describe('the body, as it stands');

/** Every key of a request, after filling. */
export const requestKeys = z
  .strictObject({
    like: sentence.optional().describe('the named request that this one is merged over'),
    method: z
      .enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'])
      .optional()
      .describe('POST with a body, else GET'),
    path: z
      .string()
      .regex(
        /^\/(?![/\\])[^?#\\\s]*$/,
        'a path begins with one /, and has no ?, # or blank (see query)',
      )
      .optional()
      .describe("below the target's base"),
    url: z
      .string()
      .regex(/^(https?:\/\/|\$\{)\S+$/, 'a url begins with http:// or https://')
      .optional()
      .describe('absolute, and sent without the key'),
    query: z.record(z.string(), scalar).optional(),
    headers: z.record(headerName, headerValue).optional(),
    auth: z
      .enum(['bearer', 'query-key', 'google-key', 'none'])
      .optional()
      .describe('how the key is shown; bearer'),
    json: z.unknown().optional().describe('the body, in JSON; at most one of json, form, body'),
    form: z
      .record(sentence, fields)
      .optional()
      .describe('the body, in multipart/form-data: name → value, file, or list of those'),
    body: rawBody.optional(),
    timeout: duration.optional().describe("for the whole answer; the target's"),
  })
  .meta({ id: 'request' });
