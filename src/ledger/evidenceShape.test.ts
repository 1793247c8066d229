import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { CAUSES } from '../domain/cause.ts';
import { isSurelyEvidence } from './evidenceShape.ts';
import { lineShape } from './shapes.ts';

const EVIDENCE = {
  id: 'r20260330-0001-7f3a.1',
  run: 'r20260330-0001-7f3a',
  at: '2026-03-30T12:00:00.000Z',
  claim: 'chat/answers',
  case: 'n=1',
  digest: 'd',
  trial: 1,
  trials: { of: 40, atLeast: 0.9, confidence: 0.9 },
  target: { name: 'local', grade: 'live', host: '127.0.0.1:4000', channel: 3, mockAllowed: true },
  exchange: 'x1',
  attempts: 2,
  verdict: { kind: 'pass' },
  observed: { status: 200, 'image.at': 'inline-data' },
  usd: 0.05,
  measured: true,
  ms: 12,
  requestId: 'q',
  gatewayVersion: 'v1',
  alias: 'm',
  sentence: 'f',
  tool: '0.1.0',
} as const;
const VERDICTS = [
  { kind: 'pass' },
  {
    kind: 'fail',
    findings: [
      {
        expectation: 'status',
        at: { file: 's.yaml', line: 1, column: 2 },
        expected: '400',
        actual: '200',
      },
    ],
  },
  { kind: 'inconclusive', cause: 'throttled', detail: '429' },
];
const isSure = (evidence: unknown) => isSurelyEvidence({ kind: 'evidence', prev: '0', evidence });
const isShaped = (evidence: unknown) =>
  lineShape.safeParse({ kind: 'evidence', prev: '0', evidence }).success;

test('evidence as a run writes it is sure, of every verdict and with any of what it may lack', () => {
  for (const verdict of VERDICTS) expect(isSure({ ...EVIDENCE, verdict })).toBe(true);
  const optional = ['exchange', 'measured', 'ms', 'requestId', 'gatewayVersion', 'alias', 'trials'];
  for (const name of optional) {
    const less = Object.fromEntries(Object.entries(EVIDENCE).filter(([one]) => one !== name));
    expect(isSure(less)).toBe(true);
  }
  for (const cause of CAUSES)
    expect(isSure({ ...EVIDENCE, verdict: { kind: 'inconclusive', cause, detail: '' } })).toBe(
      true,
    );
});

test('a field that is not known yet leaves it to the shape, and so does what is unusual', () => {
  for (const more of [{ mood: 'good' }, { at: '2028-02-29T00:00:00.000Z' }, { exchanges: ['x'] }]) {
    expect(isSure({ ...EVIDENCE, ...more })).toBe(false);
    expect(isShaped({ ...EVIDENCE, ...more })).toBe(true);
  }
});

/** Ways to every value in a value. */
function waysInto(value: unknown): readonly (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [[]];
  const within = Object.entries(value).flatMap(([name, member]) =>
    waysInto(member).map((way) => [name, ...way]),
  );
  return [[], ...within];
}

/** A copy in which one value is another, or is gone. */
function changed(value: unknown, [name, ...way]: readonly string[], other: unknown): unknown {
  if (name === undefined) return other;
  if (Array.isArray(value)) return value.map((one, at) => (String(at) === name ? other : one));
  const members = Object.entries(value as object).map(
    ([own, member]) => [own, own === name ? changed(member, way, other) : member] as const,
  );
  return Object.fromEntries(members.filter(([, member]) => member !== undefined));
}

test('what the shape refuses is never sure, whatever has happened to it', () => {
  const others = fc.oneof(
    fc.constant(undefined),
    fc.constantFrom('', '2026-02-30T12:00:00.000Z', '2026-04-31T12:00:00.000Z', 'live', 'fail'),
    fc.constantFrom(Infinity, Number.NaN, -1, 0, true, null),
    fc.constantFrom({}, [], [1], { kind: 'fail' }, { findings: [] }),
  );
  const wholes = fc.constantFrom(...VERDICTS.map((verdict) => ({ ...EVIDENCE, verdict })));
  const cases = wholes.chain((whole) =>
    fc.tuple(fc.constant(whole), fc.constantFrom(...waysInto(whole)), others),
  );
  let refused = 0;
  fc.assert(
    fc.property(cases, ([whole, way, other]) => {
      const line = changed(whole, way, other);
      if (isShaped(line)) return;
      refused += 1;
      expect(isSure(line)).toBe(false);
    }),
    { numRuns: 3000 },
  );
  expect(refused).toBeGreaterThan(500);
});

test('a day that there is not is never sure', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 13 }),
      fc.integer({ min: 0, max: 32 }),
      fc.integer({ min: 1999, max: 2029 }),
      (month, day, year) => {
        const two = (number: number) => String(number).padStart(2, '0');
        const at = `${year}-${two(month)}-${two(day)}T12:00:00.000Z`;
        if (isSure({ ...EVIDENCE, at })) expect(isShaped({ ...EVIDENCE, at })).toBe(true);
      },
    ),
    { numRuns: 2000 },
  );
});
