import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  ACCESS_TOKEN_NAME,
  type RunDocument,
  type WorkFolder,
  aWorkFolder,
  liveTarget,
} from './desk.fixture.ts';
import { type MockProcess, aMockProcess } from './mock.fixture.ts';

const corpus = process.env['ASSAY_CORPUS'];
if (corpus === undefined)
  console.warn(
    'SKIPPED: the real pages are not tried, because ASSAY_CORPUS names no folder of them',
  );

const SUITES = ['nano-banana', 'nano-banana-2-native'];
const CHARGED = 'nano-banana/native.charged';
const RETESTED = '2026-04-14T15:00:00Z';
const MENDED = '2026-04-14T18:00:00Z';

/** What these tests read of `status --format json`. */
interface StatusDocument {
  readonly tables: readonly {
    readonly suite: string;
    readonly locale: string;
    readonly rows: readonly {
      readonly key: string;
      readonly word: string;
      readonly because: string;
    }[];
  }[];
}

/** Live targets that a mock stands behind, whose charges are read over HTTP as an operator would. */
function targetsAt({ url, hostingUrl, references }: MockProcess): object {
  const live = liveTarget({
    baseUrl: url,
    let: { media: new URL(hostingUrl).host },
    references: [{ url: references }],
    usage: { source: 'management', key: `env:${ACCESS_TOKEN_NAME}`, user: 1, within: '1s' },
  });
  return { local: live, production: live };
}

let work: WorkFolder;
let targets: object;
let mock: MockProcess;

beforeAll(async () => {
  work = await aWorkFolder();
  mock = await aMockProcess('--world', '2026-04-14');
  targets = targetsAt(mock);
  for (const target of ['local', 'production']) {
    const said = await work.assay(targets, 'run', ...SUITES, '--target', target, '--now', RETESTED);
    expect(said).toMatchObject({ code: 0 });
  }
});

afterAll(async () => {
  await Promise.all([mock.close(), work.close()]);
});

async function words(suite: string, now: string): Promise<ReadonlyMap<string, string>> {
  const said = await work.assay(targets, 'status', suite, '--now', now, '--format', 'json');
  const { tables } = JSON.parse(said.stdout) as StatusDocument;
  const rows = tables.flatMap((table) => table.rows);
  return new Map(rows.map(({ key, word }) => [key, word]));
}

describe('on the day of the pages', () => {
  test('nano-banana’s native path returns output, and its billing is risky', async () => {
    const found = await words('nano-banana', RETESTED);
    expect(found.get('Native Gemini generateContent')).toBe('returns output');
    expect(found.get('Native-path billing')).toBe('risky');
    expect(found.get('原生链路计费')).toBe('有风险');
  });

  test('that of nano-banana-2 is currently normal, so its native path is recommended', async () => {
    const found = await words('nano-banana-2-native', RETESTED);
    expect(found.get('Native Gemini generateContent')).toBe('recommended');
    expect(found.get('Native-path billing')).toBe('currently normal');
    expect(found.get('Gemini 原生 generateContent')).toBe('推荐');
    expect(found.get('原生链路计费')).toBe('当前正常');
  });

  test('the status says why a row has no better word', async () => {
    const { stdout } = await work.assay(targets, 'status', 'nano-banana', '--now', RETESTED);
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain(
      `falls short of "recommended": ${CHARGED} on production: r`,
    );
  });

  test.skipIf(corpus === undefined)('the pages stand as they are', async () => {
    const pages = join(work.folder, 'pages');
    await cp(join(corpus ?? '', '2026-04-14'), pages, { recursive: true });
    const args = [...SUITES, '--pages', pages, '--now', RETESTED, '--check'];
    const { code, stdout, stderr } = await work.assay(targets, 'docs', ...args);
    expect(stderr).not.toContain('left as it is');
    expect([code, stdout.includes('every owned cell')]).toEqual([0, true]);
  });

  test('a day later, what held is to be measured again, and bad news stays', async () => {
    const found = await words('nano-banana-2-native', '2026-04-16');
    expect(found.get('Native-path billing')).toBe('not retested');
    expect(found.get('Native Gemini generateContent')).toBe('returns output');
    expect((await words('nano-banana', '2026-04-16')).get('Native-path billing')).toBe('risky');
  });
});

describe('once the gateway is mended', () => {
  let mended: MockProcess;
  let code: number | null;
  let document: RunDocument;

  beforeAll(async () => {
    const faults = 'billing.off.gemini-2.5-flash-image=0,billing.failure.nano-banana=free';
    mended = await aMockProcess('--world', '2026-04-14', '--with', faults);
    const said = await work.assay(
      targetsAt(mended),
      'run',
      'nano-banana',
      '--target',
      'production',
      '--now',
      MENDED,
      '--format',
      'json',
    );
    ({ code } = said);
    document = JSON.parse(said.stdout) as RunDocument;
  });

  afterAll(() => mended.close());

  test('the run says that the docs are too gloomy, and of what', () => {
    const contradicting = document.cases.filter(({ agrees }) => agrees === false);
    expect(contradicting.map(({ claim, verdict }) => `${claim} ${verdict}`).toSorted()).toEqual([
      'nano-banana/billing.cleared pass',
      'nano-banana/images.charged pass',
      `${CHARGED} pass`,
    ]);
    expect(code).toBe(1);
  });

  test('both rows turn to the better words', async () => {
    const found = await words('nano-banana', MENDED);
    expect(found.get('Native Gemini generateContent')).toBe('recommended');
    expect(found.get('Native-path billing')).toBe('currently normal');
  });

  test('explain shows both measurements', async () => {
    const { stdout } = await work.assay(targets, 'explain', CHARGED, '--now', MENDED);
    const newestFirst = stdout
      .split(/\n(?=r\d{8}-)/)
      .map((block) => block.replaceAll(/\s+/g, ' '))
      .filter((block) => /^r\d.* on production: /.test(block))
      .map((block) => / charged ([a-z ]+): counter \+(\d+).*?, log (\d+) /.exec(block)?.slice(1));
    expect(newestFirst).toEqual([
      ['aligned', '20000', '20000'],
      ['aligned', '20000', '20000'],
      ['mismatch', '24000', '20000'],
    ]);
  });
});
