import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseCsv } from '../report/csv.fixture.ts';
import { type Desk, aDesk } from './desk.fixture.ts';
import { SUITE, aServer } from './pages.fixture.ts';

/** A suite with a table whose cells a spreadsheet would run, and one without a table. */
const SUITES = {
  'small.yaml': SUITE.replace('row: good,', "row: '=1+1',").replace(
    'broken: fails',
    'broken: "@never"',
  ),
  'bare.yaml': `
suite: bare
requests: { get: { method: GET, path: /good } }
claims: [ { id: good, says: "It works, \\"always\\"", expect: [ { status: 200 } ], cost: { usd: 0.5 } } ]
`,
};

let server: Awaited<ReturnType<typeof aServer>>;
let desk: Desk;
beforeAll(async () => {
  server = await aServer();
  desk = await aDesk({ suites: SUITES, target: server.target });
});
afterAll(async () => {
  await desk.close();
  await server.close();
});

test('run and status as CSV are all of stdout, without a formula, and with bare numbers', async () => {
  const run = await desk.assay(['run', '--target', 'local', '--format', 'csv']);
  expect(run.code).toBe(0);
  const [header, ...cases] = parseCsv(run.stdout.replace(/\n$/, ''));
  const ofRun = cases.map((line) =>
    Object.fromEntries(line.map((cell, at) => [header?.[at], cell])),
  );
  const bare = ofRun.find(({ claim }) => claim === 'bare/good');
  expect(bare).toMatchObject({ says: 'It works, "always"', verdict: 'pass', usd: '0.5' });
  expect(bare?.['ms']).toMatch(/^\d+$/);
  expect(ofRun.map(({ claim, verdict }) => `${claim} ${verdict}`)).toContain('small/bad fail');

  const now = new Date(Date.now() + 10 * 86_400_000).toISOString();
  const said = await desk.assay(['status', '--format', 'csv', '--now', now]);
  expect(said).toMatchObject({ code: 0, stderr: '' });
  const [columns, ...rows] = parseCsv(said.stdout.replace(/\n$/, ''));
  const lines = rows.map((line) =>
    Object.fromEntries(line.map((cell, at) => [columns?.[at], cell])),
  );
  const [first] = lines;
  expect(first).toMatchObject({ suite: 'bare', page: '', key: 'bare/good', standing: 'holds' });
  const small = lines.filter(({ suite, key }) => suite === 'small' && key !== 'retest');
  const retests = lines.filter(({ key }) => key === 'retest');
  expect(retests).toMatchObject([
    { suite: 'bare', from: 'local', retestUsd: '0.5', retestMeasuredUsd: '0' },
    { suite: 'small', from: 'local', retestUsd: '0', retestMeasuredUsd: '0' },
  ]);
  expect(lines).toHaveLength(15 + retests.length);
  expect(small[0]).toMatchObject({
    locale: 'en',
    page: 'en/p.mdx',
    under: 'Status',
    key: 'plain text',
    word: '`Verified`',
    standing: 'holds',
    from: 'local',
    ageDays: '10',
    needs: 'small/good',
  });
  expect(small[4]).toMatchObject({ key: 'price', word: '', standing: '', ageDays: '' });
  expect(small[5]).toMatchObject({ key: "'=1+1" });
  expect(small[6]).toMatchObject({ word: "'@never", standing: 'broken' });
  expect(small[7]).toMatchObject({ locale: 'cn', key: '纯文本', word: '已验证' });
  expect(small[9]).toMatchObject({ key: '图像 🟢' });
});
