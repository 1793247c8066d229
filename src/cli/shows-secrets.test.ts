import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { type Mock, startMock } from '../mock/server.ts';
import { type Desk, KEY_NAME, aDesk, behind } from './desk.fixture.ts';
import { everythingAfter, leaks, ODD_KEY } from './leaks.fixture.ts';

const PLAIN_KEY = 'sk-PlainAsMostKeysAre0123456789abcdef';
const CHANNEL = 315;

/** One claim for each way in which a key is shown; the last expectation fails on an echo, and its finding quotes it. */
const SUITE = `
suite: echoes
page: page.md
rehearse: 2026-03-30
let: { prompt: zero }
requests:
  bearer: { path: /v1/images/generations, json: { model: nano-banana-2, prompt: '\${prompt}' } }
  query-key:
    path: /v1beta/models/gemini-3.1-flash-image-preview:generateContent
    auth: query-key
    json: { contents: [ { role: user, parts: [ { text: '\${prompt}' } ] } ], generationConfig: { responseModalities: [IMAGE] } }
  google-key: { like: query-key, auth: google-key }
claims:
${['bearer', 'query-key', 'google-key']
  .map(
    (way) => `
  - id: ${way}
    says: The key that is shown as ${way} comes back
    vary: { prompt: [one, two, three, four, five, six] }
    request: { like: ${way} }
    expect: [ { json: { at: $.echo, equals: nothing } }, { header: { name: x-echo, equals: nothing } } ]`,
  )
  .join('')}
tables:
  - { under: Status, key: Way, owns: Word, from: [production], words: { holds: works, else: open }, rows: [ { row: bearer, needs: [bearer] } ] }
`;
const PAGE = '# Page\n\n## Status\n\n| Way | Word |\n| --- | --- |\n| bearer | works |\n';

const RUNS: readonly (readonly string[])[] = [
  ['plan', '--target', 'production', '--format', 'json'],
  ['run', '--target', 'production'],
  ['run', '--target', 'production', '--format', 'json'],
];

/** Every verb that prints or keeps something of an exchange, after the run. */
const READERS: readonly (readonly string[])[] = [
  ['explain', 'echoes'],
  ['status'],
  ['status', '--format', 'json'],
  ['judge'],
  ['judge', '--format', 'json'],
  ['docs', '--check', '--pages', '.'],
  ['ledger', 'verify'],
];

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

describe.each([
  ['plain', PLAIN_KEY],
  ['full of characters that must be escaped', ODD_KEY],
])('a key that is %s', (_, key) => {
  test('reaches neither file nor screen in whatever spelling a body or a header gives it away', async () => {
    // Sent one by one, each of the three ways meets all six spellings, with its second trials.
    const mock = await mockWith(
      'echo.body=raw|json|percent|base64|basic|split',
      'echo.header=base64|raw|json|percent|basic|none',
    );
    const desk = await deskWith(mock);
    const seen = await everythingAfter(desk, { [KEY_NAME]: key }, [...RUNS, ...READERS]);

    expect(mock.counts().generations).toBe(2 * 2 * 3 * 6);
    expect(seen.split('[redacted]').length).toBeGreaterThan(100);
    expect(leaks(seen, key)).toEqual([]);
  });

  test('reaches neither file nor screen from bodies that are compressed, cut short or errors', async () => {
    const mock = await mockWith(
      'echo.body=raw|json',
      'echo.header=raw',
      'encoding=gzip|identity|identity',
      'answer=own|own|own|truncated',
      'fail=none|none|none|none|400',
    );
    const desk = await deskWith(mock);
    const seen = await everythingAfter(desk, { [KEY_NAME]: key }, [
      ...RUNS,
      ['explain', 'echoes'],
      ['judge'],
    ]);

    expect(seen).toContain('[redacted]');
    expect(leaks(seen, key)).toEqual([]);
  });

  test('reaches neither file nor screen when the run fails before an answer', async () => {
    const mock = await startMock({ world: '2026-03-30' });
    const desk = await deskWith(mock);
    await mock.close();
    const seen = await everythingAfter(desk, { [KEY_NAME]: key }, RUNS);

    expect(seen).toContain('ECONNREFUSED');
    expect(leaks(seen, key)).toEqual([]);
  });
});

test('a key is found in each of its spellings by what these tests look with', () => {
  const bytes = Buffer.from(`${ODD_KEY}-${CHANNEL}`);
  const spelled = [
    ODD_KEY,
    JSON.stringify(ODD_KEY),
    JSON.stringify(JSON.stringify(ODD_KEY)),
    encodeURIComponent(ODD_KEY),
    encodeURIComponent(ODD_KEY).replaceAll(/%../g, (code) => code.toLowerCase()),
    Buffer.from(`${ODD_KEY}:`).toString('base64'),
    Buffer.concat([Buffer.from('x'), bytes]).toString('base64'),
    Buffer.concat([Buffer.from('xy'), bytes]).toString('base64url'),
    bytes.toString('hex'),
  ];
  expect(spelled.filter((text) => leaks(`before ${text} behind`, ODD_KEY).length === 0)).toEqual(
    [],
  );
});

async function mockWith(...faults: readonly string[]): Promise<Mock> {
  const mock = await startMock({ world: '2026-03-30', faults });
  closing.push(mock.close);
  return mock;
}

async function deskWith(mock: Mock): Promise<Desk> {
  const target = { ...behind(mock), channel: CHANNEL, concurrency: 1 };
  const desk = await aDesk({ suites: { 'echoes.yaml': SUITE }, target });
  closing.push(desk.close);
  await writeFile(join(desk.folder, 'page.md'), PAGE);
  return desk;
}
