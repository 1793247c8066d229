import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { assay } from './cli.fixture.ts';
import { hasTerminal, onTerminal } from './terminal.fixture.ts';

// oxlint-disable-next-line no-control-regex -- those are the ones that a terminal obeys
const CONTROL = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/;

const LONG_NAME = '长的中文提示词🎨'.repeat(8);
const NAMES = ['a', '图片生成', '🎨', 'ü', '✅', 'e\u0301', 'f', 'g', 'h', 'i'];

/** Two thousand cases in two hundred claims, of which some contradict and some fail where nothing is promised; and one by an interval. */
function aLongSuite(): string {
  const claims = Array.from({ length: 200 }, (_, at) => {
    const fails = at % 50 === 7 || at % 50 === 9;
    const as = at % 50 === 9 ? 'open' : 'holds';
    const name = JSON.stringify(NAMES);
    return `  - { id: c${at}, says: Claim ${at} lists models, documented: { as: ${as} }, let: { at: ${at} }, vary: { name: ${name} }, expect: [ { json: { at: $.object, equals: ${fails ? 'lost' : 'list'} } } ] }`;
  });
  const rows = Array.from(
    { length: 200 },
    (_, at) => `      - { row: Row ${at}, needs: [c${at}] }`,
  );
  return `suite: long
page: long.md
rehearse: 2026-03-30
let: { at: 0, name: a }
requests: { list: { method: GET, path: /v1/models, query: { at: "\${at}", name: "\${name}" } } }
claims:
${claims.join('\n')}
  - { id: rate, says: Mostly, documented: { as: holds }, vary: { name: [${LONG_NAME}] }, trials: { of: 20, atLeast: 0.8, confidence: 0.9 }, expect: [ { json: { at: $.object, equals: list } } ] }
tables:
  - under: Status
    key: What
    owns: Word
    from: [local]
    words: { holds: Verified, else: Beta }
    rows:
${rows.join('\n')}
`;
}

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assay-long-'));
  await mkdir(join(folder, 'suites'));
  await writeFile(join(folder, 'suites', 'long.yaml'), aLongSuite());
  const targets =
    'targets: { mock: { grade: rehearsal, concurrency: 16 }, local: { grade: live, baseUrl: "http://127.0.0.1:1" } }';
  await writeFile(join(folder, 'suites', 'targets.yaml'), targets);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The columns that a text takes: told by other means than those that cut it. */
function cells(text: string): number {
  const signs = Array.from(text.replaceAll(/[\p{Mn}\u200d]/gu, ''));
  return signs.reduce(
    (sum, sign) => sum + (/[\p{Script=Han}\p{Emoji_Presentation}]/u.test(sign) ? 2 : 1),
    0,
  );
}

describe('a run of 2,000 cases', () => {
  test('in a pipe is ten plain lines, and what a person wants to read', async () => {
    const { code, stdout, stderr } = await assay(['run'], { cwd: folder });
    expect(code).toBe(1);
    expect(stdout + stderr).not.toMatch(CONTROL);
    const progress = stderr.split('\n').filter((line) => line.includes(' exchanges · '));
    expect(progress).toHaveLength(10);
    expect(progress.at(-1)).toMatch(/^2001\/2001 exchanges · 1921 pass · 80 fail · 0 inconclusive/);

    const lines = stdout.trimEnd().split('\n');
    expect(lines.length).toBeLessThan(120);
    expect(Math.max(...lines.map(cells))).toBeLessThanOrEqual(80);
    const at = (text: string) => lines.findIndex((line) => line.startsWith(text));
    // What contradicts the docs is told last, each case by its name, and the line that sums it up below.
    expect(at('Contradicts the docs (40)')).toBeGreaterThan(at('Fails, but the docs promise'));
    expect(at('Contradicts the docs (40)')).toBeGreaterThan(at('long.md · Status'));
    const told = stdout.slice(stdout.indexOf('Contradicts the docs'));
    for (const claim of ['c7', 'c57', 'c107', 'c157'])
      expect(told).toContain(`  long/${claim}/name=`);
    expect(told.match(/name=/g)).toHaveLength(40);
    expect(told.match(/--> suites\/long\.yaml:\d+:\d+ {2}json/g)).toHaveLength(4);
    expect(told).toContain('2001 cases in ');
    expect(stdout).toMatch(/ {2}Verified {2}192: Row 0, Row 1, /);
    expect(stdout).toContain('assay status shows each row with its because');
  });

  test.skipIf(!hasTerminal)(
    'on a terminal of 80 columns rewrites one line, which never breaks, at most 20 times a second',
    async () => {
      const begunMs = performance.now();
      const { ended, shown } = onTerminal(['run'], { cwd: folder });
      expect((await ended).code).toBe(1);
      const seconds = (performance.now() - begunMs) / 1000;
      const all = shown();
      // Nothing else than clearing the line one is in: no line above it can be touched.
      expect(all.replaceAll('\r\u001B[2K', '').replaceAll('\r\n', '\n')).not.toMatch(CONTROL);
      const live = all.split('\r\u001B[2K').slice(1, -1);
      expect(live.length).toBeGreaterThan(3);
      expect(live.length).toBeLessThanOrEqual(20 * seconds + 2);
      for (const text of live) {
        expect(text).not.toContain('\n');
        expect(cells(text)).toBeLessThan(80);
      }
      expect(live.some((text) => / exchanges · \d+ pass · /.test(text))).toBe(true);
      // The line is gone by the time that what was found is printed.
      expect(all.slice(all.lastIndexOf('\r\u001B[2K')).split('\r\n')[0]).not.toContain(
        'exchanges · ',
      );
    },
  );
});
