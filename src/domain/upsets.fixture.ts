import { type Case, type Claim, type Need, type Row, type Standing, caseId } from './claim.ts';
import type { Evidence } from './evidence.ts';
import { FAIL, PASS, UNDECIDED, isoOf } from './evidence.fixture.ts';
import { instantMs } from './instant.ts';
import type { Observed, Verdict } from './verdict.ts';

/** For tests only: everything a table follows from, apart from the evidence. */
export interface Ground {
  readonly claim: (id: string) => Claim | undefined;
  readonly digestOf: (aCase: Case) => string;
  /** Milliseconds. */
  readonly now: number;
  /** What a passed case shows, for claims about how cases differ. */
  readonly observed: (aCase: Case) => Observed;
}

/** For tests only: one thing that happens to the evidence a row needs, and what the row must then stand at. */
export interface Upset {
  readonly title: string;
  readonly evidence: readonly Evidence[];
  readonly standing: Standing;
}

/** A case on a target, as a row needs it. */
interface Leaf {
  readonly target: string;
  readonly aCase: Case;
  readonly freshMs: number;
}

/** What may happen to one piece of evidence, and where it leaves its case: the standing rules, written out. */
const UPSETS: Readonly<
  Record<string, readonly [(one: Evidence, leaf: Leaf) => readonly Evidence[], Standing]>
> = {
  stays: [(one) => [one], 'holds'],
  'is dropped': [() => [], 'unproven'],
  fails: [(one) => [{ ...one, verdict: FAIL }], 'broken'],
  'fails twice': [(one) => twice(one, FAIL, FAIL), 'broken'],
  'fails once in two trials': [(one) => twice(one, FAIL, PASS), 'unstable'],
  'passes again': [(one) => twice(one, PASS, PASS), 'holds'],
  'is as old as it may be': [(one, leaf) => [older(one, leaf.freshMs - HOUR_MS)], 'holds'],
  ages: [(one, leaf) => [older(one, leaf.freshMs)], 'stale'],
  'fails, and ages': [(one, leaf) => [{ ...older(one, leaf.freshMs), verdict: FAIL }], 'broken'],
  'moves to another target': [
    (one) => [{ ...one, target: { ...one.target, name: 'elsewhere' } }],
    'unproven',
  ],
  'is a rehearsal': [
    (one) => [{ ...one, target: { ...one.target, grade: 'rehearsal' } }],
    'unproven',
  ],
  'is a rehearsal in a world': [
    (one) => [{ ...one, target: { ...one.target, grade: 'rehearsal', world: '2026-03-30' } }],
    'unproven',
  ],
  'is of a mock in disguise': [
    (one) => [{ ...one, target: { ...one.target, mock: '2026-03-30' } }],
    'unproven',
  ],
  'is of an allowed mock': [
    (one) => [{ ...one, target: { ...one.target, mock: '2026-03-30', mockAllowed: true } }],
    'holds',
  ],
  'is of what the claim was before an edit': [(one) => [{ ...one, digest: 'edited' }], 'unproven'],
  'is undecided': [(one) => [{ ...one, verdict: UNDECIDED }], 'unproven'],
  'is followed by an undecided run': [(one) => [one, later(one, UNDECIDED)], 'holds'],
  'is followed by a run that fails': [(one) => [one, later(one, FAIL)], 'broken'],
  'fails in an earlier run': [(one) => [{ ...one, verdict: FAIL }, later(one)], 'holds'],
  'is followed by a run of what the claim was before an edit': [
    (one) => [one, { ...later(one, FAIL), digest: 'edited' }],
    'holds',
  ],
};

const HOUR_MS = 3_600_000;

/** How all other evidence may stand meanwhile. */
const MEANWHILE: readonly (readonly [string, Verdict, Standing])[] = [
  ['all others hold', PASS, 'holds'],
  ['all others are broken', FAIL, 'broken'],
];

/**
 * For tests only: each piece of evidence that a row needs is dropped, fails, ages, moves … in turn, while all others
 * passed, or failed, half an hour ago. Each upset comes with the standing that the rules give the row, worked out apart
 * from the code.
 */
export function* upsets(row: Row, ground: Ground): Generator<Upset> {
  const leaves = row.from.flatMap((target) =>
    row.needs.flatMap((one) => leavesOf(one, target, ground)),
  );
  const byKey = new Map(leaves.map((leaf) => [keyOf(leaf), leaf]));
  for (const [key, leaf] of byKey) {
    for (const [happens, [upset, standing]] of Object.entries(UPSETS)) {
      for (const [meanwhile, verdict, others] of MEANWHILE) {
        const evidence = [...byKey].flatMap(([other, one]) => {
          const passed = passedEvidence(one, ground);
          return other === key ? upset(passed, leaf) : [{ ...passed, verdict }];
        });
        const stands = (other: Leaf): Standing => (keyOf(other) === key ? standing : others);
        const all = row.from.flatMap((target) =>
          row.needs.map((one) => standingOf(one, target, ground, stands)),
        );
        const name = caseId(leaf.aCase.claim, leaf.aCase.name);
        const title = `${name} on ${leaf.target} ${happens}, and ${meanwhile}`;
        yield { title, evidence, standing: weakestOf(all) };
      }
    }
  }
}

/** The standing of a need from the standings of its cases: suite-format, "Derived claims", once more. */
function standingOf(
  { claim: id, cases }: Need,
  target: string,
  ground: Ground,
  stands: (leaf: Leaf) => Standing,
): Standing {
  const claim = ground.claim(id);
  if (claim === undefined || claim.basis.kind === 'untestable') return 'unproven';
  const { freshMs } = claim;
  if (claim.basis.kind === 'sent') {
    const named = casesOf(claim).filter(({ name }) => cases.includes(name));
    return weakestOf(named.map((aCase) => stands({ target, aCase, freshMs })));
  }
  return weakestOf(
    claim.basis.of.map(({ need, fold }) => {
      const basis = ground.claim(need.claim)?.basis;
      const each =
        basis?.kind === 'sent'
          ? need.cases.map((name) =>
              standingOf({ claim: need.claim, cases: [name] }, target, ground, stands),
            )
          : [standingOf(need, target, ground, stands)];
      if (fold === 'all') return weakestOf(each);
      if (fold === 'any') {
        const best = (['holds', 'stale', 'unstable'] as const).find((one) => each.includes(one));
        return best ?? (each.includes('unproven') ? 'unproven' : 'broken');
      }
      if (fold === 'none') {
        if (each.includes('holds')) return 'broken';
        const shaky = each.find((one) => one === 'unstable' || one === 'stale');
        return shaky ?? (each.includes('unproven') ? 'unproven' : 'holds');
      }
      const shown = need.cases.flatMap((name, at) => {
        const aCase = casesOf(ground.claim(need.claim)).find((one) => one.name === name);
        return aCase === undefined || each[at] === 'unproven'
          ? []
          : [ground.observed(aCase)[fold.differ]];
      });
      const isTold = new Set(shown).size > 1 || (shown.length === each.length && shown.length > 1);
      if (!isTold) return 'unproven';
      if (each.includes('stale')) return 'stale';
      return new Set(shown).size > 1 ? 'holds' : 'broken';
    }),
  );
}

function casesOf(claim: Claim | undefined): readonly Case[] {
  return claim?.basis.kind === 'sent' ? claim.basis.cases : [];
}

function weakestOf(standings: readonly Standing[]): Standing {
  const order = ['broken', 'unstable', 'unproven', 'stale', 'holds'] as const;
  return order.find((one) => standings.includes(one)) ?? 'unproven';
}

function leavesOf({ claim: id, cases }: Need, target: string, ground: Ground): readonly Leaf[] {
  const claim = ground.claim(id);
  if (claim === undefined || claim.basis.kind === 'untestable') return [];
  if (claim.basis.kind === 'derived')
    return claim.basis.of.flatMap(({ need }) => leavesOf(need, target, ground));
  return casesOf(claim)
    .filter(({ name }) => cases.includes(name))
    .map((aCase) => ({ target, aCase, freshMs: claim.freshMs }));
}

function keyOf({ target, aCase }: Leaf): string {
  return `${target} ${caseId(aCase.claim, aCase.name)}`;
}

function passedEvidence({ target, aCase }: Leaf, ground: Ground): Evidence {
  return {
    id: `r1.${target}.${caseId(aCase.claim, aCase.name)}`,
    run: 'r1',
    at: isoOf(ground.now - HOUR_MS / 2),
    claim: aCase.claim,
    case: aCase.name,
    digest: ground.digestOf(aCase),
    trial: 1,
    target: { name: target, grade: 'live', host: '127.0.0.1' },
    attempts: 1,
    verdict: PASS,
    observed: ground.observed(aCase),
    usd: 0,
    tool: '0.1.0',
  };
}

function twice(one: Evidence, first: Verdict, second: Verdict): readonly Evidence[] {
  const again = { ...one, id: `${one.id}.2`, trial: 2, verdict: second };
  return [{ ...one, verdict: first }, again];
}

function older(one: Evidence, byMs: number): Evidence {
  return { ...one, at: isoOf(instantMs(one.at) - byMs) };
}

/** The same of another run, which began before the first had ended: what counts is when each was sent. */
function later(one: Evidence, verdict: Verdict = one.verdict): Evidence {
  const at = isoOf(instantMs(one.at) + 1);
  return { ...one, id: `r0.${one.id}`, run: 'r0', at, verdict };
}
