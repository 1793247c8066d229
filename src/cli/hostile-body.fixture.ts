import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { KEY } from './desk.fixture.ts';
import { type Hostile, LARGE_MIB, respond } from './hostile.fixture.ts';

const MIB = 1 << 20;
const OK = '{"ok":true}';
const NOT_OK = { exit: 1 } as const;
/** Under the cap of a body (adapters/http.ts), and over it. */
const UNDER = 60 * MIB;
const OVER = 65 * MIB;
/** Enough to exhaust any memory, if it were parsed. */
const BOMB = 24 * MIB;

/** Servers whose bodies are hostile: how they are encoded, what they cost to read, and what they say. */
export const HOSTILE_BODIES: Readonly<Record<string, Hostile>> = {
  // Encodings
  'sends a gzip bomb': encoded('gzip', () => gzipSync(Buffer.alloc(OVER)), /^oversized/),
  'sends a deflate bomb': encoded('deflate', () => deflateSync(Buffer.alloc(OVER)), /^oversized/),
  'sends a brotli bomb': encoded('br', () => brotli(Buffer.alloc(OVER)), /^oversized/),
  'sends a zstd bomb': encoded('zstd', () => zstdCompressSync(Buffer.alloc(OVER)), /^oversized/),
  'sends a bomb in a bomb': encoded(
    'gzip, gzip',
    () => gzipSync(gzipSync(Buffer.alloc(1024 * MIB))),
    /^oversized/,
  ),
  'encodes a body ten times': encoded(
    Array(10).fill('gzip').join(','),
    () => gzipSync(OK),
    /^malformed: encoded 10 times/,
  ),
  'sends gzip that breaks off': encoded('gzip', () => gzipSync(OK).subarray(0, -9), /^malformed/),
  'sends gzip of a wrong checksum': encoded(
    'gzip',
    () => Buffer.concat([gzipSync(OK).subarray(0, -8), Buffer.alloc(8)]),
    /^malformed/,
  ),
  'sends gzip with garbage behind it': encoded(
    'gzip',
    () => Buffer.concat([gzipSync(OK), Buffer.from('garbage')]),
    /^malformed/,
  ),
  'says gzip and sends none': encoded('gzip', () => Buffer.from(OK), /^malformed/),
  'sends an encoding that nobody knows': encoded('rot13', () => Buffer.from(OK), /^malformed/),
  'sends a million empty gzip members': encoded(
    'gzip',
    () => {
      const empty = gzipSync('');
      return Buffer.alloc(1_000_000 * empty.length, empty);
    },
    /an empty body/,
    1,
  ),

  // Characters
  'sends invalid UTF-8': {
    ...NOT_OK,
    answer: respond(
      Buffer.concat([Buffer.from('{"ok":"'), Buffer.of(0xc3, 0x28, 0xff), Buffer.from('"}')]),
    ),
    said: /true, "\ufffd\(\ufffd"/,
  },
  'sends UTF-16': {
    ...NOT_OK,
    answer: respond(Buffer.from(`\ufeff${OK}`, 'utf16le')),
    said: /no JSON/,
  },
  'sends a byte order mark': { ...NOT_OK, answer: respond(`\ufeff${OK}`), said: /no JSON/ },
  'sends NUL bytes': { ...NOT_OK, answer: respond(`${OK}\0\0`), said: /JSON that breaks off/ },
  'sends lone surrogates': {
    ...NOT_OK,
    answer: respond('{"ok":"\\ud800\\udc00\\udc00\\ud800"}'),
    said: /true, /,
  },
  'sends terminal escapes': {
    ...NOT_OK,
    answer: respond(
      '{"ok":"\\u001b[2J\\u001b]0;owned\\u0007\\u009b31m\\u202egnp.exe\\u2028\\u0000"}',
      {
        headers: 'X-Oneapi-Request-Id: a\u009b2Jb\r\n',
      },
    ),
    said: /true, /,
  },
  'sends terminal escapes in an error': {
    answer: respond('{"error":{"message":"\\u001b[2Jgone\\u009b31m\\u202e","code":"\\u001b[8m"}}', {
      status: '401 Unauthorized',
    }),
    exit: 3,
    said: /^unauthorized: 401 /,
  },
  'sends lines of a ledger': {
    ...NOT_OK,
    answer: respond(
      '{"ok":"\\n{\\"kind\\":\\"end\\"}\\n"}\n{"kind":"evidence","evidence":{"id":"x"}}\n',
    ),
    said: /no JSON/,
  },

  // JSON
  'sends members called __proto__': {
    ...NOT_OK,
    answer: respond('{"__proto__":{"ok":true},"constructor":{"prototype":{"ok":true}}}'),
    said: /nothing there/,
  },
  'sends a member twice': {
    ...NOT_OK,
    answer: respond('{"ok":true,"ok":false}'),
    said: /true, false/,
  },
  'sends numbers beyond all numbers': {
    ...NOT_OK,
    answer: respond(
      '{"ok":1e999,"usage":{"total_tokens":-1e999},"created":123456789012345678901234567890}',
    ),
    said: /true, Infinity/,
  },
  'nests JSON 100,000 levels deep': {
    ...NOT_OK,
    answer: respond('['.repeat(100_000) + ']'.repeat(100_000)),
    said: /nests deeper than 100 levels/,
  },
  'nests JSON 12 million levels deep': large(
    () => '['.repeat(BOMB / 2) + ']'.repeat(BOMB / 2),
    /nests deeper/,
  ),
  'opens 24 million arrays': large(() => '['.repeat(BOMB), /nests deeper/),
  'opens 4 million objects': large(() => '{"a":'.repeat(BOMB / 5), /nests deeper/),
  'sends 8 million empty arrays': large(
    () => `[${'[],'.repeat(BOMB / 3)}0]`,
    /more than .* values/,
  ),
  'sends 8 million empty objects': large(
    () => `[${'{},'.repeat(BOMB / 3)}0]`,
    /more than .* values/,
  ),
  'sends 2 million members': large(
    () => `{${Array.from({ length: 2_000_000 }, (_, at) => `"${at}":0,`).join('')}"ok":0}`,
    /more than .* values/,
  ),
  'sends a string of 60 MiB': {
    ...large(() => `{"ok":"${'x'.repeat(UNDER)}"}`, /true, "xxx/),
    mostMiB: LARGE_MIB.of60,
  },
  'sends a string of 60 MiB with one wide character': {
    ...large(() => `{"ok":"${'x'.repeat(UNDER - 3)}\u65e5"}`, /true, "xxx/),
    mostMiB: 520, // two bytes a character: 347 was measured
  },
  'sends 24 MiB of backslashes': large(() => `{"ok":"${'\\'.repeat(BOMB)}"}`, /true, /),
  'sends an error of 60 MiB': {
    ...large(() => `{"error":{"message":"${'x'.repeat(UNDER)}"}}`, /2xx, 400 "xxx/),
    answer: (wire) =>
      respond(`{"error":{"message":"${'x'.repeat(UNDER)}"}}`, { status: '400 Bad Request' })(wire),
    mostMiB: LARGE_MIB.of60,
  },
  'sends a string of 4 million escapes': large(
    () => `{"ok":"${'\\u0078'.repeat(BOMB / 6)}"}`,
    /true, "xxx/,
  ),
  'sends 24 MiB of blanks': large(() => ' '.repeat(BOMB), /an empty body/),
  'sends a million elements': {
    ...large(() => JSON.stringify({ data: Array(1_000_000).fill(1) }), /true, 1/),
    expect: [{ json: { at: '$.data[*]', equals: true } }],
  },
  'sends a million elements to every path': {
    ...large(() => JSON.stringify({ data: Array(1_000_000).fill(1) }), /nothing there/),
    expect: [{ json: { at: '$..ok', equals: true } }],
  },
  'sends what a backtracking pattern never ends with': {
    ...large(() => JSON.stringify({ ok: `${'a'.repeat(1_000_000)}!` }), /a match of/),
    expect: [{ json: { at: '$.ok', matches: '^(a+)+$' } }],
  },

  'sends events of 8 million values': events(() =>
    `data: [${'{},'.repeat(80_000)}0]\n\n`.repeat(100),
  ),
  'sends 4 million events': events(() => 'data:0\n\n'.repeat(BOMB / 8)),
  'sends an event of 24 MiB': {
    ...events(() => `data: {"choices":[{"delta":{"content":"${'x'.repeat(BOMB)}"}}]}\n\n`),
    exit: 1,
    said: /a stream that ends|\[DONE\]|terminator/,
  },

  // What it says of itself
  'writes tokens of images by hand': {
    ...NOT_OK,
    answer: respond(
      JSON.stringify({
        data: [{ b64_json: `<image/png,1024x1024,12345,sha256:${'0'.repeat(64)}>` }],
      }),
    ),
    expect: [{ image: 'any' }],
    said: /a whole image, no base64/,
  },
  'says that it is a mock': {
    answer: respond(OK, { headers: 'X-Assay-Mock: 2026-03-30\r\n' }),
    exit: 0,
    said: /^pass/,
  },
  'echoes the key in every header': {
    answer: respond(OK, {
      headers: [KEY, `Bearer ${KEY}`, encodeURIComponent(KEY), base64(KEY), base64(`u:${KEY}`)]
        .map((value, at) => `X-${at}: ${value}\r\n`)
        .join(''),
    }),
    exit: 0,
    said: /^pass$/,
  },
  'echoes the key a million times': large(
    () => JSON.stringify({ ok: KEY.repeat(1_000_000) }),
    /\[redacted\]/,
  ),
  'echoes all but the end of the key, for 24 MiB': large(
    () => JSON.stringify({ ok: KEY.slice(0, -1).repeat(BOMB / (KEY.length - 1)) }),
    /true, "sk-/,
  ),
  'echoes the key in endless escapes': large(
    () => JSON.stringify({ ok: `${'\\'.repeat(16)}s${'%25'.repeat(8)}`.repeat(BOMB / 410) }),
    /true, "/,
  ),
};

function encoded(
  encoding: string,
  make: () => Uint8Array,
  said: RegExp,
  exit: Hostile['exit'] = 3,
): Hostile {
  return {
    answer: (wire) => respond(make(), { headers: `Content-Encoding: ${encoding}\r\n` })(wire),
    exit,
    said,
    mostMiB: LARGE_MIB.of24,
  };
}

/** A body that is made only once somebody asks for it. */
function large(make: () => string, said: RegExp): Hostile {
  return {
    answer: (wire) => respond(make())(wire),
    exit: 1,
    said,
    mostMiB: LARGE_MIB.of24,
  };
}

/** A stream of events that is made only once somebody asks for it. */
function events(make: () => string): Hostile {
  return {
    answer: (wire) => respond(make(), { headers: 'Content-Type: text/event-stream\r\n' })(wire),
    expect: [{ events: { ends: '[DONE]' } }],
    exit: 3,
    said: /^oversized: more than/,
    mostMiB: LARGE_MIB.of24,
  };
}

function brotli(bytes: Uint8Array): Uint8Array {
  return brotliCompressSync(bytes, { params: { 1: 1 } });
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
