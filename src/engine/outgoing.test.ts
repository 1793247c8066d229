import { expect, it } from 'vitest';
import { writeImage } from '../image/write.ts';
import { aRequest, aTarget, makeHash, sha256 } from './engine.fixture.ts';
import { generateRequest } from './generate.ts';
import { outgoing, sent } from './outgoing.ts';

const target = aTarget({ baseUrl: 'http://h:1/prefix/', channel: 315 });

it.each([
  [
    'bearer',
    'http://h:1/prefix/v1/x',
    { authorization: 'Bearer sk-k-315' },
    { authorization: 'Bearer $LOCAL_KEY' },
  ],
  [
    'google-key',
    'http://h:1/prefix/v1/x',
    { 'x-goog-api-key': 'sk-k-315' },
    { 'x-goog-api-key': '$LOCAL_KEY' },
  ],
  ['query-key', 'http://h:1/prefix/v1/x?key=sk-k-315', {}, {}],
  ['none', 'http://h:1/prefix/v1/x', {}, {}],
] as const)(
  'with auth %s the key goes out pinned, and is stored as the name of its variable',
  (auth, url, real, stored) => {
    const request = aRequest({ a: 1 }, { auth });
    const plain = { 'accept-language': 'en', 'content-type': 'application/json' };
    const out = outgoing(request, target, 'sk-k');
    expect(out).toMatchObject({ url, headers: { ...plain, ...real }, body: '{"a":1}' });
    const kept = sent(request, target, out, makeHash);
    expect(kept).toEqual({
      method: 'POST',
      url: url.replace('sk-k-315', '$LOCAL_KEY'),
      headers: { ...plain, ...stored },
      body: '{"a":1}',
    });
    expect(JSON.stringify(kept)).not.toMatch(/sk-k|315/);
  },
);

it('an absolute URL never bears the key, and goes out guarded', () => {
  const request = {
    ...aRequest({ a: 1 }, { auth: 'bearer' }),
    url: 'https://other.example/a?b=1',
    query: { c: 'd e' },
  };
  const out = outgoing(request, target, 'sk-k');
  expect(out).toMatchObject({ url: 'https://other.example/a?b=1&c=d%20e', guarded: true });
  expect(JSON.stringify(out)).not.toContain('sk-k');
});

it('headers of the suite win, and the timeout of the request over that of the target', () => {
  const request = aRequest(
    {},
    { headers: { 'accept-language': 'zh', 'content-type': 'text/plain' }, timeoutMs: 5 },
  );
  expect(outgoing(request, target, undefined)).toMatchObject({
    headers: { 'accept-language': 'zh', 'content-type': 'text/plain' },
    timeoutMs: 5,
    guarded: false,
  });
});

it('an image in what was sent is stored reduced', () => {
  const base64 = Buffer.from(writeImage({ format: 'png', width: 3, height: 2 })).toString('base64');
  const out = outgoing(aRequest({ image: base64 }), target, undefined);
  expect(out.body).toContain(base64);
  expect(sent(aRequest({ image: base64 }), target, out, makeHash).body).toMatch(
    /^\{"image":"<image\/png,3x2,\d+,sha256:[0-9a-f]{64}>"\}$/,
  );
});

const png = writeImage({ format: 'png', width: 64, height: 64 });
const made = (more: object) => {
  const filled = generateRequest({ ...aRequest({}), ...more }, target, writeImage);
  if (filled.kind === 'missing') throw new Error(filled.missing);
  return filled.value;
};
const { json: _, ...bare } = aRequest({});

it('a form goes out with its files, and is kept with what they are', () => {
  const $image = { as: 'file', width: 64, height: 64, filename: 'hero.png' };
  const request = {
    ...made({ ...bare, json: undefined, form: { model: 'm', image: { $image } } }),
  };
  const out = outgoing(request, target, 'sk-k');
  const body = Buffer.from(out.body ?? '');
  expect(out.headers['content-type']).toBe('multipart/form-data; boundary=assay-form-0');
  expect(body.includes(Buffer.from(png))).toBe(true);
  const kept = sent(request, target, out, makeHash);
  expect(kept.headers['content-type']).toBe(out.headers['content-type']);
  expect(kept.body?.split('\r\n').slice(4, 9)).toEqual([
    '--assay-form-0',
    'Content-Disposition: form-data; name="image"; filename="hero.png"',
    'Content-Type: image/png',
    '',
    `<image/png,64x64,${png.length},sha256:${sha256(png)}>`,
  ]);
});

it.each([
  [{ text: '{"a":', type: 'application/json' }, '{"a":', '{"a":'],
  [{ text: '', type: 'application/xml' }, '', ''],
  [{ text: { $literal: '${x}' } }, '${x}', '${x}'],
  [{ bytes: 'w6k=' }, 'é', 'é'],
  [{ bytes: '' }, '', ''],
])('a body of %j goes out as it stands', (body, goesOut, isKept) => {
  const request = made({ ...bare, json: undefined, body });
  const out = outgoing(request, target, 'sk-k');
  expect(Buffer.from(out.body ?? 'none').toString()).toBe(goesOut);
  expect(out.headers['content-type']).toBe('type' in body ? body.type : undefined);
  expect(sent(request, target, out, makeHash).body).toBe(isKept);
});

it('bytes that are no text go out as they are, and are kept as what they are', () => {
  const image = made({ ...bare, json: undefined, body: { bytes: { $image: {} } } });
  const out = outgoing(image, target, 'sk-k');
  expect(out.body).toEqual(Buffer.from(png));
  expect(sent(image, target, out, makeHash).body).toContain('<image/png,64x64,');
  const noise = made({ ...bare, json: undefined, body: { bytes: '/wA=' } });
  expect(sent(noise, target, outgoing(noise, target, 'sk-k'), makeHash).body).toContain(
    '<application/octet-stream,0x0,2,',
  );
});
