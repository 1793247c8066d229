import { type Case, type Claim, claimId } from '../domain/claim.ts';
import type { Exchange } from '../domain/exchange.ts';
import { judgeAll } from '../domain/steps.ts';
import type { Problem } from '../domain/problem.ts';

/** Answers that say nothing; a claim that they satisfy proves nothing (suite-format, "Nothing vacuous"). */
const EMPTY_ANSWERS: readonly EmptyAnswer[] = [
  { name: 'an empty object', type: 'application/json', text: '{}' },
  { name: 'an empty body', type: 'application/json', text: '' },
  {
    name: 'an error object with status 200',
    type: 'application/json',
    text: '{"error":{"message":"refused","type":"","code":""}}',
  },
  { name: 'an event stream without events', type: 'text/event-stream', text: ': PING\n\n' },
];

interface EmptyAnswer {
  readonly name: string;
  readonly type: string;
  readonly text: string;
}

/** A warning for each claim that an empty answer would satisfy, at the claim's line. */
export function vacuousClaims(claims: readonly Claim[]): readonly Problem[] {
  return claims.flatMap((claim) => {
    const satisfied = EMPTY_ANSWERS.filter((answer) => isSatisfied(claim, answer)).map(
      ({ name }) => name,
    );
    if (satisfied.length === 0) return [];
    return [
      {
        severity: 'warning',
        message: `${claimId(claim)} would pass on ${satisfied.join(', ')}`,
        place: claim.place,
        hint: 'expect something that only a real answer has: an image, a text, a value in the JSON',
      },
    ];
  });
}

function isSatisfied(claim: Claim, answer: EmptyAnswer): boolean {
  if (claim.basis.kind !== 'sent') return false;
  return claim.basis.cases.some(
    (one) => judgeAll(one, answersTo(one, answer), () => 'pass').verdict.kind === 'pass',
  );
}

/** The same answer to each of its requests. */
function answersTo({ steps = [] }: Case, answer: EmptyAnswer): readonly [Exchange, ...Exchange[]] {
  const [, ...more] = steps.map(() => answering(answer));
  return [answering(answer), ...more];
}

function answering({ type, text }: EmptyAnswer): Exchange {
  const body = { text, bytes: text.length, payloads: [], cut: false };
  return {
    id: 'empty',
    sent: { method: 'POST', url: '', headers: {} },
    attempts: [
      {
        at: '1970-01-01T00:00:00.000Z',
        ms: 0,
        outcome: {
          kind: 'answered',
          status: 200,
          headers: { 'content-type': type },
          body,
        },
      },
    ],
    fetched: {},
  };
}
