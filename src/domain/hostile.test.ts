import { describe, expect, test } from 'vitest';
import { answered, gemini, judgedBy, error, type Written, verdict } from './exchange.fixture.ts';

describe('hostile answers', () => {
  const EVERY: readonly Written[] = [
    { image: 'any' },
    { text: 'any' },
    { alias: 'm' },
    { schema: 's' },
    { json: { at: '$..a', equals: 1 } },
    { rejected: { message: 'm' } },
  ];

  test.each([
    ['arrays', '[', ']'],
    ['objects', '{"a":', '}'],
    ['candidates', '{"candidates":[', ']}'],
  ])('100,000 levels of %s neither crash nor pass', (_, open, close) => {
    const text = `${open.repeat(100_000)}1${close.repeat(100_000)}`;
    for (const status of [200, 400, 503]) {
      for (const one of EVERY) {
        expect(verdict(answered(status, text), [one]).kind).not.toBe('pass');
      }
    }
    expect(verdict(answered(200, text), [{ json: { at: '$', exists: true } }])).toMatchObject({
      findings: [{ actual: 'JSON that nests deeper than 100 levels' }],
    });
  });

  test('members called __proto__ or constructor neither crash nor count', () => {
    const hidden =
      '{"error":{"message":"m"},"candidates":[{"finishReason":"NO_IMAGE"}],"modelVersion":"m"}';
    const text = `{"__proto__":${hidden},"constructor":{"prototype":${hidden}}}`;
    for (const one of EVERY.filter(({ schema }) => schema === undefined)) {
      expect(verdict(answered(200, text), [one]).kind).not.toBe('pass');
    }
    expect(verdict(answered(200, text), [{ status: 200 }])).toEqual({ kind: 'pass' });
    expect(Object.hasOwn(Object.prototype, 'error')).toBe(false);
  });

  test.each(['null', '0', '""', '[]', 'true', '{"candidates":{}}', '{"candidates":[null,1,[]]}'])(
    '%s neither crashes nor shows anything',
    (text) => {
      expect(verdict(answered(200, text), [{ image: 'any' }])).toMatchObject({ kind: 'fail' });
      expect(verdict(answered(200, text), [{ text: 'any' }])).toMatchObject({ kind: 'fail' });
      expect(verdict(answered(200, text), [{ status: 200 }])).toEqual({ kind: 'pass' });
    },
  );

  test('200,000 false images make a short record', () => {
    const answer = answered(200, 'data:image/png;base64,x '.repeat(200_000));
    const judged = verdict(answer, [{ image: 'any' }]);
    expect(judged).toMatchObject({ kind: 'fail' });
    expect(JSON.stringify(judged).length).toBeLessThan(10_000);
  });

  test('a message of a million characters makes a short record', () => {
    const long = 'x'.repeat(1_000_000);
    for (const [status, written] of [
      [401, { status: 200 }],
      [400, { image: 'any' }],
      [400, { rejected: { message: 'y' } }],
      [200, { json: { at: '$.error.message', equals: 'y' } }],
    ] as const) {
      const judged = verdict(answered(status, error('c', long)), [written]);
      expect(judged.kind).not.toBe('pass');
      expect(JSON.stringify(judged).length).toBeLessThan(5_000);
    }
  });
});

test('hostile texts are searched in linear time', () => {
  for (const piece of ['![', '![](http://', 'http://', 'https://a.', 'data:image/png;', '.png']) {
    const text = piece.repeat(200_000);
    expect(judgedBy('image', 'none', answered(200, text)).constructor).toBe(Array);
    expect(judgedBy('image', 'none', answered(200, gemini([{ text }]))).constructor).toBe(Array);
  }
});

test('of millions of addresses so many are looked at, and no more', () => {
  const text = Array.from({ length: 1_000_000 }, (_, at) => `http://a/${at}.png`).join(' ');
  for (const answer of [text, JSON.stringify({ choices: [{ message: { content: text } }] })]) {
    expect(judgedBy('image', { count: 1 }, answered(200, answer))).toMatchObject([
      { what: 'count', actual: '10000' },
    ]);
  }
});

test('an image behind any number of other addresses is found', () => {
  const text = `${'http://a/page '.repeat(100_000)} http://a/1.png`;
  expect(judgedBy('image', { count: 1 }, answered(200, gemini([{ text }])))).toMatchObject({
    cause: 'unfetched',
  });
});
