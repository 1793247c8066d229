import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { type Claim, claimId, type Suite } from '../domain/claim.ts';
import { loadSuites } from '../suite/load.ts';

/** How fixtures/sentences/means.yaml says that the numbered sentences of the seed pages are covered. */
interface Means {
  readonly last: number;
  readonly untestable: readonly number[];
  readonly derived: readonly number[];
  readonly both: readonly number[];
}

const root = join(import.meta.dirname, '../..');
const means = parse(readFileSync(join(root, 'fixtures/sentences/means.yaml'), 'utf8')) as Means;
const { suites, problems } = loadCommittedSuites();
const claims = suites.flatMap((suite) => suite.claims);

describe('the committed suites', () => {
  test('are read without a problem', () => {
    expect(problems.map(({ message }) => message)).toEqual([]);
    expect(suites.map(({ id }) => id).toSorted()).toEqual([
      'gemini-image-edit',
      'gemini-image-gen',
      'gemini-image-gen-2026-02',
      'nano-banana',
      'nano-banana-2',
      'nano-banana-2-native',
    ]);
  });

  test('cover no sentence that does not exist', () => {
    const unknown = claims.flatMap(({ covers }) => covers).filter((number) => !isSentence(number));
    expect(unknown).toEqual([]);
  });

  test.each(sentences())('cover sentence %i by the means that it allows', (number) => {
    const kinds = new Set(
      claims.filter(({ covers }) => covers.includes(number)).map(({ basis }) => basis.kind),
    );
    expect(kinds).toEqual(new Set(allowedFor(number)));
  });

  test('keep what a superseded page said out of every other suite', () => {
    const old = suites.filter(({ superseded }) => superseded !== undefined);
    const covered = old.map(({ id, claims: its }) => [id, coveredBy(its)] as const);
    expect(Object.fromEntries(covered)).toEqual({
      'gemini-image-gen-2026-02': sentences().slice(16, 30),
      'nano-banana-2': sentences().slice(58),
    });
    const others = suites.filter(({ superseded }) => superseded === undefined);
    const now = coveredBy(others.flatMap((suite) => suite.claims));
    expect(now.filter((number) => covered.some(([, numbers]) => numbers.includes(number)))).toEqual(
      [],
    );
    expect(
      old.map(({ superseded }) => suites.find(({ id }) => id === superseded?.by)?.pages),
    ).toEqual(old.map(({ pages }) => pages));
  });

  test('have a control beside each claim that is documented as broken, so that a wrong key never agrees', () => {
    const uncontrolled = claims
      .filter(({ documented, basis }) => documented.as === 'broken' && basis.kind === 'sent')
      .filter((claim) => !hasControl(claim))
      .map(claimId);
    expect(uncontrolled).toEqual([]);
  });

  test('send fewer requests than they have cases', () => {
    const cases = suites.flatMap(casesOf);
    const requests = new Set(cases.map(({ world, request }) => JSON.stringify([world, request])));
    expect(requests.size).toBeLessThan(cases.length);
    expect(cases.length).toBeGreaterThanOrEqual(90);
  });

  test('say under which heading each claim is documented, or that no request settles it', () => {
    const silent = claims.filter(
      ({ documented, basis }) => basis.kind !== 'untestable' && documented.under === undefined,
    );
    expect(silent.map(claimId)).toEqual([]);
  });
});

function sentences(): readonly number[] {
  return Array.from({ length: means.last }, (_, index) => index + 1);
}

/** The numbers that claims cover, each once and in order. */
function coveredBy(some: readonly Claim[]): readonly number[] {
  const numbers = some.flatMap(({ covers }) => covers).filter((one) => typeof one === 'number');
  return [...new Set(numbers)].toSorted((a, b) => a - b);
}

function isSentence(covered: number | string): boolean {
  return typeof covered === 'number' && covered >= 1 && covered <= means.last;
}

function allowedFor(number: number): readonly Claim['basis']['kind'][] {
  if (means.untestable.includes(number)) return ['untestable'];
  if (means.derived.includes(number)) return ['derived'];
  return means.both.includes(number) ? ['derived', 'sent'] : ['sent'];
}

function hasControl({ basis }: Claim): boolean {
  return (
    basis.kind === 'sent' &&
    basis.cases.every(({ given }) => given.some(({ kind }) => kind === 'claim'))
  );
}

function casesOf(suite: Suite) {
  const sent = suite.claims.flatMap(({ basis }) => (basis.kind === 'sent' ? basis.cases : []));
  return sent.map(({ request }) => ({ world: suite.rehearse, request }));
}

function loadCommittedSuites() {
  const folder = join(root, 'suites');
  const files = readdirSync(folder)
    .filter((name) => name.endsWith('.yaml') && name !== 'targets.yaml')
    .map((name) => ({ name: `suites/${name}`, bytes: readFileSync(join(folder, name)) }));
  return loadSuites(files, (file) => {
    const path = join(folder, 'shapes', file);
    return existsSync(path) ? readFileSync(path) : undefined;
  });
}
