import { type Case, type Claim, claimId, type Expectation } from '../domain/claim.ts';
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
        hint: isAboutCharge(claim) ? SAY_WHICH : EXPECT_MORE,
        see: isAboutCharge(claim) ? 'charges' : 'expectations',
      },
    ];
  });
}

const EXPECT_MORE =
  'expect something that only a real answer has: an image, a text, a value in the JSON';
const SAY_WHICH = 'say which answer it speaks of: given: [ { image: any } ]';

function isAboutCharge({ basis }: Claim): boolean {
  return basis.kind === 'sent' && basis.cases.some((one) => charges(one).length > 0);
}

function charges({ expect }: Case): Case['expect'] {
  return expect.filter(({ kind }) => kind === 'charged');
}

/**
 * A warning for each claim that expects more than a charge beside it, at the line of the charge: where none can be
 * measured it would keep the rest from being told.
 */
export function crowdedCharges(claims: readonly Claim[]): readonly Problem[] {
  return claims.flatMap((claim): readonly Problem[] => {
    const cases = claim.basis.kind === 'sent' ? claim.basis.cases : [];
    const crowded = cases.find((one) => charges(one).length > 0 && one.expect.length > 1);
    const place = crowded && charges(crowded)[0]?.place;
    if (place === undefined) return [];
    return [
      {
        severity: 'warning',
        message: `${claimId(claim)} expects a charge beside other things, which nobody can tell where no charge is shown`,
        place,
        hint: 'give the charge a claim of its own: equal requests are sent and paid once',
        see: 'charges',
      },
    ];
  });
}

function isSatisfied(claim: Claim, answer: EmptyAnswer): boolean {
  if (claim.basis.kind !== 'sent') return false;
  return claim.basis.cases.some((one) => {
    const asked = charges(one).length > 0 ? spokenOf(one) : one;
    return (
      asked !== undefined &&
      judgeAll(asked, answersTo(one, answer), () => 'pass').verdict.kind === 'pass'
    );
  });
}

/** What shows which answer a charge is about, unless another claim does. */
function spokenOf(one: Case): Case | undefined {
  const own = one.given.filter((given): given is Expectation => given.kind !== 'claim');
  if (own.length < one.given.length) return undefined;
  return {
    ...one,
    given: [],
    expect: [...own, ...one.expect.filter(({ kind }) => kind !== 'charged')],
  };
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
