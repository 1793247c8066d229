import { describe, expect, test } from 'vitest';
import { STANDINGS, type Case, type Standing } from './claim.ts';
import { decidedOf } from './decided.ts';
import type { Evidence } from './evidence.ts';
import {
  FAIL,
  NOW,
  PASS,
  UNDECIDED,
  casesIn,
  daysAgo,
  evidenceOf,
  remember,
  sentClaim,
} from './evidence.fixture.ts';
import { type Stand, weakest } from './stand.ts';
import {
  type CaseStand,
  caseStand,
  casesOf,
  everDecided,
  everTried,
  indexEvidence,
} from './standing.ts';

const claim = sentClaim('c', ['a=1', 'a=2']);
const [one] = casesIn(claim) as [Case];
const stand = (evidence: readonly Evidence[], target = 'local', now = NOW): CaseStand =>
  caseStand(one, claim.freshMs, target, remember([claim], evidence, now));

describe('one case', () => {
  test('without evidence is unproven, and says what is missing', () => {
    expect(stand([])).toEqual({
      standing: 'unproven',
      because: 's/c/a=1 on local: no evidence',
      evidence: [],
      observed: {},
    });
    expect(stand([evidenceOf(one, { digest: 'old' })]).because).toContain(
      'no evidence since the claim was edited',
    );
    expect(stand([evidenceOf(one, { verdict: UNDECIDED })]).because).toContain(
      'undecided so far (throttled, 2026-04-13)',
    );
  });

  test('says why it is undecided by its newest evidence', () => {
    const blocked = { kind: 'inconclusive', cause: 'blocked', detail: '' } as const;
    const evidence = [
      evidenceOf(one, { run: 'r2', verdict: blocked }),
      evidenceOf(one, { run: 'r1', verdict: UNDECIDED, at: daysAgo(3) }),
    ];
    for (const all of [evidence, evidence.toReversed()])
      expect(stand(all).because).toContain('undecided so far (blocked, 2026-04-13)');
  });

  test('that passed holds, and names its evidence, its day and what was seen', () => {
    expect(stand([evidenceOf(one)])).toEqual({
      standing: 'holds',
      because: 's/c/a=1 on local: r1.s/c/a=1.local.1 (2026-04-13)',
      evidence: ['r1.s/c/a=1.local.1'],
      observedAt: daysAgo(1),
      observed: { status: 200 },
    });
  });

  test('that failed and passed in one run is unstable, with both as evidence', () => {
    const evidence = [evidenceOf(one, { verdict: FAIL }), evidenceOf(one, { trial: 2 })];
    expect(stand(evidence)).toMatchObject({
      standing: 'unstable',
      because: expect.stringContaining('1 of 2 failed') as string,
      evidence: ['r1.s/c/a=1.local.1', 'r1.s/c/a=1.local.2'],
    });
  });

  test('is judged by the newest run that decided anything, and by no other', () => {
    const old = evidenceOf(one, { run: 'r1', at: daysAgo(3), verdict: FAIL });
    const newer = evidenceOf(one, { run: 'r2', at: daysAgo(2) });
    const newest = evidenceOf(one, { run: 'r3', at: daysAgo(1), verdict: UNDECIDED });
    expect(stand([newest, newer, old])).toMatchObject({ standing: 'holds', evidence: [newer.id] });
    expect(stand([old, newest])).toMatchObject({ standing: 'broken', evidence: [old.id] });
  });

  test('at equal times is judged by the run whose id is later', () => {
    const first = evidenceOf(one, { run: 'r1', id: 'z', verdict: FAIL });
    const second = evidenceOf(one, { run: 'r2', id: 'a' });
    for (const all of [
      [first, second],
      [second, first],
    ]) {
      expect(stand(all)).toMatchObject({ standing: 'holds', evidence: [second.id] });
    }
  });

  test('keeps an undecided second trial out of the count', () => {
    const evidence = [
      evidenceOf(one, { verdict: FAIL }),
      evidenceOf(one, { trial: 2, verdict: UNDECIDED }),
    ];
    expect(stand(evidence)).toMatchObject({ standing: 'broken' });
  });

  test.each<[number, typeof PASS, Standing]>([
    [29.9, PASS, 'holds'],
    [30, PASS, 'holds'],
    [30.1, PASS, 'stale'],
    [400, PASS, 'stale'],
    [400, FAIL, 'broken'],
  ])('that was decided %d days ago: %j is %s', (days, verdict, standing) => {
    const said = stand([evidenceOf(one, { at: daysAgo(days), verdict })]);
    expect(said.standing).toBe(standing);
    if (standing === 'stale') expect(said.because).toContain(`${Math.floor(days)} days old`);
  });

  test('does not know evidence of days to come, so that --now shows what was known then', () => {
    const evidence = [
      evidenceOf(one, { run: 'r1', at: daysAgo(10) }),
      evidenceOf(one, { run: 'r2', at: daysAgo(1), verdict: FAIL }),
    ];
    expect(stand(evidence).standing).toBe('broken');
    expect(stand(evidence, 'local', Date.parse(daysAgo(5))).standing).toBe('holds');
    expect(stand(evidence, 'local', Date.parse(daysAgo(50))).standing).toBe('unproven');
  });

  test('does not speak for another case, claim or target', () => {
    const evidence = [
      evidenceOf(one, { case: 'a=2' }),
      evidenceOf(one, { claim: 's/d' }),
      evidenceOf(one, { target: { name: 'production', grade: 'live', host: 'h' } }),
    ];
    expect(stand(evidence).standing).toBe('unproven');
    expect(stand(evidence, 'production').standing).toBe('holds');
  });
});

describe('what may count', () => {
  const target = { name: 'local', grade: 'live', host: 'h' } as const;
  const sizeOf = (seen: Evidence['target']): number =>
    indexEvidence([evidenceOf(one, { target: seen })]).size;

  test('is evidence of a live target, and of a mock behind it only where it is allowed', () => {
    expect(sizeOf(target)).toBe(1);
    expect(sizeOf({ ...target, mock: 'w' })).toBe(0);
    expect(sizeOf({ ...target, mock: 'w', mockAllowed: false })).toBe(0);
    expect(sizeOf({ ...target, mock: '' })).toBe(0);
    expect(sizeOf({ ...target, mock: 'w', mockAllowed: true })).toBe(1);
  });

  test('is a rehearsal for itself alone, each world apart', () => {
    const rehearsal = { ...target, grade: 'rehearsal', mock: 'w', world: 'w' } as const;
    const evidence = [evidenceOf(one, { target: rehearsal })];
    expect(stand(evidence, 'local@w').standing).toBe('holds');
    expect(stand(evidence, 'local').standing).toBe('unproven');
    expect(stand(evidence, 'local@v').standing).toBe('unproven');
    const { world: _, ...worldless } = rehearsal;
    expect(stand([evidenceOf(one, { target: worldless })], 'local').standing).toBe('unproven');
  });
});

describe('a probe in search of a limit', () => {
  const probe = { probe: true } as const;

  test('of a case that is written counts as any evidence of it', () => {
    expect(stand([evidenceOf(one, probe)]).standing).toBe('holds');
    expect(everDecided('s/c', 'local', remember([claim], [evidenceOf(one, probe)]))).toBe(true);
  });

  test('of what is no case decides nothing of its claim', () => {
    const beyond = evidenceOf({ ...one, name: 'a=17' }, probe);
    expect(everDecided('s/c', 'local', remember([claim], [beyond]))).toBe(false);
    expect(everTried('s/c', 'local', remember([claim], [beyond]))).toBe(false);
    const { probe: _, ...earlier } = beyond;
    expect(everDecided('s/c', 'local', remember([claim], [earlier]))).toBe(true);
  });

  test('that decides nothing leaves no case undecided', () => {
    const vain = evidenceOf(one, { ...probe, run: 'r9', at: daysAgo(0), verdict: UNDECIDED });
    const remembered = remember([claim], [evidenceOf(one), vain]);
    expect(decidedOf(claim, one.name, 'local', remembered)).not.toHaveProperty('undecided');
  });
});

describe('the weakest', () => {
  const at = (standing: Standing, days?: number): Stand => ({
    standing,
    because: `${standing} since ${days}`,
    evidence: [`e-${standing}-${days}`],
    ...(days !== undefined && { observedAt: daysAgo(days) }),
  });

  test.each(STANDINGS.map((standing, rank) => [standing, STANDINGS.slice(rank)] as const))(
    'is %s among what is no weaker',
    (standing, others) => {
      const stands = others.map((other) => at(other));
      expect(weakest(stands).standing).toBe(standing);
      expect(weakest(stands.toReversed()).standing).toBe(standing);
    },
  );

  test('order is broken, unstable, unproven, stale, holds', () => {
    expect(STANDINGS).toEqual(['broken', 'unstable', 'unproven', 'stale', 'holds']);
  });

  test('of nothing is unproven', () => {
    expect(weakest([])).toMatchObject({ standing: 'unproven', evidence: [] });
  });

  test('bears the reasons and the evidence of those that decide it, and the oldest date', () => {
    expect(weakest([at('holds', 9), at('stale', 31), at('stale', 40)])).toEqual({
      standing: 'stale',
      because: 'stale since 31; stale since 40',
      evidence: ['e-stale-31', 'e-stale-40'],
      observedAt: daysAgo(40),
    });
  });

  test('names three reasons, and how many more there are', () => {
    const { because, evidence } = weakest([1, 2, 3, 4, 5].map((days) => at('holds', days)));
    expect(because).toBe('holds since 1; holds since 2; holds since 3; and 2 more');
    expect(evidence).toHaveLength(5);
  });

  test('takes the earlier instant, however it is written', () => {
    const [early, late] = ['2026-04-01T09:00:00+09:00', '2026-04-01T00:30:00Z'];
    const stands = [late, early].map((observedAt) => ({ ...at('holds', 1), observedAt }));
    expect(weakest(stands).observedAt).toBe(early);
  });
});

test('a need names some cases of a claim', () => {
  expect(casesOf(claim, ['a=2', 'a=9']).map(({ name }) => name)).toEqual(['a=2']);
});
