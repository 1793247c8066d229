import { describe, expect, test } from 'vitest';
import type { Case, Claim, DocumentedAs } from './claim.ts';
import type { Evidence } from './evidence.ts';
import {
  FAIL,
  PASS,
  UNDECIDED,
  casesIn,
  claimOf,
  daysAgo,
  derivedClaim,
  evidenceOf,
  need,
  remember,
  sentClaim,
} from './evidence.fixture.ts';
import { type Gate, gate } from './gate.ts';
import type { KnownContradiction } from './known.ts';

const production = { name: 'production', grade: 'live', host: 'h' } as const;
const place = { file: 'suites/known.yaml', line: 2, column: 5 };

function documented(as: DocumentedAs, claim: Claim): Claim {
  return { ...claim, documented: { as } };
}

function listed(id: string, cases: readonly string[], until = '2026-04-30'): KnownContradiction {
  const said = { owner: 'Ada', reason: 'later', link: 'https://example.com', until, place };
  return { selector: `s/${id}`, need: need(id, cases), ...said };
}

interface Asking {
  readonly against?: boolean;
  readonly isBound?: boolean;
  readonly known?: readonly KnownContradiction[];
}

function ask(claims: readonly Claim[], evidence: readonly Evidence[], asking: Asking = {}): Gate {
  const { against = false, isBound = false, known = [] } = asking;
  const gated = claims.map((claim) => ({
    claim,
    cases: claim.basis.kind === 'sent' ? claim.basis.cases.map(({ name }) => name) : [''],
    target: 'local',
    ...(against && { against: 'production' }),
    isBound,
  }));
  return gate(gated, known, [], remember(claims, evidence));
}

function kinds({ state, reasons, news }: Gate): readonly string[] {
  return [state, ...[...reasons, ...news].map(({ kind }) => kind)];
}

const holds = sentClaim('c');
const broken = documented('broken', holds);
const open = documented('open', holds);
const [one] = casesIn(holds) as [Case];
const old = evidenceOf(one, { run: 'r0', at: daysAgo(3) });

describe('one claim, by what is documented and what its evidence says', () => {
  const passed = evidenceOf(one);
  const failed = evidenceOf(one, { verdict: FAIL });
  const undecided = evidenceOf(one, { verdict: UNDECIDED });
  const twice = [failed, evidenceOf(one, { trial: 2 })];
  const tired = evidenceOf(one, { at: daysAgo(31) });
  const edited = evidenceOf(one, { digest: 'old' });

  test.each<[string, Claim, readonly Evidence[], readonly string[]]>([
    ['held, and passes', holds, [passed], ['open']],
    ['held, and fails', holds, [failed], ['shut', 'fails']],
    ['held, and is unstable', holds, twice, ['shut', 'fails']],
    ['held, and is stale', holds, [tired], ['shut', 'lost']],
    ['held, and was edited', holds, [edited], ['shut', 'lost']],
    ['held, and was never tried', holds, [], ['unknown', 'no-evidence']],
    ['held, and was never decided', holds, [undecided], ['unknown', 'never-decided']],
    ['held, passed, and is undecided now', holds, [old, undecided], ['shut', 'undecided']],
    ['broken, and fails', broken, [failed], ['open']],
    ['broken, and passes', broken, [passed], ['open', 'too-gloomy']],
    [
      'broken, failed, and is undecided now',
      broken,
      [{ ...old, verdict: FAIL }, undecided],
      ['shut', 'undecided'],
    ],
    ['broken, and was never decided', broken, [undecided], ['open']],
    ['open, and fails', open, [failed], ['open']],
    ['open, and was edited', open, [edited], ['open']],
    ['open, passed, and is undecided now', open, [old, undecided], ['shut', 'undecided']],
  ])('documented as %s', (_, claim, evidence, expected) => {
    expect(kinds(ask([claim], evidence))).toEqual(expected);
  });

  test('a run that could tell behind one that could not opens the gate again', () => {
    const evidence = [old, { ...undecided, at: daysAgo(2) }, evidenceOf(one, { run: 'r2' })];
    expect(kinds(ask([holds], evidence))).toEqual(['open']);
  });

  test('a run in which one trial of two could not be told has decided all the same', () => {
    const tried = [evidenceOf(one), evidenceOf(one, { trial: 2, verdict: UNDECIDED })];
    expect(kinds(ask([holds], tried))).toEqual(['open']);
  });

  test('a series of trials that was cut short has not, whatever its trials did', () => {
    const trials = { of: 40, atLeast: 0.9, confidence: 0.9 };
    const varying = {
      ...holds,
      basis: { kind: 'sent' as const, cases: [{ ...one, trials: { ...trials, place } }] },
    };
    const series = (run: string, count: number, at: string) =>
      Array.from({ length: count }, (_, index) =>
        evidenceOf(one, { run, at, trials, trial: index + 1 }),
      );
    const whole = series('r1', 28, daysAgo(2));
    expect(kinds(ask([varying], whole))).toEqual(['open']);
    const cut = [...whole, ...series('r2', 9, daysAgo(1))];
    expect(kinds(ask([varying], cut))).toEqual(['shut', 'undecided']);
  });

  test('an undecided run is named with its cause, and what was known before', () => {
    const [reason] = ask([holds], [old, undecided]).reasons;
    expect(reason?.because).toBe(
      's/c on local: r1.s/c/.local.1 left it undecided (throttled, 2026-04-13)',
    );
    expect(reason?.evidence).toEqual([undecided.id, old.id]);
  });
});

describe('against another target', () => {
  const there = evidenceOf(one, { target: production });
  const here = sentClaim('d');
  const [other] = casesIn(here) as [Case];
  const claims = (as: DocumentedAs) => [documented(as, holds), here];

  test.each<[string, DocumentedAs, readonly Evidence[], readonly string[]]>([
    ['what holds there and has no evidence here is lost', 'holds', [there], ['shut', 'lost']],
    [
      'what was decided there once is lost here',
      'holds',
      [{ ...there, digest: 'old' }],
      ['shut', 'lost'],
    ],
    ['what nobody promised, and was not tried here, is not missed', 'open', [there], ['open']],
    [
      'what is decided there, and not here, is undecided',
      'open',
      [there, evidenceOf(one, { verdict: UNDECIDED })],
      ['shut', 'undecided'],
    ],
    [
      'what nobody promised, and is worse here, is news',
      'open',
      [there, evidenceOf(one, { verdict: FAIL })],
      ['open', 'worse'],
    ],
    [
      'what fails there as here is no worse',
      'open',
      [{ ...there, verdict: FAIL }, evidenceOf(one, { verdict: FAIL })],
      ['open'],
    ],
  ])('%s', (_, as, evidence, expected) => {
    const all = [...evidence, evidenceOf(other)];
    expect(kinds(ask(claims(as), all, { against: true }))).toEqual(expected);
  });

  test('without any evidence here nothing is lost: nobody has looked', () => {
    const found = ask([holds], [there], { against: true });
    expect(kinds(found)).toEqual(['unknown', 'no-evidence']);
    expect(found.missing).toEqual(['s/c']);
  });
});

describe('coverage of bound claims', () => {
  const second = documented('open', sentClaim('d', ['a=1', 'a=2']));
  const [first, last] = casesIn(second) as [Case, Case];
  const whole = [evidenceOf(one), evidenceOf(first), evidenceOf(last)];

  test('counts those whose every case is decided', () => {
    const found = ask([holds, second], whole, { isBound: true });
    expect([found.state, found.coverage]).toEqual(['open', { bound: 2, decided: 2 }]);
  });

  test('that fell shuts the gate, also where nothing is promised, and says what to run', () => {
    const edited = [...whole.slice(0, 2), evidenceOf(last, { digest: 'old' })];
    const found = ask([holds, second], edited, { isBound: true });
    expect(kinds(found)).toEqual(['shut', 'coverage']);
    expect(found.coverage).toEqual({ bound: 2, decided: 1 });
    expect(found.reasons[0]?.because).toContain('1 still are; not s/d');
    expect(found.missing).toEqual(['s/d/a=2']);
    expect(kinds(ask([holds, second], edited))).toEqual(['open']);
  });

  test('that is higher on the other target shuts it as well', () => {
    const elsewhere = [first, last].map((each) => evidenceOf(each, { target: production }));
    const all = [evidenceOf(one), ...elsewhere];
    const asking = { isBound: true, against: true };
    expect(kinds(ask([holds, second], all, asking))).toEqual(['shut', 'coverage']);
    expect(kinds(ask([holds, second], all.slice(0, 2), asking))).toEqual(['open']);
  });
});

describe('a known contradiction', () => {
  const varied = sentClaim('c', ['a=1', 'a=2']);
  const [first, last] = casesIn(varied) as [Case, Case];
  const both = listed('c', ['a=1', 'a=2']);
  const failing = [first, last].map((each) => evidenceOf(each, { verdict: FAIL }));
  const passing = [first, last].map((each) => evidenceOf(each));

  test.each<[string, readonly Evidence[], KnownContradiction, readonly string[], number]>([
    ['that stands keeps the gate open', failing, both, ['open', 'listed'], 0],
    ['that agrees is a stale entry', passing, both, ['shut', 'stale-list'], 1],
    [
      'of which a part agrees is stale, and stays',
      [failing[0], passing[1]] as Evidence[],
      both,
      ['shut', 'stale-list', 'listed'],
      0,
    ],
    [
      'that was not exercised is neither stale nor pruned',
      [passing[0]] as Evidence[],
      listed('c', ['a=2']),
      ['open', 'not-exercised'],
      0,
    ],
    [
      'that passed long ago is not exercised',
      passing.map((each) => ({ ...each, at: daysAgo(31) })),
      both,
      ['open', 'not-exercised'],
      0,
    ],
    [
      'that its newest run left undecided is not exercised',
      [
        ...passing,
        ...passing.map((each) => ({
          ...each,
          id: `${each.id}x`,
          run: 'r2',
          at: daysAgo(0),
          verdict: UNDECIDED,
        })),
      ],
      both,
      ['open', 'not-exercised'],
      0,
    ],
    ['forgives no other case', failing, listed('c', ['a=1']), ['shut', 'fails', 'listed'], 0],
    [
      'counts through its last day',
      failing,
      listed('c', both.need.cases, '2026-04-14'),
      ['open', 'listed'],
      0,
    ],
    [
      'shuts the gate once its time is over',
      failing,
      listed('c', both.need.cases, '2026-04-13'),
      ['shut', 'expired-entry'],
      0,
    ],
    [
      'shuts it then even where it agrees, and stays',
      passing,
      listed('c', both.need.cases, '2026-04-13'),
      ['shut', 'expired-entry'],
      0,
    ],
  ])('%s', (_, evidence, entry, expected, prunable) => {
    const found = ask([varied], evidence, { known: [entry], isBound: true });
    expect(kinds(found)).toEqual(expected);
    expect(found.prunable).toHaveLength(prunable);
  });

  test('is pruned by who looks at all of its cases', () => {
    const part = { claim: varied, cases: ['a=1'], target: 'local', isBound: false };
    const found = gate([part], [both], [], remember([varied], passing));
    expect([kinds(found), found.prunable]).toEqual([['shut', 'stale-list'], []]);
  });

  test('of what is documented as broken, and holds, is one as well', () => {
    const claim = documented('broken', holds);
    const entry = listed('c', ['']);
    expect(kinds(ask([claim], [evidenceOf(one)], { known: [entry] }))).toEqual(['open', 'listed']);
    const failed = evidenceOf(one, { verdict: FAIL });
    expect(kinds(ask([claim], [failed], { known: [entry] }))).toEqual(['shut', 'stale-list']);
  });
});

describe('a derived claim', () => {
  const part = documented('open', holds);
  const derived = derivedClaim('whole', [[need('c'), 'all']]);

  test.each<[string, readonly Evidence[], readonly string[]]>([
    ['holds as its parts do', [evidenceOf(one)], ['open']],
    ['fails as they do', [evidenceOf(one, { verdict: FAIL })], ['shut', 'fails']],
    ['is lost where they were edited', [evidenceOf(one, { digest: 'old' })], ['shut', 'lost']],
    [
      'was never decided where they were not',
      [evidenceOf(one, { verdict: UNDECIDED })],
      ['unknown', 'never-decided'],
    ],
    [
      'is undecided as they are now',
      [old, evidenceOf(one, { verdict: UNDECIDED })],
      ['shut', 'undecided', 'undecided'],
    ],
  ])('%s', (_, evidence, expected) => {
    const found = ask([part, derived], evidence);
    expect(kinds(found)).toEqual(expected);
    expect(found.missing.filter((selector) => selector === 's/whole')).toEqual([]);
  });
});

test('a derived claim that one of its alternatives holds is not undecided by one that never was decided', () => {
  const [first, second] = casesIn(sentClaim('c', ['a=1', 'a=2'])) as [Case, Case];
  const either = derivedClaim('either', [[need('c', ['a=1', 'a=2']), 'any']]);
  const parts = documented('open', sentClaim('c', ['a=1', 'a=2']));
  const evidence = [evidenceOf(first), evidenceOf(second, { verdict: UNDECIDED })];
  expect(kinds(ask([parts, either], evidence))).toEqual(['open']);
});

test('what was decided on another host or channel than the target has now does not open the gate', () => {
  const kindsAt = (host: string, channel?: number) => {
    const where = { host, ...(channel !== undefined && { channel }) };
    const gated = { claim: holds, cases: [''], target: 'local', place: where, isBound: false };
    const found = gate([gated], [], [], remember([holds], [evidenceOf(one)]));
    return [...kinds(found), ...found.missing];
  };
  expect(kindsAt('localhost:5000')).toEqual(['open']); // a port is no other place
  expect(kindsAt('api.example.com')).toEqual(['unknown', 'other-place', 's/c']);
  expect(kindsAt('localhost:4000', 3)).toEqual(['unknown', 'other-place', 's/c']);
});

test('what was decided elsewhere neither takes an entry out of the list nor asks for more than it says', () => {
  const gated = {
    claim: holds,
    cases: [''],
    target: 'local',
    place: { host: 'api.example.com' },
    isBound: true,
  };
  const among = (evidence: Evidence) =>
    gate([gated], [listed('c', [''])], [], remember([holds], [evidence]));
  const passed = among(evidenceOf(one));
  expect([kinds(passed), passed.prunable]).toEqual([['open', 'not-exercised'], []]);
  expect(kinds(among(evidenceOf(one, { verdict: FAIL })))).toEqual(['open', 'listed']);
});

test('what was decided on another build than the newest that answered is said', () => {
  const other = sentClaim('d');
  const [second] = casesIn(other) as [Case];
  const before = evidenceOf(one, { gatewayVersion: 'v1', at: daysAgo(2) });
  const builds = (version: string) => [before, evidenceOf(second, { gatewayVersion: version })];
  expect(kinds(ask([holds, other], builds('v1')))).toEqual(['open']);
  const found = ask([holds, other], builds('v2'));
  expect(kinds(found)).toEqual(['open', 'other-build']);
  expect(found.news[0]?.because).toBe('the newest evidence on local is of build v2; of v1: s/c');
});

test('what no request can settle keeps no gate shut', () => {
  const untestable = claimOf('never', { kind: 'untestable', why: 'words' });
  expect(kinds(ask([untestable, holds], [evidenceOf(one)], { isBound: true }))).toEqual(['open']);
});

test('a gate that looks at nothing is not open', () => {
  expect(ask([], []).state).toBe('unknown');
});

test('a piece of evidence from the future is not known yet', () => {
  const evidence = [evidenceOf(one, { verdict: PASS, at: daysAgo(-9) })];
  expect(kinds(ask([holds], evidence))).toEqual(['unknown', 'no-evidence']);
});
