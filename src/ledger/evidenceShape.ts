import { CAUSES } from '../domain/cause.ts';

/**
 * Whether a line is beyond doubt of the shape of evidence. Nearly every line of a long ledger is, and this look takes a tenth of
 * the time of `lineShape`, which has the last word: what that refuses is never taken, and what is unusual is left to it.
 */
export function isSurelyEvidence(line: object): boolean {
  return 'evidence' in line && hasSurely(line.evidence, EVIDENCE);
}

type Look = (value: unknown) => boolean;

/** What is known of an object: a look at each member, and how many it cannot lack. */
interface Shape {
  readonly members: ReadonlyMap<string, Look>;
  readonly required: number;
}

/** What evidence or its target may lack. */
const OPTIONAL: ReadonlySet<string> = new Set([
  'exchange',
  'measured',
  'ms',
  'requestId',
  'gatewayVersion',
  'alias',
  'sentence',
  'trials',
  'channel',
  'world',
  'mock',
  'mockAllowed',
]);

/** Whether a value is an object with nothing in it but what is known and right, and nothing amiss that it must have. */
function hasSurely(value: unknown, { members, required }: Shape): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  let found = 0;
  for (const name of Object.keys(value)) {
    const look = members.get(name);
    if (look === undefined || !look((value as Readonly<Record<string, unknown>>)[name]))
      return false;
    if (!OPTIONAL.has(name)) found += 1;
  }
  return found === required;
}

function shape(looks: Readonly<Record<string, Look>>): Shape {
  const members = new Map(Object.entries(looks));
  return { members, required: [...members.keys()].filter((name) => !OPTIONAL.has(name)).length };
}

const isText: Look = (value) => typeof value === 'string';
const isNumber: Look = (value) => Number.isFinite(value);

/** As we write it; 29 February is left to who knows the years. */
const INSTANT =
  /^\d{4}-(?:(?:0[13-9]|1[0-2])-(?:0[1-9]|[12]\d|30)|(?:0[13578]|1[02])-31|02-(?:0[1-9]|1\d|2[0-8]))T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z$/;

const TARGET = shape({
  name: isText,
  grade: (value) => value === 'live' || value === 'rehearsal',
  host: isText,
  channel: isNumber,
  world: isText,
  mock: isText,
  mockAllowed: (value) => typeof value === 'boolean',
});

const PLACE = shape({ file: isText, line: isNumber, column: isNumber });

const FINDING = shape({
  expectation: isText,
  at: (value) => hasSurely(value, PLACE),
  expected: isText,
  actual: isText,
});

const causes: ReadonlySet<unknown> = new Set(CAUSES);

const VERDICTS: readonly Shape[] = [
  shape({ kind: (value) => value === 'pass' }),
  shape({
    kind: (value) => value === 'fail',
    findings: (value) => Array.isArray(value) && value.every((one) => hasSurely(one, FINDING)),
  }),
  shape({
    kind: (value) => value === 'inconclusive',
    cause: (value) => causes.has(value),
    detail: isText,
  }),
];

const TRIALS = shape({ of: isNumber, atLeast: isNumber, confidence: isNumber });

const EVIDENCE = shape({
  id: isText,
  run: isText,
  at: (value) => typeof value === 'string' && INSTANT.test(value),
  claim: isText,
  case: isText,
  digest: isText,
  trial: isNumber,
  trials: (value) => hasSurely(value, TRIALS),
  target: (value) => hasSurely(value, TARGET),
  exchange: isText,
  attempts: isNumber,
  verdict: (value) => VERDICTS.some((one) => hasSurely(value, one)),
  observed: (value) =>
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.values(value).every((one) => isText(one) || isNumber(one)),
  usd: isNumber,
  measured: (value) => value === true,
  ms: isNumber,
  requestId: isText,
  gatewayVersion: isText,
  alias: isText,
  sentence: isText,
  tool: isText,
});
