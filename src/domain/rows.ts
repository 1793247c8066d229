import { parseJson } from './body.ts';
import { type Attempt, type Exchange, isFine, type Sent } from './exchange.ts';
import { isMapping } from './gatewayError.ts';
import type { LogRow } from './usage.ts';

/** Rows that a key's log gained while an exchange was measured, by whose they are. */
export interface Joined {
  readonly own: readonly LogRow[];
  /** Nobody's of ours: another client used the key. */
  readonly foreign: readonly LogRow[];
  /** Those that may be of an attempt that brought no answer of the gateway's own, and so no request id. */
  readonly unclear: readonly LogRow[];
  /** By time and model where the build logs no request ids, or the answer shows none: only as good as the key is our own. */
  readonly by: 'request id' | 'time and model';
}

/**
 * Tells which rows are of an exchange's own requests: those with the request id of an answered attempt. A row without
 * one, or whatever the log gained while no answer shows one, is ours where its model is the one that was asked for.
 */
export function joinRows(rows: readonly LogRow[], exchange: Exchange): Joined {
  const ids = new Set(exchange.attempts.flatMap(requestIds));
  const model = modelAsked(exchange.sent);
  const isDoubtful = doubtful(exchange).length > 0;
  // What logs ids shows them in its answers: a refusal without one may be that of a proxy, which charges nothing.
  const isProxied = ids.size === 0 && !isFine(exchange);
  const own: LogRow[] = [];
  const foreign: LogRow[] = [];
  const unclear: LogRow[] = [];
  let isByModel = false;
  for (const row of rows.filter(({ kind }) => kind !== 'other')) {
    const isIdentified = row.requestId !== undefined && ids.size > 0;
    if (row.requestId !== undefined && ids.has(row.requestId)) own.push(row);
    else if (model !== undefined && row.model !== model) foreign.push(row);
    else if (isDoubtful || (isProxied && row.requestId !== undefined)) unclear.push(row);
    else if (isIdentified) foreign.push(row);
    else {
      isByModel = true;
      own.push(row);
    }
  }
  return { own, foreign, unclear, by: isByModel ? 'time and model' : 'request id' };
}

/** What some rows come to: charges less what was given back. */
export function net(rows: readonly LogRow[]): number {
  return rows.reduce((sum, { kind, quota }) => sum + SIGNS[kind] * quota, 0);
}

/** How a row moves what is charged. */
const SIGNS = { consume: 1, refund: -1, error: 0, other: 0 } as const;

/** Characters of an error's text in which its request id is looked for. */
const MOST_SEARCHED = 1 << 16;
const REQUEST_ID = /\(request id: ([\w-]{1,100})\)/g;

/** The ids under which a gateway has logged an attempt: from its header, else from the end of its error's message (new-api). */
export function requestIds({ outcome }: Attempt): readonly string[] {
  if (outcome.kind === 'unanswered') return [];
  const header = outcome.headers['x-oneapi-request-id'];
  if (header !== undefined) return header.split(', ');
  if (outcome.status < 400) return [];
  const text = outcome.body.text.slice(0, MOST_SEARCHED);
  return Array.from(text.matchAll(REQUEST_ID), ([, id = '']) => id);
}

/** The attempts that may have reached the gateway: without a connection nothing is charged. */
export function arrived({ attempts }: Exchange): readonly Attempt[] {
  return attempts.filter(hasArrived);
}

function hasArrived({ outcome }: Attempt): boolean {
  return (
    outcome.kind === 'answered' || (outcome.cause !== 'unreachable' && outcome.cause !== 'guarded')
  );
}

/** Whether an attempt arrived, and no answer of the gateway's own says how it ended: it may run on, and be charged at any time. */
export function isOpenEnded(attempt: Attempt): boolean {
  const { outcome } = attempt;
  if (outcome.kind === 'unanswered') return hasArrived(attempt);
  // A proxy that gave up waiting answers in the gateway's stead.
  return outcome.status >= 500 && requestIds(attempt).length === 0;
}

/** The attempts of which it is not known how they ended; what the last answer says is judged, whoever gave it. */
export function doubtful({ attempts }: Exchange): readonly Attempt[] {
  const last = attempts.at(-1);
  return attempts.filter(
    (attempt) =>
      isOpenEnded(attempt) && (attempt !== last || attempt.outcome.kind === 'unanswered'),
  );
}

/** The model that a request asks for, in its path, its JSON or its form; an alias stays one. */
export function modelAsked({ url, body = '' }: Sent): string | undefined {
  const inPath = /\/models\/([^/:?#]+)/.exec(url)?.[1];
  if (inPath !== undefined) return decoded(inPath);
  const parsed = parseJson(body);
  const inJson = parsed.kind === 'json' && isMapping(parsed.value) ? parsed.value['model'] : '';
  if (typeof inJson === 'string' && inJson !== '') return inJson;
  return /name="model"\r?\n(?:[^\r\n]+\r?\n)*\r?\n([^\r\n]+)/.exec(body)?.[1];
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
