import type { Case, Claim, Given, Json, Step, Suite } from '../domain/claim.ts';
import type { Loaded } from './load.ts';

/**
 * What was loaded, as JSON can keep it. Cases name their expectations by number, and expectations their shapes, so that
 * what was one object is one again: digests and validators are made once for each.
 */
export interface Kept extends Omit<Loaded, 'suites'> {
  /** In each case, numbers stand where `given` and `expect` are. */
  readonly suites: readonly Suite[];
  /** A number stands where a shape is. */
  readonly expectations: readonly Given[];
  readonly shapes: readonly Json[];
}

/** Loaded suites as they are kept. */
export function keptOf({ suites, ...others }: Loaded): Kept {
  const expectations = numbering<Given>();
  const shapes = numbering<Json>();
  const numbered = inCases(suites, (one) => expectations.of(one));
  return {
    ...others,
    suites: numbered,
    expectations: expectations.all().map((one) => withShape(one, (shape) => shapes.of(shape))),
    shapes: shapes.all(),
  };
}

/**
 * Suites as they were loaded, from what `keptOf` made of them, which is changed for that where it stands: it was just read,
 * nobody else has it, and a copy of thousands of cases takes long.
 */
export function loadedOf({ suites, expectations, shapes, ...others }: Kept): Loaded {
  const whole = expectations.map((one) =>
    withShape(one, (number) => shapes[Number(number)] ?? null),
  );
  const all = (numbers: readonly unknown[]) => numbers.map((number) => whole[Number(number)]);
  for (const { basis } of suites.flatMap(({ claims }) => claims)) {
    if (basis.kind !== 'sent') continue;
    for (const one of basis.cases) {
      Object.assign(one, { given: all(one.given), expect: all(one.expect) });
      for (const step of one.steps ?? []) {
        Object.assign(step, { expect: all(step.expect) });
        if (step.polling) Object.assign(step.polling, { until: all(step.polling.until) });
      }
    }
  }
  return { ...others, suites };
}

/** Numbers for values, counted from 0; the same object has the same. */
function numbering<Value>() {
  const numbers = new Map<Value, number>();
  return {
    of(value: Value): number {
      const number = numbers.get(value) ?? numbers.size;
      numbers.set(value, number);
      return number;
    },
    all: (): readonly Value[] => [...numbers.keys()],
  };
}

function inCases(suites: readonly Suite[], change: (one: Given) => unknown): readonly Suite[] {
  const all = <One extends Given>(those: readonly One[]) => those.map(change) as readonly One[];
  const changedStep = ({ expect, polling, ...step }: Step): Step => ({
    ...step,
    expect: all(expect),
    ...(polling && { polling: { ...polling, until: all(polling.until) } }),
  });
  const changed = (one: Case): Case => ({
    ...one,
    given: all(one.given),
    expect: all(one.expect),
    ...(one.steps && { steps: one.steps.map(changedStep) }),
  });
  const claimed = (claim: Claim): Claim =>
    claim.basis.kind === 'sent'
      ? { ...claim, basis: { ...claim.basis, cases: claim.basis.cases.map(changed) } }
      : claim;
  return suites.map((suite) => ({ ...suite, claims: suite.claims.map(claimed) }));
}

function withShape(one: Given, change: (shape: Json) => Json): Given {
  return 'shape' in one && one.shape !== undefined ? { ...one, shape: change(one.shape) } : one;
}
