import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boundaryOf, encodeForm, partsOf } from './form.ts';

const file = (filename: string, bytes: Uint8Array, type = 'image/png') => ({
  filename,
  type,
  base64: Buffer.from(bytes).toString('base64'),
});

/** What a reader of multipart/form-data that is not ours makes of a form. */
async function read(form: Parameters<typeof partsOf>[0]) {
  const parts = partsOf(form);
  const boundary = boundaryOf(parts);
  const answer = new Response(new Uint8Array(encodeForm(parts, boundary)), {
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
  });
  const entries = [...(await answer.formData())];
  return await Promise.all(
    entries.map(async ([name, value]) =>
      typeof value === 'string'
        ? [name, value]
        : [name, value.name, value.type, Buffer.from(await value.bytes()).toString('hex')],
    ),
  );
}

describe('a form', () => {
  it('has a part for each field, each item of a list and each file', async () => {
    const form = {
      model: 'm',
      n: 2,
      raw: true,
      tag: ['a', ['b']],
      image: [file('a.png', Buffer.from([0, 255])), file('b.png', Buffer.from('x'), 'text/x')],
    };
    expect(await read(form)).toEqual([
      ['model', 'm'],
      ['n', '2'],
      ['raw', 'true'],
      ['tag', 'a'],
      ['tag', 'b'],
      ['image', 'a.png', 'image/png', '00ff'],
      ['image', 'b.png', 'text/x', '78'],
    ]);
  });

  it('has no file but those that are made: a mapping that a target declares goes out as its JSON', async () => {
    expect(await read({ a: { base64: 1 }, b: { base64: 'AAAA' } })).toEqual([
      ['a', '{"base64":1}'],
      ['b', '{"base64":"AAAA"}'],
    ]);
  });

  it('is written as browsers write it', () => {
    const parts = partsOf({ 'a"\r\nb': 'one\ntwo', f: file('"\n.png', Buffer.from('x')) });
    expect(encodeForm(parts, 'B').toString()).toBe(
      [
        '--B',
        'Content-Disposition: form-data; name="a%22%0D%0Ab"',
        '',
        'one\r\ntwo',
        '--B',
        'Content-Disposition: form-data; name="f"; filename="%22%0A.png"',
        'Content-Type: image/png',
        '',
        'x',
        '--B--',
        '',
      ].join('\r\n'),
    );
  });

  it('has a boundary that stands in none of its parts', () => {
    const hostile = { a: 'assay-form-0', f: file('f', Buffer.from('..assay-form-1..')) };
    expect(boundaryOf(partsOf({ a: 'b' }))).toBe('assay-form-0');
    expect(boundaryOf(partsOf(hostile))).toBe('assay-form-2');
  });

  it('comes back from a reader that is not ours, whatever stands in it', async () => {
    const text = fc.string({ unit: 'grapheme' });
    const name = text.filter((one) => one !== '' && one !== '__proto__');
    const value = fc.oneof(
      text,
      fc.constantFrom('--assay-form-0', '\r\n--assay-form-0--\r\n', 'a\rb\nc', '"; filename="x'),
      fc.record({ name: text, bytes: fc.uint8Array({ maxLength: 64 }) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.dictionary(name, value), async (fields) => {
        const form = Object.fromEntries(
          Object.entries(fields).map(([key, one]) => [
            key,
            typeof one === 'string' ? one : file(one.name, one.bytes),
          ]),
        );
        const lines = (one: string) => one.replace(/\r\n|\r|\n/g, '\r\n');
        expect(await read(form)).toEqual(
          Object.entries(fields).map(([key, one]) =>
            typeof one === 'string'
              ? [lines(key), lines(one)]
              : [lines(key), one.name, 'image/png', Buffer.from(one.bytes).toString('hex')],
          ),
        );
      }),
      { numRuns: 300 },
    );
  });
});
