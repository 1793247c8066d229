import { type Observation, caseId } from './claim.ts';
import type { Evidence } from './evidence.ts';
import { type Remembered, isDecided, knownOf } from './standing.ts';
import { targetId } from './target.ts';

/** What of an answer is its shape: all that is observed but how long it took and what it cost. */
const SHAPE = [
  'status',
  'image.at',
  'image.format',
  'image.size',
  'image.count',
  'alias',
] as const satisfies readonly Observation[];

/** A value that an answer showed and none before it of this case, on this target, whatever its wording was then. */
export interface NewShape {
  readonly claim: string;
  readonly case: string;
  readonly target: string;
  readonly observation: Observation;
  readonly value: string | number;
  /** What was observed until then, in the order in which it came up. */
  readonly before: readonly (string | number)[];
  /** Id of the evidence. */
  readonly evidence: string;
}

/** What a run observed that had never been observed before; of what nothing at all was known, nothing is new. */
export function newShapes(
  run: string,
  own: readonly Evidence[],
  remembered: Remembered,
): readonly NewShape[] {
  const cases = new Map(
    own.map((one) => [`${targetId(one.target)} ${caseId(one.claim, one.case)}`, one]),
  );
  return [...cases.values()].flatMap((one) => {
    const known = knownOf(caseId(one.claim, one.case), targetId(one.target), remembered);
    return newOf(run, known.filter(isDecided));
  });
}

/** What is new, by the answer that showed it: one change is often seen in several observations at once. */
export function byAnswer(news: readonly NewShape[]): readonly (readonly NewShape[])[] {
  return [...Map.groupBy(news, ({ evidence }) => evidence).values()];
}

/** Among decided evidence of one case on one target, oldest first. */
function newOf(run: string, ordered: readonly Evidence[]): readonly NewShape[] {
  const seen = new Map<Observation, (string | number)[]>(SHAPE.map((name) => [name, []]));
  return ordered.flatMap((one, at) =>
    SHAPE.flatMap((observation): readonly NewShape[] => {
      const value = one.observed[observation];
      const before = seen.get(observation) ?? [];
      if (value === undefined || before.includes(value)) return [];
      seen.set(observation, [...before, value]);
      if (at === 0 || one.run !== run) return [];
      const { claim, case: name, target, id } = one;
      const of = { claim, case: name, target: targetId(target) };
      return [{ ...of, observation, value, before, evidence: id }];
    }),
  );
}
