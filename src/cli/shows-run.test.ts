import { readFile, readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { canonical } from '../domain/digest.ts';
import { type Mock, startMock } from '../mock/server.ts';
import {
  COMMITTED,
  type Desk,
  type DeskParts,
  aDesk,
  behind,
  remembered,
  verdicts,
} from './desk.fixture.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

async function desk(parts: DeskParts): Promise<Desk> {
  const made = await aDesk(parts);
  closing.push(made.close);
  return made;
}

async function mockOf(world: string, ...faults: readonly string[]): Promise<Mock> {
  const mock = await startMock({ world, faults });
  closing.push(mock.close);
  return mock;
}

describe('a target that tells nothing', () => {
  test('leaves every claim undecided if the key is wrong, also one that is documented as broken', async () => {
    const mock = await mockOf('2026-04-14', 'key=refused');
    const { run } = await desk({ suites: COMMITTED, target: behind(mock) });
    const { code, document } = await run('nano-banana');

    expect(document.cases.length).toBeGreaterThan(2);
    expect(new Set(document.cases.map(({ verdict }) => verdict))).toEqual(
      new Set(['inconclusive']),
    );
    expect(document.cases.map(({ cause }) => cause)).toContain('unauthorized');
    expect(code).toBe(3);
  });

  test('is said once, first, with its cause, and ends the run, if it cannot be reached', async () => {
    const mock = await startMock({ world: '2026-04-14' });
    const target = { ...behind(mock), concurrency: 1 };
    await mock.close();
    const { assay, run } = await desk({ suites: COMMITTED, target });
    const { code, stdout } = await assay(['run', '--target', 'production']);
    const { document } = await run();

    const first = stdout.slice(0, stdout.indexOf('\n\n')).replaceAll(/\s+/g, ' ');
    expect(first).toMatch(
      /^production: target unreachable: .*ECONNREFUSED.*; \d+ cases undecided$/,
    );
    expect(stdout.match(/target unreachable/g)).toHaveLength(1);
    expect(code).toBe(3);
    expect(document.end.kind).toBe('outage');
    expect(document.cases.length).toBeGreaterThan(25);
    expect(new Set(document.cases.map(({ verdict }) => verdict))).toEqual(
      new Set(['inconclusive']),
    );
    // One request with its two retries told enough for all of them.
    expect(document.summary['requests']).toBe(3);
  });
});

describe('a claim that a request is rejected for its references', () => {
  const OVER = 'nano-banana-2/refs.over-limit';
  const wanted = 'at most 14 reference images are currently supported for nano-banana-2';

  async function verdictWith(...faults: readonly string[]) {
    const mock = await mockOf('2026-03-30', ...faults);
    const { run } = await desk({ suites: COMMITTED, target: behind(mock) });
    const { document, code } = await run(`${OVER}/refs=15`);
    const [only] = document.cases;
    return { code, verdict: only?.verdict, cause: only?.cause, findings: only?.findings };
  }

  test('is met by that refusal', async () => {
    expect(await verdictWith()).toMatchObject({ code: 0, verdict: 'pass' });
  });

  test.each([
    ['401', 'unauthorized'],
    ['402', 'unpaid'],
    ['403', 'forbidden'],
    ['429', 'throttled'],
    ['503', 'unavailable'],
  ])('is not met by that message with %s, which says nothing of it', async (status, cause) => {
    expect(await verdictWith(`status.refs=${status}`)).toMatchObject({
      code: 3,
      verdict: 'inconclusive',
      cause,
    });
  });

  test('is not met by a 403 for want of quota', async () => {
    expect(await verdictWith('status.refs=403', 'code.refs=insufficient_user_quota')).toMatchObject(
      { code: 3, verdict: 'inconclusive', cause: 'unpaid' },
    );
  });

  test('is not met by that message with 200', async () => {
    const { code, verdict, findings } = await verdictWith('status.refs=200');
    expect({ code, verdict }).toEqual({ code: 1, verdict: 'fail' });
    expect(findings?.[0]?.actual).toContain(wanted);
  });

  test('is not met by an HTML page with the right status', async () => {
    expect(await verdictWith('fail=400', 'fail.body=html')).toMatchObject({
      code: 3,
      verdict: 'inconclusive',
      cause: 'html',
    });
  });

  test('is not met by the right status for another reason', async () => {
    const { code, verdict, findings } = await verdictWith(
      'message.refs=the prompt is too long for this model',
    );
    expect({ code, verdict }).toEqual({ code: 1, verdict: 'fail' });
    expect(findings?.[0]).toMatchObject({
      expectation: 'rejected.message',
      actual: expect.stringContaining('the prompt is too long') as string,
    });
  });
});

describe('a run of the current suites', () => {
  test('asks the gateway as often as the plan announces, which is less often than it has cases', async () => {
    const total = { requests: 0, announced: 0, cases: 0 };
    for (const [world, suites] of CURRENT) {
      const mock = await mockOf(world);
      const target = { ...behind(mock), concurrency: 8 };
      const { assay, run } = await desk({ suites: COMMITTED, target });
      const said = await assay(['plan', ...suites, '--target', 'production', '--format', 'json']);
      const { exchanges } = JSON.parse(said.stdout) as Planned;
      expect(mock.counts().generations).toBe(0);
      const { code, document } = await run(...suites);

      expect({ code, leftOut: document.leftOut }).toEqual({ code: 0, leftOut: [] });
      expect(mock.counts().generations).toBe(exchanges.length);
      expect(mock.counts().keysSeenByHosting).toBe(0);
      total.requests += mock.counts().generations;
      total.announced += document.summary['exchanges'] ?? 0;
      total.cases += exchanges.flatMap(({ cases }) => cases).length;
    }
    expect(total.requests).toBe(total.announced);
    expect(total.requests).toBeLessThan(total.cases);
    expect(total.cases).toBeGreaterThanOrEqual(70);
  });

  test('has the same requests and digests in whatever order its claims and keys are written', async () => {
    const mock = await mockOf('2026-03-30');
    const target = { ...behind(mock), concurrency: 8 };
    const asWritten = await desk({ suites: COMMITTED, target });
    const permuted = await desk({ suites: await suitesWith(reversed), target });
    const before = await asWritten.run('nano-banana-2');
    const after = await permuted.run('nano-banana-2');

    expect(verdicts(after.document)).toEqual(verdicts(before.document));
    expect(await fingerprints(permuted.ledger)).toEqual(await fingerprints(asWritten.ledger));
  });

  test('comes to the same verdicts with other prompts, other field orders and 13 references', async () => {
    const mock = await mockOf('2026-03-30');
    const target = { ...behind(mock), concurrency: 8 };
    const asWritten = await desk({ suites: COMMITTED, target });
    const others = await desk({
      suites: await suitesWith((suite) => otherwise(reversed(suite))),
      target,
    });
    const before = await asWritten.run('nano-banana-2');
    const after = await others.run('nano-banana-2');

    const expected = verdicts(before.document).map((one) => one.replace('refs=14', 'refs=13'));
    expect(verdicts(after.document)).toEqual(expected.toSorted());
    const sent = (await remembered(others.ledger)).exchanges.map((one) => one.sent.body ?? '');
    expect(sent.filter((body) => /Turn this product photo/.test(body))).toEqual([]);
    expect(sent.filter((body) => /Paint the subject/.test(body)).length).toBeGreaterThan(30);
    expect(sent.filter((body) => referencesIn(body) === 13)).toHaveLength(2);
  });
});

/** Suites by the day on which their pages were true. */
const CURRENT = [
  ['2026-03-30', ['nano-banana-2']],
  ['2026-04-14', ['gemini-image-edit', 'gemini-image-gen', 'nano-banana', 'nano-banana-2-native']],
] as const;

/** What this test reads of `plan --format json`. */
interface Planned {
  readonly exchanges: readonly { readonly cases: readonly unknown[] }[];
}

/** What stands in a YAML file. */
type Written = string | number | boolean | null | readonly Written[] | WrittenMapping;
interface WrittenMapping {
  readonly [key: string]: Written;
}

/** The files of the committed suites folder, each suite written anew after a change. */
async function suitesWith(change: (suite: Written) => Written): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  for (const file of await readdir(COMMITTED, { recursive: true, withFileTypes: true })) {
    if (!file.isFile()) continue;
    const path = join(file.parentPath, file.name);
    const text = await readFile(path, 'utf8');
    const isSuite = /^(?!targets).*\.yaml$/.test(file.name);
    files[relative(COMMITTED, path)] = isSuite ? stringify(change(parse(text) as Written)) : text;
  }
  return files;
}

/** The order of varied names is in the names of cases, and that of locales in tables says which one serves the rest. */
const AS_WRITTEN: readonly string[] = ['vary', 'tables'];

/** Claims and keys in the opposite order; only the named requests keep theirs, because the first is the default. */
function reversed(written: Written, key = ''): Written {
  if (AS_WRITTEN.includes(key) || typeof written !== 'object' || written === null) return written;
  if (isList(written)) {
    const items = written.map((item) => reversed(item));
    return key === 'claims' ? items.toReversed() : items;
  }
  const members = Object.entries(written).map(
    ([name, one]) => [name, reversed(one, name)] as const,
  );
  return Object.fromEntries(key === 'requests' ? members : members.toReversed());
}

/** Other prompts, and 13 references where there were 14; tables too, or they would ask for a case that is gone. */
function otherwise(suite: Written): Written {
  const text = JSON.stringify(suite)
    .replaceAll('Turn this product photo into', 'Paint the subject of these photos in')
    .replaceAll('"refs":[1,2,14]', '"refs":[1,2,13]')
    .replaceAll('"refs":14', '"refs":13')
    .replaceAll('refs=14', 'refs=13');
  return JSON.parse(text) as Written;
}

function isList(written: Written): written is readonly Written[] {
  return Array.isArray(written);
}

/** Every request of a ledger in canonical form, and the digest of each case. */
async function fingerprints(ledger: string) {
  const { exchanges, evidence } = await remembered(ledger);
  return {
    requests: exchanges
      .map(
        ({ sent: { method, url, body } }) =>
          `${method} ${url} ${canonical(JSON.parse(body ?? 'null') as null)}`,
      )
      .toSorted(),
    digests: evidence.map((one) => `${one.claim} ${one.case} ${one.digest}`).toSorted(),
  };
}

function referencesIn(body: string): number {
  const { image_input: references } = JSON.parse(body) as { readonly image_input?: unknown };
  return Array.isArray(references) ? references.length : 0;
}
