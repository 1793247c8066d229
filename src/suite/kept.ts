import type { Case, Claim, Expectation, Given, Json, Place, Step, Suite } from '../domain/claim.ts';
import type { Loaded } from './load.ts';

/**
 * What was loaded, as JSON can keep it. Cases name their expectations by number, those what they ask for, and that its
 * shape: so what was one object is one again, digests and validators are made once for each, and what thousands of claims
 * ask for alike is read once.
 */
export interface Kept extends Omit<Loaded, 'suites'> {
  /** In each case, numbers stand where `given` and `expect` are. */
  readonly suites: readonly Suite[];
  /** Of each expectation, the number of what it asks for and of its file, its line and its column. */
  readonly expectations: readonly (readonly [number, number, number, number])[];
  /** A number stands where a shape is. */
  readonly asked: readonly Asked[];
  readonly files: readonly string[];
  readonly shapes: readonly Json[];
}

/** All of an expectation or a control but where it was written. */
type Asked = Omit<Expectation, 'place'> | Omit<Exclude<Given, Expectation>, 'place'>;

/** Loaded suites as they are kept. */
export function keptOf({ suites, ...others }: Loaded): Kept {
  const expectations = numbering<Given>();
  const asked = numbering<string>();
  const files = numbering<string>();
  const shapes = numbering<Json>();
  const numbered = inCases(suites, (one) => expectations.of(one));
  const askedOf = (one: Given): Asked => {
    if ('need' in one) return { kind: one.kind, need: one.need };
    const { kind, value, shape } = one;
    return shape === undefined ? { kind, value } : { kind, value, shape: shapes.of(shape) };
  };
  return {
    ...others,
    suites: numbered,
    expectations: expectations.all().map((one) => {
      const { file, line, column } = one.place;
      return [asked.of(JSON.stringify(askedOf(one))), files.of(file), line, column];
    }),
    asked: asked.all().map((text) => JSON.parse(text) as Asked),
    files: files.all(),
    shapes: shapes.all(),
  };
}

/**
 * Suites as they were loaded, from what `keptOf` made of them, which is changed for that where it stands: it was just read,
 * nobody else has it, and a copy of thousands of cases takes long.
 */
export function loadedOf({ suites, expectations, asked, files, shapes, ...others }: Kept): Loaded {
  const shaped = asked.map((one) =>
    'shape' in one ? { ...one, shape: shapes[Number(one.shape)] ?? null } : one,
  );
  const whole = expectations.map(([what, file, line, column]) => {
    const place: Place = { file: files[file] ?? '', line, column };
    return { ...shaped[what], place };
  });
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

/** Numbers for values, counted from 0; the same value has the same. */
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
