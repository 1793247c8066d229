import { describe, expect, it } from 'vitest';
import type { Json, Request } from '../domain/claim.ts';
import { writeImage } from '../image/write.ts';
import { aRequest, aTarget } from './engine.fixture.ts';
import { generateRequest } from './generate.ts';
import { outgoing } from './outgoing.ts';

const target = aTarget({ let: { media: 'media.example', key: 'private' } });

function filled(over: Partial<Request>, captured: Readonly<Record<string, Json>>): Request {
  const { json: _, ...bare } = aRequest({});
  const values = new Map(Object.entries(captured));
  const generated = generateRequest({ ...bare, ...over }, target, writeImage, values);
  if (generated.kind === 'missing') throw new Error(generated.missing);
  return generated.value;
}

describe('what a step captured', () => {
  it('keeps its type alone in JSON, and is text in a text', () => {
    const json = {
      id: '${id}',
      list: ['${list}'],
      text: 'video ${id} of ${list}',
      other: '${none}',
    };
    expect(filled({ json }, { id: 7, list: [1, 'a'] }).json).toEqual({
      id: 7,
      list: [[1, 'a']],
      text: 'video 7 of [1,"a"]',
      other: '${none}',
    });
  });

  it('is not looked for in a literal', () => {
    expect(filled({ json: { a: { $literal: '${id}' } } }, { id: 7 }).json).toEqual({ a: '${id}' });
  });

  it('is never filled itself, and generates nothing', () => {
    const hostile = { text: '${target.key} ${id}', image: { $image: { format: 'png' } } };
    const json = { a: '${text}', b: 'x ${text}', c: '${image}', d: 'at ${target.media}' };
    expect(filled({ json }, { ...hostile, id: 'no' }).json).toEqual({
      a: '${target.key} ${id}',
      b: 'x ${target.key} ${id}',
      c: { $image: { format: 'png' } },
      d: 'at media.example',
    });
  });

  it('is one parameter of a query, and one segment of a path', () => {
    const request = filled(
      { method: 'GET', path: '/v1/${id}/x', query: { id: '${id}', n: '${n}' } },
      { id: 'a/b?c=d&e#f', n: 3 },
    );
    expect(outgoing(request, target, 'sk-k').url).toBe(
      'http://gateway.example:4000/v1/a%2Fb%3Fc%3Dd%26e%23f/x?id=a%2Fb%3Fc%3Dd%26e%23f&n=3',
    );
  });

  it('is text in a form and in a body, and no file', () => {
    const file = { base64: 5, filename: 'x', type: 'a\r\nb: c' };
    const form = outgoing(
      filled({ form: { model: 'm', id: '${file}' } }, { file }),
      target,
      'sk-k',
    );
    expect(Buffer.from(form.body ?? '').toString()).toContain(
      `name="id"\r\n\r\n${JSON.stringify(file)}\r\n`,
    );
    const body = outgoing(
      filled({ body: { text: 'id=${id}', type: '${n}' } }, { id: 7, n: 1 }),
      target,
      'sk-k',
    );
    expect([body.body, body.headers['content-type']]).toEqual(['id=7', '1']);
  });

  it('is a url without the key, and without what other requests carry', () => {
    const request = filled(
      { method: 'GET', url: '${video}', auth: 'none' },
      { video: 'https://m.example/1.mp4?a=b' },
    );
    const out = outgoing(request, target, 'sk-k');
    expect(out).toMatchObject({ url: 'https://m.example/1.mp4?a=b', guarded: true });
    expect(out.headers).toEqual({ 'accept-language': 'en' });
  });
});
