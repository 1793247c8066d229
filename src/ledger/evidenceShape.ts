import { CAUSES } from '../domain/cause.ts';

/**
 * Whether a line is beyond doubt of the shape of evidence. Nearly every line of a long ledger is, and this look takes a
 * fraction of the time of `lineShape`, which has the last word: what that refuses is never taken, and what is unusual, or not
 * known yet, is left to it. Members are named one by one, as that is how they are found fastest.
 */
export function isSurelyEvidence(line: object): boolean {
  if (!('evidence' in line) || !isMapping(line.evidence)) return false;
  const one = line.evidence;
  return (
    isText(one['id']) &&
    isText(one['run']) &&
    isInstant(one['at']) &&
    isText(one['claim']) &&
    isText(one['case']) &&
    isText(one['digest']) &&
    isNumber(one['trial']) &&
    isTarget(one['target']) &&
    isNumber(one['attempts']) &&
    isVerdict(one['verdict']) &&
    isObserved(one['observed']) &&
    isNumber(one['usd']) &&
    isText(one['tool']) &&
    13 +
      given(one['exchange'], isText) +
      given(one['measured'], isTrue) +
      given(one['ms'], isNumber) +
      given(one['requestId'], isText) +
      given(one['gatewayVersion'], isText) +
      given(one['alias'], isText) +
      given(one['sentence'], isText) +
      given(one['trials'], isTrials) ===
      Object.keys(one).length
  );
}

type Look = (value: unknown) => boolean;

/** 1 for a member that may be absent and is there, 0 if it is not; no number where it is wrong. Whatever is not counted is not known. */
function given(value: unknown, look: Look): number {
  if (value === undefined) return 0;
  return look(value) ? 1 : Number.NaN;
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const isText: Look = (value) => typeof value === 'string';
const isNumber: Look = (value) => Number.isFinite(value);
const isTrue: Look = (value) => value === true;
const isBoolean: Look = (value) => typeof value === 'boolean';

/** As we write it; 29 February is left to who knows the years. */
const INSTANT =
  /^\d{4}-(?:(?:0[13-9]|1[0-2])-(?:0[1-9]|[12]\d|30)|(?:0[13578]|1[02])-31|02-(?:0[1-9]|1\d|2[0-8]))T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z$/;

const isInstant: Look = (value) => typeof value === 'string' && INSTANT.test(value);

const isTarget: Look = (value) =>
  isMapping(value) &&
  isText(value['name']) &&
  (value['grade'] === 'live' || value['grade'] === 'rehearsal') &&
  isText(value['host']) &&
  3 +
    given(value['channel'], isNumber) +
    given(value['world'], isText) +
    given(value['mock'], isText) +
    given(value['mockAllowed'], isBoolean) ===
    Object.keys(value).length;

const causes: ReadonlySet<unknown> = new Set(CAUSES);

const isVerdict: Look = (value) => {
  if (!isMapping(value)) return false;
  const { kind, findings, cause, detail } = value;
  if (kind === 'pass') return true;
  if (kind === 'fail') return Array.isArray(findings) && findings.every(isFinding);
  return kind === 'inconclusive' && causes.has(cause) && isText(detail);
};

const isFinding: Look = (value) =>
  isMapping(value) &&
  isText(value['expectation']) &&
  isMapping(value['at']) &&
  isText(value['at']['file']) &&
  isNumber(value['at']['line']) &&
  isNumber(value['at']['column']) &&
  isText(value['expected']) &&
  isText(value['actual']);

const isTrials: Look = (value) =>
  isMapping(value) &&
  isNumber(value['of']) &&
  isNumber(value['atLeast']) &&
  isNumber(value['confidence']);

const isObserved: Look = (value) => {
  if (!isMapping(value)) return false;
  for (const name of Object.keys(value)) {
    if (!isText(value[name]) && !isNumber(value[name])) return false;
  }
  return true;
};
