import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Evidence } from '../domain/evidence.ts';
import type { Exchange } from '../domain/exchange.ts';
import { GENESIS, writeLine } from './chain.ts';
import type { Usage } from '../domain/usage.ts';
import type { Line, RunClose, RunStart } from './lines.ts';
import { isCutShort, readLedger } from './read.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const target = { name: 'local', grade: 'live', host: '127.0.0.1:4000' } as const;
const start: RunStart = {
  id: 'r20260330-0001-7f3a',
  startedAt: '2026-03-30T12:00:00.000Z',
  tool: '0.1.0',
  target: { ...target, let: { media: 'media.example', sizes: [1, null, { deep: true }] } },
  selected: ['nano-banana-2'],
};
const exchange = (id: string): Exchange => ({
  id,
  sent: {
    method: 'POST',
    url: 'http://127.0.0.1:4000/v1',
    headers: { authorization: '$KEY' },
    body: '{"é":"😀"}',
  },
  attempts: [
    {
      at: start.startedAt,
      ms: 5,
      outcome: { kind: 'unanswered', cause: 'timeout', detail: 'no headers in 5 s' },
    },
    {
      at: start.startedAt,
      firstMs: 1,
      ms: 5,
      outcome: {
        kind: 'answered',
        status: 200,
        headers: { 'content-type': 'application/json' },
        body: {
          text: '{"line":"\u2028\ud800"}',
          bytes: 20,
          cut: false,
          payloads: [
            { type: 'image/png', width: 1, height: 2, bytes: 3, sha256: 'ab', flaw: 'cut' },
          ],
        },
      },
    },
  ],
  fetched: {
    'https://media.example/a.png': { kind: 'answered', status: 404, type: 'text/html' },
    'https://media.example/b.png': {
      kind: 'unanswered',
      cause: 'guarded',
      detail: 'private address',
    },
  },
});
const evidence = (n: number, verdict: Evidence['verdict'] = { kind: 'pass' }): Evidence => ({
  id: `${start.id}.${n}`,
  run: start.id,
  at: start.startedAt,
  claim: 'nano-banana-2/refs.over-limit',
  case: 'refs=15',
  digest: 'd',
  trial: 1,
  target,
  exchange: 'x1',
  attempts: 2,
  verdict,
  observed: { status: 400, 'image.at': 'inline-data' },
  usd: 0.05,
  tool: '0.1.0',
});
const fail: Evidence['verdict'] = {
  kind: 'fail',
  findings: [
    {
      expectation: 'status',
      at: { file: 's.yaml', line: 1, column: 2 },
      expected: '400',
      actual: '200',
    },
  ],
};
const close = (reason: RunClose['reason']): RunClose => ({
  endedAt: start.startedAt,
  reason,
  summary: {
    cases: 3,
    exchanges: 1,
    pass: 1,
    fail: 1,
    inconclusive: 1,
    leftOut: 0,
    contradictions: 1,
    requests: 2,
    fetches: 2,
    reads: 0,
    usd: 0.1,
    measuredUsd: 0,
  },
});
const whole: readonly Line[] = [
  { kind: 'run', run: start },
  { kind: 'exchange', exchange: exchange('x1') },
  { kind: 'evidence', evidence: evidence(1) },
  { kind: 'evidence', evidence: evidence(2, fail) },
  {
    kind: 'evidence',
    evidence: evidence(3, { kind: 'inconclusive', cause: 'timeout', detail: 'no headers' }),
  },
  { kind: 'end', end: close({ kind: 'complete' }) },
];

function written(lines: readonly object[]): string {
  let prev = GENESIS;
  const texts = lines.map((line) => {
    const { text, hash } = writeLine(line as Line, prev, sha256);
    prev = hash;
    return `${text}\n`;
  });
  return texts.join('');
}
const read = (text: string) => readLedger([{ name: 'r.jsonl', text }], sha256);
const ids = (text: string) => read(text).evidence.map(({ id }) => Number(id.split('.').at(-1)));
/** `error 3: message`, each problem of a file in one line. */
const said = (text: string) =>
  read(text).problems.map(
    ({ severity, place, message }) => `${severity} ${place?.file}:${place?.line}: ${message}`,
  );
const lineAt = (text: string, number: number) => text.split('\n')[number - 1] as string;

test('what was written is read again, every field of it', () => {
  const { runs, exchanges, evidence: found, problems } = read(written(whole));
  expect(problems).toEqual([]);
  expect(runs).toMatchObject([{ file: 'r.jsonl', start, close: close({ kind: 'complete' }) }]);
  expect(exchanges).toEqual([exchange('x1')]);
  expect(found).toEqual(whole.flatMap((line) => (line.kind === 'evidence' ? [line.evidence] : [])));
});

test('what was measured is read again, and so is why it was not', () => {
  const row = { quota: 1, at: '2026-03-30T12:00:00Z', model: 'm' } as const;
  const rows = [
    { ...row, kind: 'consume', requestId: 'r', upstreamModel: 'n', groupRatio: 0.5 },
    { ...row, kind: 'other' },
  ] as const;
  const bare = { quotaPerUsd: 500_000, settledMs: 1, boundMs: 0, isSettled: true };
  const counter = { before: 1, after: 3, peak: 4 };
  const more = { listedPerImage: 2.5, isUnlimited: true };
  const usages: readonly Usage[] = [
    { kind: 'measured', source: 'management', ...bare, counter, rows, ...more },
    { kind: 'measured', source: 'dashboard', ...bare },
    { kind: 'unmeasured', source: 'token', cause: 'throttled', detail: '429', rows },
    { kind: 'unmeasured', source: 'none', cause: 'unmeasured', detail: 'no source' },
  ];
  const lines = usages.map((usage, at) => ({
    kind: 'exchange',
    exchange: { ...exchange(`x${at}`), usage },
  }));
  const paid = { ...evidence(1), measured: true };
  const text = written([whole[0] ?? {}, ...lines, { kind: 'evidence', evidence: paid }]);
  expect(read(text).exchanges.map(({ usage }) => usage)).toEqual(usages);
  expect(read(text).evidence).toEqual([paid]);

  const settled = usages.flatMap((usage, at) => [
    { kind: 'exchange', exchange: exchange(`x${at}`) },
    { kind: 'usage', usage: { exchange: `x${at}`, usage, usd: 0.1 } },
  ]);
  const apart = read(written([whole[0] ?? {}, ...settled]));
  expect(apart.problems).toEqual([]);
  expect(apart.exchanges.map(({ usage }) => usage)).toEqual(usages);
});

test('a charge that settled after its exchange was kept belongs to that alone, with what it cost', () => {
  const answers = { planned: 'p', trial: 1, usd: 0.3, host: target.host };
  const usage: Usage = { kind: 'unmeasured', source: 'none', cause: 'throttled', detail: '429' };
  const lines = [
    ...['x1', 'x2'].map((id) => ({ kind: 'exchange', exchange: { ...exchange(id), answers } })),
    { kind: 'usage', usage: { exchange: 'x2', usage, usd: 0.1 } },
    { kind: 'usage', usage: { exchange: 'x3', usage, usd: 0.1 } },
  ];
  expect(read(written([whole[0] ?? {}, ...lines])).exchanges).toEqual([
    { ...exchange('x1'), answers },
    { ...exchange('x2'), answers: { ...answers, usd: 0.1 }, usage },
  ]);
});

test('a line says its kind and the hash of the line before it, the first line the genesis hash', () => {
  const [first, second] = written(whole).split('\n') as [string, string];
  expect(JSON.parse(first)).toMatchObject({ kind: 'run', prev: '0'.repeat(64) });
  expect(JSON.parse(second)).toMatchObject({ kind: 'exchange', prev: sha256(first) });
});

test('a run that was resumed has the close that was written last', () => {
  const reasons: readonly RunClose['reason'][] = [
    { kind: 'interrupted' },
    { kind: 'outage', detail: 'refused', undecided: 9 },
    { kind: 'ledger-failed', detail: 'ENOSPC' },
    { kind: 'complete' },
  ];
  for (let count = 1; count <= reasons.length; count++) {
    const ends = reasons.slice(0, count).map((reason) => ({ kind: 'end', end: close(reason) }));
    const { runs, problems } = read(written([...whole.slice(0, 5), ...ends]));
    expect(problems).toEqual([]);
    expect(runs[0]?.close?.reason).toEqual(reasons[count - 1]);
  }
});

test('a run that goes on has no close, whatever ended it before', () => {
  const lost = { requests: 1, usd: 0.1 };
  const resume = { at: start.startedAt, tool: '0.1.0', anew: ['x1'], lost };
  const cut = [...whole.slice(0, -1), { kind: 'end', end: close({ kind: 'interrupted' }) }];
  const goingOn = [...cut, { kind: 'resume', resume }];
  const [before] = read(written(cut)).runs;
  expect(before?.close?.reason.kind).toBe('interrupted');
  const [run] = read(written(goingOn)).runs;
  expect(run).toMatchObject({ exchanges: 1, anew: ['x1'], lost });
  expect(run?.close).toBeUndefined();
  const dropped = { endedAt: start.startedAt, reason: { kind: 'dropped' } };
  const [ended] = read(written([...goingOn, { kind: 'end', end: dropped }])).runs;
  expect(ended?.close).toEqual(dropped);
});

test.each([
  ['complete', false],
  ['dropped', false],
  ['interrupted', true],
] as const)('a run that ended as %s was cut short: %s', (kind, isCut) => {
  const [run] = read(written([...whole.slice(0, -1), { kind: 'end', end: close({ kind }) }])).runs;
  expect(run && isCutShort(run)).toBe(isCut);
});

test('a run without a close is one that goes on or was killed', () => {
  expect(read(written(whole.slice(0, 3))).runs[0]).not.toHaveProperty('close');
});

test('several files are several chains', () => {
  const other = { ...start, id: 'r20260331-0002-0000' };
  const ledger = readLedger(
    [
      { name: 'a', text: written(whole) },
      { name: 'b', text: written([{ kind: 'run', run: other }]) },
    ],
    sha256,
  );
  expect(ledger.runs.map(({ file, start: { id } }) => [file, id])).toEqual([
    ['a', start.id],
    ['b', other.id],
  ]);
  expect(ledger.problems).toEqual([]);
});

test('a run that was copied under another name counts once, and the copy is a problem', () => {
  const files = ['a', 'copy'].map((name) => ({ name, text: written(whole) }));
  const ledger = readLedger(files, sha256);
  expect([ledger.runs.length, ledger.evidence.length, ledger.exchanges.length]).toEqual([1, 3, 1]);
  expect(ledger.problems).toMatchObject([
    {
      severity: 'error',
      place: { file: 'copy', line: 1 },
      message: expect.stringContaining('a once more') as string,
    },
  ]);
});

describe('a crash', () => {
  test('at any byte costs the line that it cut, a warning, and nothing else', () => {
    const text = written(whole);
    fc.assert(
      fc.property(fc.nat({ max: text.length - 1 }), (length) => {
        const crashed = text.slice(0, length);
        const lines = crashed.split('\n').length - 1;
        const isCut = !crashed.endsWith('\n') && crashed !== '';
        expect(said(crashed)).toEqual(
          isCut
            ? [`warning r.jsonl:${lines + 1}: the last line is cut, as by a crash, and is left out`]
            : [],
        );
        expect(ids(crashed)).toEqual([1, 2, 3].slice(0, Math.max(0, lines - 2)));
      }),
    );
  });

  test('that leaves zeros in the last line is no more than that', () => {
    expect(said(`${written(whole)}\0\0\0\n`)).toEqual([
      'warning r.jsonl:7: the last line is cut, as by a crash, and is left out',
    ]);
  });

  test('leaves a tail from which the file goes on as if nothing had been', () => {
    const kept = written(whole.slice(0, 3));
    const { tail } = read(`${kept}{"kind":"evid`).runs[0] ?? {};
    expect(tail?.bytes).toBe(Buffer.byteLength(kept));
    const next = writeLine(whole[3] as Line, tail?.prev ?? '', sha256);
    expect(`${kept}${next.text}\n`).toBe(written(whole.slice(0, 4)));
  });
});

describe('a changed file', () => {
  const text = written(whole);

  test('in one character is seen, and the changed line does not count', () => {
    const changed = text.replace('"refs=15"', '"refs=16"');
    expect(said(changed)).toEqual([
      'error r.jsonl:4: this line does not follow line 3: something was changed, added or taken out here',
    ]);
    expect(ids(changed)).toEqual([3]);
  });

  test('without one of its lines is seen, and all lines but those at the gap count', () => {
    const shorter = text.replace(`${lineAt(text, 3)}\n`, '');
    expect(said(shorter)).toEqual([
      expect.stringMatching(/^error r.jsonl:3: this line does not follow line 2/),
    ]);
    expect(ids(shorter)).toEqual([3]);
    expect(read(shorter).exchanges).toEqual([]);
  });

  test('with lines in another order, or of another file, is seen', () => {
    const [third, fourth] = [lineAt(text, 3), lineAt(text, 4)];
    const swapped = text.replace(third, 'X').replace(fourth, third).replace('X', fourth);
    expect(ids(swapped)).toEqual([]);
    expect(said(text.slice(text.indexOf('\n') + 1))).toEqual([
      expect.stringMatching(/^error r.jsonl:1: this line does not follow the beginning of a file/),
    ]);
  });

  test('with a conflict of git in it is seen, line by line', () => {
    const merged = text.replace(lineAt(text, 3), `<<<<<<< ours\n${lineAt(text, 3)}`);
    expect(said(merged)).toEqual([
      'error r.jsonl:3: this is no line of a ledger',
      expect.stringMatching(/^error r.jsonl:4: this line does not follow line 3/),
    ]);
    expect(ids(merged)).toEqual([2, 3]);
  });

  test('in any one byte is seen, unless that is in the last line', () => {
    const last = text.lastIndexOf('\n', text.length - 2);
    fc.assert(
      fc.property(
        fc.nat({ max: last - 1 }),
        fc.constantFrom('x', '0', '"', ' ', '\n'),
        (at, other) => {
          const changed = text.slice(0, at) + other + text.slice(at + 1);
          fc.pre(changed !== text);
          expect(read(changed).problems.some(({ severity }) => severity === 'error')).toBe(true);
        },
      ),
    );
  });

  test('whose line feeds git made CR LF is as good as before', () => {
    expect(said(text.replaceAll('\n', '\r\n'))).toEqual([]);
    expect(ids(text.replaceAll('\n', '\r\n'))).toEqual([1, 2, 3]);
  });
});

describe('a line', () => {
  test.each(['[]', '3', 'null', '{}', '{"kind":"evidence"}', '{"kind":1,"prev":2}', ''])(
    'that is %j is foreign, and a problem',
    (foreign) => {
      expect(said(`${foreign}\n${written(whole)}`)[0]).toBe(
        'error r.jsonl:1: this is no line of a ledger',
      );
    },
  );

  test('of an unknown kind is a problem, and the rest counts', () => {
    const lines = [
      ...whole.slice(0, 2),
      { kind: 'evidenc', evidence: evidence(1) },
      ...whole.slice(3),
    ];
    expect(said(written(lines))).toEqual(['error r.jsonl:3: unknown kind of line "evidenc"']);
    expect(read(written(lines)).problems[0]?.hint).toBe('did you mean "evidence"?');
    expect(ids(written(lines))).toEqual([2, 3]);
  });

  test('of a newer Assay is read, whatever fields were added to it', () => {
    const added = { ...evidence(1), mood: 'good', target: { ...target, region: 'eu' } };
    const lines = [whole[0] as Line, { kind: 'evidence', evidence: added, weather: 'rain' }];
    expect(read(written(lines))).toMatchObject({ evidence: [added], problems: [] });
  });

  test('of the wrong shape is a problem that names the field, and the rest counts', () => {
    const wrong = {
      ...evidence(1),
      verdict: { kind: 'inconclusive', cause: 'gremlins', detail: '' },
    };
    const lines = [whole[0] as Line, { kind: 'evidence', evidence: wrong }, whole[3] as Line];
    expect(said(written(lines))).toEqual([
      expect.stringMatching(
        /^error r.jsonl:2: this line cannot be read: evidence: verdict: cause: /,
      ),
    ]);
    expect(ids(written(lines))).toEqual([2]);
  });
});
