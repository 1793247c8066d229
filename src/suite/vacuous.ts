import { type Claim, claimId } from '../domain/claim.ts';
import type { Exchange } from '../domain/exchange.ts';
import { judge } from '../domain/judge.ts';
import type { Problem } from '../domain/problem.ts';

/** Answers that say nothing; a claim that they satisfy proves nothing (suite-format, "Nothing vacuous"). */
const EMPTY_ANSWERS: readonly { readonly name: string; readonly text: string }[] = [
  { name: 'an empty object', text: '{}' },
  { name: 'an empty body', text: '' },
  {
    name: 'an error object with status 200',
    text: '{"error":{"message":"refused","type":"","code":""}}',
  },
];

/** A warning for each claim that an empty answer would satisfy, at the claim's line. */
export function vacuousClaims(claims: readonly Claim[]): readonly Problem[] {
  return claims.flatMap((claim) => {
    const satisfied = EMPTY_ANSWERS.filter(({ text }) => isSatisfied(claim, text)).map(
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

function isSatisfied(claim: Claim, text: string): boolean {
  if (claim.basis.kind !== 'sent') return false;
  return claim.basis.cases.some(
    (one) => judge(one, answering(text), () => 'pass').verdict.kind === 'pass',
  );
}

function answering(text: string): Exchange {
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
          headers: { 'content-type': 'application/json' },
          body,
        },
      },
    ],
    fetched: {},
  };
}
