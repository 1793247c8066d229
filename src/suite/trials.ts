import type { Case } from '../domain/claim.ts';
import { MOST_TRIALS, smallestToDecide } from '../domain/interval.ts';
import type { Surroundings } from './expectation.ts';
import type { ClaimOutline } from './outline.ts';
import { explainedBy, placeOf } from './source.ts';
import { member } from './written.ts';

/** The trials that a claim asks for; so few that they could never decide, one way or the other, are a problem. */
export function trialsOf({ keys, written }: ClaimOutline, home: Surroundings): Case['trials'] {
  const around = { ...home, complain: explainedBy('trials', home.complain) };
  const { trials } = keys;
  const node = member(written, 'trials');
  if (trials === undefined || node === undefined) return undefined;
  const { of, atLeast, confidence } = trials;
  const at = (member(node, 'of') ?? node).span;
  const sure = `at confidence ${confidence}`;
  const refuse = (message: string, smallest: number): void => {
    const hint =
      smallest > MOST_TRIALS
        ? `no number of trials up to ${MOST_TRIALS} can; ask for another rate, or less confidence`
        : `the smallest that can: of: ${smallest}`;
    around.complain(at, message, { hint });
  };
  const toPass = smallestToDecide(atLeast, confidence);
  const toFail = smallestToDecide(1 - atLeast, confidence);
  if (of < toPass) {
    const message = `${of} trials can never show a rate of at least ${atLeast} ${sure}, even if every one passes`;
    refuse(message, toPass);
  } else if (of < toFail) {
    const message = `${of} trials can never show a rate below ${atLeast} ${sure}, even if every one fails`;
    refuse(message, toFail);
  }
  return { of, atLeast, confidence, place: placeOf(around.source, node.span.start) };
}
