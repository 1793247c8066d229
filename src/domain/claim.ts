import type { Discover } from './discover.ts';

/** Any value that JSON can hold. */
export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [member: string]: Json };

/** Where something was written; line and column count from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** A text that stands in a page: one for every locale, or one per locale, of which the first serves the rest. */
export type Text = string | Readonly<Record<string, string>>;

/** What the docs say of a claim today: they promise it, they say that it fails, or they promise nothing. */
export type DocumentedAs = 'holds' | 'broken' | 'open';

/** What the docs say of a claim, and where. */
interface Documented {
  readonly as: DocumentedAs;
  readonly under?: string;
  readonly quote?: string;
  /** The day on which the docs said so, as YYYY-MM-DD. */
  readonly asserted?: string;
}

/** Why a claim or a suite is kept but no longer run. */
interface Superseded {
  readonly on: string;
  readonly by: string;
  readonly why: string;
}

/** How a request shows the key. */
export type Auth = 'bearer' | 'query-key' | 'google-key' | 'none';

/**
 * What a case sends, after merging, filling and leaving out (suite-format, "Requests", steps 1 to 3).
 * Generators and `${target.…}` are still in it: they never reach suite or digest.
 */
export interface Request {
  readonly method: string;
  /** Below the target's base; exactly one of `path` and `url`. */
  readonly path?: string;
  /** Absolute, and never sent with the key. */
  readonly url?: string;
  readonly query: Readonly<Record<string, string>>;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly auth: Auth;
  /** At most one of `json`, `form` and `body`. */
  readonly json?: Json;
  /** Fields of a multipart form by name: each a value, a file that a generator makes, or a list of those. */
  readonly form?: Readonly<Record<string, Json>>;
  readonly body?: RawBody;
  /** For the whole answer; the target's if absent. */
  readonly timeoutMs?: number;
}

/** A body that is sent as it stands; it has either text or bytes. */
export interface RawBody {
  readonly text?: Json;
  /** In base64. */
  readonly bytes?: Json;
  /** The content type; none is sent without it. */
  readonly type?: string;
}

/** One condition on the answer, which remembers the line it was written on. */
export interface Expectation {
  /** A name in the table of kinds. */
  readonly kind: string;
  /** What was written after the name, as the kind's own keys define it. */
  readonly value: Json;
  readonly place: Place;
  /** The JSON Schema that a `schema` expectation names, read when the suite was loaded. */
  readonly shape?: Json;
}

/** Some cases of one claim, as a selector named them; a derived or untestable claim has the single case "". */
export interface Need {
  /** Full id, `suite/claim`. */
  readonly claim: string;
  readonly cases: readonly string[];
}

/** A precondition of a claim: an expectation on the same answer, or another claim that must pass in the same run. */
export type Given = Expectation | ControlClaim;

/** A claim that must pass in the same run before this one is judged. */
interface ControlClaim {
  readonly kind: 'claim';
  readonly need: Need;
  readonly place: Place;
}

/** A value that a step takes from its answer, for the requests and expectations of later steps. */
export interface Capture {
  readonly name: string;
  /** An RFC 9535 path with exactly one node, or `header:NAME`. */
  readonly from: string;
  readonly place: Place;
}

/** A request that is sent again and again until its answer meets something. */
export interface Polling {
  readonly until: readonly Expectation[];
  /** From one answer to the next sending. */
  readonly everyMs: number;
  /** From the first sending; what has not settled by then is inconclusive. */
  readonly withinMs: number;
}

/** One of several requests in order; `${name}` of earlier captures still stands in it. */
export interface Step {
  readonly request: Request;
  readonly expect: readonly Expectation[];
  readonly captures: readonly Capture[];
  readonly polling?: Polling;
  readonly place: Place;
}

/** How often a case is tried, and what share of its trials must pass: the interval over all of them decides. */
export interface Trials {
  /** The most trials of one run. */
  readonly of: number;
  /** The rate that is claimed, between 0 and 1. */
  readonly atLeast: number;
  /** One minus this is the most that a wrong pass, and a wrong fail, may be likely; from 0.5, below 1. */
  readonly confidence: number;
}

/** The trials of a case, as its claim asks for them. */
interface AskedTrials extends Trials {
  readonly place: Place;
}

/** A claim bound to one row of its `vary` matrix. */
export interface Case {
  /** Full id of its claim, `suite/claim`. */
  readonly claim: string;
  /** `refs=15/aspect=1:1`, or "" for a claim without `vary`. */
  readonly name: string;
  readonly request: Request;
  readonly given: readonly Given[];
  readonly expect: readonly Expectation[];
  /** Several requests in order, at least one; `request` is then the first one's, and `expect` is empty. */
  readonly steps?: readonly Step[];
  /** Absent: one trial decides, and one that surprises is made once more. */
  readonly trials?: AskedTrials;
}

/** What evidence keeps of an answer, for derived claims; a closed list. */
export const OBSERVATIONS = [
  'status',
  'image.at',
  'image.format',
  'image.size',
  'image.count',
  'alias',
  'charged',
  'ms',
] as const;
export type Observation = (typeof OBSERVATIONS)[number];

/** How one part of a derived claim is read: see `of` in suite-format. */
export type Fold = 'all' | 'any' | 'none' | { readonly differ: Observation };

/** One part of a derived claim. */
export interface Part {
  readonly need: Need;
  readonly fold: Fold;
}

/** What a claim rests on: requests that are sent, other claims, or nothing that a request could settle. */
export type Basis =
  | { readonly kind: 'sent'; readonly cases: readonly Case[] }
  | { readonly kind: 'derived'; readonly of: readonly Part[] }
  | { readonly kind: 'untestable'; readonly why: string };

/** One falsifiable sentence about a gateway. */
export interface Claim {
  readonly suite: string;
  /** Without the suite's. */
  readonly id: string;
  readonly says: string;
  /** Numbers or names in the user's own list of sentences. */
  readonly covers: readonly (number | string)[];
  readonly documented: Documented;
  readonly basis: Basis;
  /** The age at which *holds* becomes *stale*. */
  readonly freshMs: number;
  /** Worst case of one of its requests, in US dollars. */
  readonly usd: number;
  /** How its limit is searched. */
  readonly discover?: Discover;
  readonly superseded?: Superseded;
  readonly place: Place;
}

/** The standings, weakest first. */
export const STANDINGS = ['broken', 'unstable', 'unproven', 'stale', 'holds'] as const;
export type Standing = (typeof STANDINGS)[number];

/** What a table prints for each standing; `else` serves those not named. */
export type Words = Readonly<Partial<Record<Standing | 'else', Text>>>;

/** A person's dated decision on a row: its word stands there from one day through another, whatever the evidence says. */
export interface Override {
  readonly word: Text;
  readonly by: string;
  /** The first and the last day on which it counts, in UTC, as YYYY-MM-DD. */
  readonly on: string;
  readonly until: string;
  readonly why: string;
  readonly link?: string;
  readonly place: Place;
}

/** A stronger word of a row, for where it holds and these needs hold as well. */
export interface Better {
  readonly word: Text;
  readonly needs: readonly Need[];
}

/** A row of a docs page's status table, which needs some claims; a row to `leave` is not ours. */
export interface Row {
  /** One text for each key column. */
  readonly key: readonly Text[];
  readonly needs: readonly Need[];
  /** Names of the targets whose evidence counts: each of them. */
  readonly from: readonly string[];
  readonly words: Words;
  /** The first whose needs hold counts, and only while the row itself holds. */
  readonly better?: readonly Better[];
  readonly leave?: string;
  readonly override?: Override;
  readonly place: Place;
}

/** Every need that some word of a row rests on. */
export function needsOf({ needs, better = [] }: Row): readonly Need[] {
  return [...needs, ...better.flatMap((one) => one.needs)];
}

/** A status table in a docs page, found by its heading and columns. */
export interface Table {
  readonly under: Text;
  /** Which of several matching tables, counted from 1. */
  readonly nth?: number;
  /** The locales that have it; all of the suite's pages if absent. */
  readonly locales?: readonly string[];
  readonly key: readonly Text[];
  /** The only column that is written. */
  readonly owns: Text;
  readonly rows: readonly Row[];
  readonly place: Place;
}

/** One file of claims, about one docs page or one family of capabilities. */
export interface Suite {
  readonly id: string;
  readonly title: string;
  readonly file: string;
  /** Locale → page below the docs folder; a single page without locale stands under "". */
  readonly pages: Readonly<Record<string, string>>;
  /** The day of the mock world that it is rehearsed in, as YYYY-MM-DD; absent: the newest. */
  readonly rehearse?: string;
  readonly superseded?: Superseded;
  readonly claims: readonly Claim[];
  readonly tables: readonly Table[];
}

/** Full id of a claim: `suite/claim`. */
export function claimId(claim: Claim): string {
  return `${claim.suite}/${claim.id}`;
}

/** Full id of a case: its claim's, and its name if it has one. */
export function caseId(claim: string, name: string): string {
  return name === '' ? claim : `${claim}/${name}`;
}

/** The text that a locale shows. */
export function textFor(text: Text, locale: string): string {
  if (typeof text === 'string') return text;
  return text[locale] ?? Object.values(text)[0] ?? '';
}
