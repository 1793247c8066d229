import { textOf } from './captured.ts';
import type { Case, Expectation, Json, Request } from './claim.ts';

/** What a claim says of the limit that may be searched: `${vary}` is moved within a range, and another claim rejects beyond it. */
export interface Discover {
  /** The name that is moved, as `${name}` in both claims. */
  readonly vary: string;
  /** The smallest and the largest value that may be sent. */
  readonly between: readonly [least: number, most: number];
  /** Full id of the claim that rejects what is too much. */
  readonly over: string;
  readonly accepts: Side;
  readonly rejects: Side;
}

/** One of the two claims about a limit. */
export interface Side {
  /** A case in which `${vary}` still stands. */
  readonly open: Case;
  /** What stands there in each of its cases. */
  readonly values: readonly { readonly value: number; readonly case: string }[];
}

/** A limit as its claims have it: the largest value that they say is accepted, the smallest that they say is rejected. */
export interface Documented {
  readonly lastAccepted: number;
  readonly firstRejected: number;
}

/** What the docs say of a limit. */
export function documentedLimit({ accepts, rejects }: Discover): Documented {
  return {
    lastAccepted: Math.max(...accepts.values.map(({ value }) => value)),
    firstRejected: Math.min(...rejects.values.map(({ value }) => value)),
  };
}

/** What one probe showed: both claims judge it, and what neither of them says of it decides nothing. */
export interface Seen {
  readonly value: number;
  readonly reading: 'accepted' | 'rejected' | 'neither';
}

/** What a search has come to. */
export type Conclusion =
  /** Both sides said the same each time: so often at least. */
  | ({ readonly kind: 'sharp'; readonly times: number } & Documented)
  /** Something was rejected at or below what was accepted: the limit lies in this band. */
  | { readonly kind: 'unsharp'; readonly lowestRejected: number; readonly highestAccepted: number }
  /** All of the range is accepted, as far as it was probed. */
  | { readonly kind: 'none-up-to'; readonly value: number }
  /** Even the least of the range is rejected. */
  | { readonly kind: 'rejected-from'; readonly value: number }
  /** A value was neither accepted nor rejected for the stated reason, twice. */
  | { readonly kind: 'untold'; readonly value: number };

/** What a search does next. */
export type Step = { readonly kind: 'probe'; readonly value: number } | Conclusion;

/** The first step away from a documented edge that does not stand. */
const FIRST_STRIDE = 4;

/** What a search does after what it has seen: the documented edge first, then away from it in growing strides, then halving. */
export function nextStep(
  documented: Documented,
  [least, most]: Discover['between'],
  seen: readonly Seen[],
): Step {
  const undecided = seen.filter(isUndecided).map(({ value }) => value);
  const doubtful = undecided.find(
    (value) => undecided.lastIndexOf(value) > undecided.indexOf(value),
  );
  if (doubtful !== undefined) return { kind: 'untold', value: doubtful };
  const last = seen.at(-1);
  if (last !== undefined && isUndecided(last)) return { kind: 'probe', value: last.value };

  const { highestAccepted: low, lowestRejected: high } = boundsSoFar(seen);
  if (low === undefined) {
    if (high === undefined) return { kind: 'probe', value: documented.lastAccepted };
    if (high === least) return { kind: 'rejected-from', value: least };
    return { kind: 'probe', value: Math.max(least, below(high, documented)) };
  }
  if (high === undefined) {
    if (low === most) return { kind: 'none-up-to', value: most };
    return { kind: 'probe', value: Math.min(most, above(low, documented)) };
  }
  if (high <= low) return { kind: 'unsharp', lowestRejected: high, highestAccepted: low };
  if (high - low > 1) return { kind: 'probe', value: low + Math.floor((high - low) / 2) };
  return confirm(low, high, [least, most], seen);
}

function isUndecided({ reading }: Seen): boolean {
  return reading === 'neither';
}

/** Strides are squared, so that a limit nearby takes few and one far away not many more. */
function above(low: number, { firstRejected }: Documented): number {
  if (low < firstRejected) return firstRejected;
  return firstRejected + Math.max(FIRST_STRIDE, (low - firstRejected) ** 2);
}

function below(high: number, { lastAccepted }: Documented): number {
  if (high > lastAccepted) return lastAccepted;
  return lastAccepted - Math.max(FIRST_STRIDE, (lastAccepted - high) ** 2);
}

/**
 * So many probes confirm an edge as were needed to find it, after the first: enough to make nine of the whole, and not more than ten.
 * Where a coin decides near the limit, about 22, 13, 10, 8 and 6 in 100 searches around the documented edge still tell it as sharp (1, 2,
 * 4, 8 and 16 values so answered; discover.test.ts), which is why a conclusion says how often its sides were asked.
 */
function confirmations(found: number): number {
  return Math.min(Math.max(9 - found, found - 1), 10);
}

/** How often each side of an edge is asked before the next value beyond each is. */
const BEFORE_BEYOND = 3;

/**
 * Asks the sides of an edge again, since one answer may be luck, and the next value beyond each. Of the sides whichever lies an odd number
 * of probes back, where that can be: two channels that take turns would answer it the same way each second time.
 */
function confirm(
  low: number,
  high: number,
  [least, most]: Discover['between'],
  seen: readonly Seen[],
): Step {
  const decided = seen.filter((one) => !isUndecided(one)).map(({ value }) => value);
  const found = 1 + Math.max(decided.indexOf(low), decided.indexOf(high));
  const asked = (value: number) => decided.filter((one) => one === value).length;
  const times = Math.min(asked(low), asked(high));
  if (decided.length - found >= confirmations(found))
    return { kind: 'sharp', lastAccepted: low, firstRejected: high, times };
  const beyond = [low - 1, high + 1].find(
    (value) => value >= least && value <= most && asked(value) === 0,
  );
  if (times >= BEFORE_BEYOND && beyond !== undefined) return { kind: 'probe', value: beyond };
  const since = (value: number) => seen.length - seen.findLastIndex((one) => one.value === value);
  const enough = beyond === undefined ? times + 1 : BEFORE_BEYOND;
  const sides = [low, high].filter((value) => asked(value) < enough);
  return { kind: 'probe', value: sides.find((side) => since(side) % 2 === 1) ?? sides[0] ?? low };
}

/** What a search knows where it ends before it comes to a conclusion. */
export function boundsSoFar(seen: readonly Seen[]): {
  readonly highestAccepted?: number;
  readonly lowestRejected?: number;
} {
  const valuesOf = (reading: Seen['reading']) =>
    seen.filter((one) => one.reading === reading).map(({ value }) => value);
  const [accepted, rejected] = [valuesOf('accepted'), valuesOf('rejected')];
  return {
    ...(accepted.length > 0 && { highestAccepted: Math.max(...accepted) }),
    ...(rejected.length > 0 && { lowestRejected: Math.min(...rejected) }),
  };
}

/**
 * Whether the documented limit is no longer to be held, wherever the real one lies: something is accepted that should not be, or
 * rejected that should not be while something else is accepted, so that the refusal has no other reason.
 */
export function isRefuted(seen: readonly Seen[], documented: Documented): boolean {
  const { highestAccepted, lowestRejected = Infinity } = boundsSoFar(seen);
  return (
    highestAccepted !== undefined &&
    (highestAccepted >= documented.firstRejected || lowestRejected <= documented.lastAccepted)
  );
}

/** The most probes that a search of this range takes, if each decides. */
export function mostProbes([least, most]: Discover['between']): number {
  const values = most - least + 1;
  let strides = 2;
  for (let stride = FIRST_STRIDE; stride < values; stride *= stride) strides += 1;
  const halvings = Math.ceil(Math.log2(values));
  const found = 2 + strides + halvings;
  return found + confirmations(found);
}

/** Whether a limit that was found lies where its claims have it: between what they accept and what they reject. */
export function stands(conclusion: Conclusion, documented: Documented): boolean {
  return (
    conclusion.kind === 'sharp' &&
    conclusion.lastAccepted >= documented.lastAccepted &&
    conclusion.firstRejected <= documented.firstRejected
  );
}

/** The case of a claim in which `${vary}` stands for a value, by the name that it has or would have. */
export function boundCase({ open }: Side, vary: string, value: number): Case {
  const bind = (json: Json) => bound(json, vary, value);
  const bindOne = <One extends Expectation>(one: One): One => ({ ...one, value: bind(one.value) });
  return {
    ...open,
    name: `${vary}=${value}`,
    request: boundRequest(open.request, vary, value),
    given: open.given.map((given) => ('need' in given ? given : bindOne(given))),
    expect: open.expect.map(bindOne),
  };
}

/** A value keeps its type only in what is sent as JSON, or as a field of a form. */
function boundRequest(request: Request, name: string, value: number): Request {
  const { path, url, query, headers, json, form, body } = request;
  const bind = <One>(one: One) => bound(one as Json, name, value) as One;
  const text = (one: string) => textOf(bound(one, name, value));
  const texts = (record: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(record).map(([key, one]) => [key, text(one)]));
  return {
    ...request,
    ...(path !== undefined && { path: text(path) }),
    ...(url !== undefined && { url: text(url) }),
    query: texts(query),
    headers: texts(headers),
    ...(json !== undefined && { json: bind(json) }),
    ...(form !== undefined && { form: bind(form) }),
    ...(body !== undefined && { body: bind(body) }),
  };
}

/** As suites are filled (suite-format, "Requests", step 2): alone in a string a value keeps its type. */
function bound(json: Json, name: string, value: number): Json {
  const hole = `\${${name}}`;
  if (typeof json === 'string') return json === hole ? value : json.replaceAll(hole, String(value));
  if (typeof json !== 'object' || json === null) return json;
  if (Array.isArray(json)) return json.map((item: Json) => bound(item, name, value));
  return Object.fromEntries(
    Object.entries(json).map(([key, one]) => [
      key,
      key === '$literal' ? one : bound(one, name, value),
    ]),
  );
}

const NUMBER = /\d+(?:[.,]\d+)*/g;

/**
 * What a refusal beyond the limit has to say, whichever numbers it names: where the real limit is another one than the
 * documented, so is the number in the message, and the reason is the same.
 */
export function statedReason(expect: readonly Expectation[]): readonly Expectation[] {
  return expect.flatMap((one) => {
    const { value } = one;
    if (one.kind !== 'rejected' || typeof value !== 'object' || value === null) return [one];
    const { message, ...others } = value as { readonly [key: string]: Json };
    const texts = typeof message === 'string' ? [message] : Array.isArray(message) ? message : [];
    if (texts.length === 0) return [one];
    return texts.map((text) => ({
      ...one,
      value: { ...others, message: { matches: withAnyNumber(String(text)) } },
    }));
  });
}

function withAnyNumber(text: string): string {
  return text
    .split(NUMBER)
    .map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
    .join('[0-9][0-9.,]*');
}
