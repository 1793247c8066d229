import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { makeRedactor } from './redact.ts';

const KEY = 'sk-Ab3/x+9"Zq_tT7%y';
const { text: redact, value } = makeRedactor([KEY]);

const unicode = (secret: string): string =>
  Array.from(secret, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`).join('');
const percent = (secret: string): string =>
  Array.from(Buffer.from(secret), (byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
const NAMES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};
const html = (secret: string): string => secret.replaceAll(/[&<>"']/g, (one) => NAMES[one] ?? '');
const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** Every spelling of a secret that must not get through. */
const SPELLINGS: Readonly<Record<string, (secret: string) => string>> = {
  raw: (secret) => secret,
  'JSON-escaped': (secret) => JSON.stringify(secret).slice(1, -1),
  'JSON-escaped twice': (secret) =>
    JSON.stringify(JSON.stringify(secret).slice(1, -1)).slice(1, -1),
  'JSON-escaped with slashes': (secret) =>
    JSON.stringify(secret).slice(1, -1).replaceAll('/', '\\/'),
  'in \\u': unicode,
  'in \\U': (secret) => unicode(secret).replace(/[a-f]/g, (one) => one.toUpperCase()),
  'in \\\\u': (secret) => unicode(secret).replaceAll('\\', '\\\\'),
  'percent-encoded': (secret) => encodeURIComponent(secret),
  'percent-encoded twice': (secret) => encodeURIComponent(encodeURIComponent(secret)),
  'percent-encoded throughout': percent,
  'PERCENT-encoded throughout': (secret) => percent(secret).toUpperCase(),
  'escaped for HTML': (secret) => html(secret),
  'escaped for HTML in JSON': (secret) => JSON.stringify(html(secret)).slice(1, -1),
  'in numbers of HTML': (secret) => secret.replaceAll(/./gsu, (one) => `&#${one.codePointAt(0)};`),
  'in hexadecimal numbers of HTML': (secret) =>
    secret.replaceAll(/./gsu, (one) => `&#x${one.codePointAt(0)?.toString(16).toUpperCase()};`),
  base64,
  'base64 behind one byte': (secret) => base64(`:${secret}`),
  'base64 behind two bytes': (secret) => base64(`u:${secret}`),
  'base64 before more': (secret) => base64(`${secret}:x`),
  base64url: (secret) => Buffer.from(secret).toString('base64url'),
  'base64 in wrapped lines': (secret) => base64(secret).replace(/.{5}/g, '$&\r\n'),
  'base64 in wrapped lines of JSON': (secret) => base64(secret).replace(/.{5}/g, '$&\\n'),
  'base64 percent-encoded': (secret) => encodeURIComponent(base64(secret)),
  'base64 with escaped slashes': (secret) => base64(secret).replaceAll('/', '\\/'),
  hex: (secret) => Buffer.from(secret).toString('hex'),
  HEX: (secret) => Buffer.from(secret).toString('hex').toUpperCase(),
};

/** What of a spelling may stay: base64 shares its outermost characters with what stands around. */
const coreOf = (spelling: string): string => spelling.slice(4, -6);

describe.each(Object.entries(SPELLINGS))('%s', (name, spell) => {
  test('a key is redacted, and what stands around it stays', () => {
    const redacted = redact(`{"before":"${spell(KEY)}"} after`);
    expect(redacted).toContain('[redacted]');
    expect(redacted).not.toContain(coreOf(spell(KEY)));
    expect(redacted.startsWith('{"before":"')).toBe(true);
    expect(redacted.endsWith('"} after')).toBe(true);
    if (!name.startsWith('base64')) expect(redacted).toBe('{"before":"[redacted]"} after');
  });

  test('no secret of printable characters survives amid any text', () => {
    // Backslashes only escape: a secret is known by its other characters, of which real keys have many.
    const printable = fc
      .string({ unit: fc.integer({ min: 33, max: 126 }).map((code) => String.fromCharCode(code)) })
      .chain((start) =>
        fc.constantFrom('q7Xk2Lw9', 'Z-4_tR8v', 'h.W3~mP5s').map((rest) => `${start}${rest}`),
      )
      .filter((one) => one.length <= 80);
    fc.assert(
      fc.property(printable, fc.string(), fc.string(), (secret, before, after) => {
        fc.pre(![before, after].some((one) => /[\w%+/=\\-]$|^[\w%+/=\\-]/.test(one)));
        const spelt = spell(secret);
        const redacted = makeRedactor([secret]).text(`${before} ${spelt} ${after}`);
        expect(redacted).toContain('[redacted]');
        expect(redacted).not.toContain(secret);
        const core = coreOf(spelt);
        if (core.length >= 6 && !`${before}${after}`.includes(core)) {
          expect(redacted).not.toContain(core);
        }
      }),
      { numRuns: 40 },
    );
  });
});

test('a key in a Basic header is redacted', () => {
  for (const user of ['', 'a', 'ab', 'abc']) {
    const header = `Basic ${base64(`${user}:${KEY}`)}`;
    const redacted = redact(header);
    expect(redacted).toContain('[redacted]');
    expect(redacted.length).toBeLessThan(header.length);
    expect(Buffer.from(redacted.slice(6), 'base64').toString()).not.toContain(KEY.slice(3, 12));
  }
});

test('any mixture of spellings is redacted', () => {
  const mixed = fc.tuple(
    ...Array.from(KEY, (one) =>
      fc.constantFrom(one, unicode(one), percent(one), JSON.stringify(one).slice(1, -1)),
    ),
  );
  fc.assert(
    fc.property(mixed, (pieces) => {
      expect(redact(`"${pieces.join('')}"`)).toBe('"[redacted]"');
    }),
  );
});

test('JSON stays JSON, however the key in it is escaped', () => {
  for (const key of [KEY, '"quoted-key"', 'new-api-key', '/slash/key/', 'back\\slash\\key\\']) {
    const { text } = makeRedactor([key]);
    const written = JSON.stringify({ [key]: `a ${key} b`, deep: JSON.stringify({ key }) });
    for (const body of [written, written.replaceAll('/', '\\/')]) {
      const redacted = text(body);
      expect(redacted).not.toContain(key);
      expect(() => JSON.parse(redacted) as unknown, redacted).not.toThrow();
    }
    expect(JSON.parse(text(`{"key":"${unicode(key)}","n":"\\n"}`))).toMatchObject({ n: '\n' });
  }
});

test('every string of a value is redacted, the names of its members included', () => {
  const written = { [`x-${KEY}`]: [`Bearer ${KEY}`, 1, null, { deep: { [KEY]: base64(KEY) } }] };
  const redacted = value(written);
  expect(JSON.stringify(redacted)).not.toContain(JSON.stringify(KEY).slice(1, -1));
  expect(redacted).toMatchObject({
    'x-[redacted]': [
      'Bearer [redacted]',
      1,
      null,
      { deep: { '[redacted]': expect.stringContaining('[redacted]') as string } },
    ],
  });
});

test('a member called __proto__ stays a member', () => {
  const redacted = value(JSON.parse(`{"__proto__":{"a":${JSON.stringify(KEY)}}}`) as object);
  expect(JSON.stringify(redacted)).toBe('{"__proto__":{"a":"[redacted]"}}');
});

test('of secrets that begin alike, each is redacted whole', () => {
  const { text } = makeRedactor(['sk-abcdef', 'sk-abcdef-315', 'sk-zzzzzz']);
  expect(text('sk-abcdef-315 sk-abcdef sk-zzzzzz')).toBe('[redacted] [redacted] [redacted]');
});

test('a text without the secret is left as it is', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (one) => {
      expect(redact(one)).toBe(one);
    }),
  );
  const near = [KEY.slice(0, -1), KEY.slice(1), KEY.toLowerCase(), base64(KEY.slice(0, 8))];
  for (const one of near) expect(redact(`${one} `)).toBe(`${one} `);
});

test.each(Object.entries(SPELLINGS))(
  'the beginning of a key %s is redacted where a text is cut short',
  (_, spell) => {
    const spelled = spell(KEY);
    for (let length = 1; length <= spelled.length; length++) {
      const redacted = redact(`a header: ${spelled.slice(0, length)}`);
      expect(redacted.startsWith('a header: ')).toBe(true);
      const kept = redacted.includes('[redacted]') ? 0 : length;
      expect(kept).toBeLessThanOrEqual(spelled.length / 3);
    }
  },
);

test('backslashes before a key go with it, as many as JSON in JSON puts there', () => {
  for (const backslashes of [1, 3, 7, 15, 31, 63]) {
    const escape = '\\'.repeat(backslashes);
    const spelled = Array.from(KEY, (one) => `${escape}u00${one.charCodeAt(0).toString(16)}`);
    expect(redact(`"${escape}${KEY}"`)).toBe('"[redacted]"');
    if (backslashes < 16) expect(redact(`"${spelled.join('')}"`)).toBe('"[redacted]"');
  }
});

test('a value without a secret is that very value, and of one with a secret only what holds it is made anew', () => {
  const redactor = makeRedactor([KEY]);
  const clean = { headers: { date: 'today' }, attempts: [{ text: 'clean enough' }] };
  expect(redactor.value(clean)).toBe(clean);
  const echoed = { ...clean, body: { texts: ['clean', KEY] } };
  expect(redactor.value(echoed)).toEqual({ ...clean, body: { texts: ['clean', '[redacted]'] } });
  expect(redactor.value(echoed).headers).toBe(clean.headers);
});

test('without a secret, and for a secret too short to be one, nothing changes', () => {
  for (const secrets of [[], ['', 'abc', 'a']]) {
    const { text } = makeRedactor(secrets);
    expect(text('abc a \\\\ %25')).toBe('abc a \\\\ %25');
  }
});

test('a secret of nothing but backslashes redacts nothing else', () => {
  const { text } = makeRedactor(['\\'.repeat(8)]);
  expect(text(`a ${'\\'.repeat(8)} b`)).toBe('a [redacted] b');
  expect(text('a \\n b')).toBe('a \\n b');
});

const FIVE_MB = 5_000_000;

test.each([
  ['backslashes', '\\'],
  ['percent signs', '%'],
  ['percent signs, encoded', '%25'],
  ['percent signs, encoded many times', '25'],
  ['the key without its end', KEY.slice(0, -1)],
  ['the key without its end, between backslashes', `\\\\\\\\${KEY.slice(0, -1)}\\\\\\\\`],
  ['first characters, each behind backslashes', 's\\\\\\\\\\\\\\\\'],
  ['blanks and the first character of its base64', `${base64(KEY).slice(0, 1)}        `],
  ['u', 'u'],
  ['references of HTML', '&#'],
  ['escaped ampersands', '&amp;'],
  ['first characters in numbers of HTML', '&#115;'],
])('5 MB of %s take linear time', (_, piece) => {
  const hostile = piece.repeat(Math.ceil(FIVE_MB / piece.length)).slice(0, FIVE_MB);
  expect(redact(`${hostile}"`)).toHaveLength(FIVE_MB + 1);
});

test('5 MB of a key of backslashes and quotes without its end take linear time', () => {
  const key = `a${'\\"'.repeat(30)}abcdef`;
  const hostile = `a${'\\\\\\"'.repeat(30)}`;
  const { text } = makeRedactor([key]);
  expect(text(`${hostile.repeat(40_000)} `)).toHaveLength(hostile.length * 40_000 + 1);
});
