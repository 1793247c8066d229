import { parseJson } from '../../domain/body.ts';
import type { Json } from '../../domain/claim.ts';
import type { LogRow } from '../../domain/usage.ts';
import type { Read } from '../../engine/ports.ts';
import { isQuota, isWhole, member, unread } from './read.ts';

/** As many rows as the smallest page of any endpoint can be asked for. */
export const NEWEST = 100;

/** Which rows of a user's log are those of one key. */
export interface Token {
  readonly id: number;
  readonly name: string;
}

/** The newest rows of a log, newest first, of one token where one is named; all or none: a row that cannot be read may be the charge. */
export function rowsOf(answer: Json, place: string, token?: Token): Read<readonly LogRow[]> {
  const list = listIn(answer);
  if (list === undefined) return unread('malformed', `${place} answers without a list of rows`);
  const dated: { readonly row: Json; readonly seconds: number }[] = [];
  for (const row of list) {
    if (token !== undefined && !isOf(token, row)) continue;
    const seconds = member(row, 'created_at');
    if (!isSeconds(seconds)) return unread('malformed', `${place} has a row without a date`);
    dated.push({ row, seconds });
  }
  const rows: LogRow[] = [];
  for (const { row, seconds } of newestFirst(dated).slice(0, NEWEST)) {
    const read = rowOf(row, seconds);
    if (read === undefined) {
      return unread('malformed', `${place} has a row without a type, a quota or a model`);
    }
    rows.push(read);
  }
  return { kind: 'read', value: rows };
}

/** A list as builds serve it: plain, or a page of items. */
export function listIn(answer: Json): readonly Json[] | undefined {
  const data = member(answer, 'data');
  const list = Array.isArray(data) ? data : member(data, 'items');
  return Array.isArray(list) ? (list as readonly Json[]) : undefined;
}

/** By the token's id where the row has it: two keys may bear one name. */
function isOf({ id, name }: Token, row: Json): boolean {
  const rowId = member(row, 'token_id');
  if (isWhole(rowId) && rowId !== 0) return rowId === id;
  const rowName = member(row, 'token_name');
  return rowName === undefined || rowName === name;
}

/** Old builds serve the oldest first; rows of one second stay in the order of being written. */
function newestFirst<Row extends { readonly seconds: number }>(
  rows: readonly Row[],
): readonly Row[] {
  const [first, last] = [rows[0]?.seconds ?? 0, rows.at(-1)?.seconds ?? 0];
  const served = first < last ? rows.toReversed() : rows;
  return served.toSorted((one, other) => other.seconds - one.seconds);
}

/** The end of the year 9999. */
const LAST_SECOND = 253_402_300_799;

function isSeconds(value: Json | undefined): value is number {
  return typeof value === 'number' && value >= 0 && value <= LAST_SECOND;
}

/** new-api, model/log.go; all others charge nothing. */
const KINDS: Readonly<Record<number, LogRow['kind']>> = { 2: 'consume', 5: 'error', 6: 'refund' };

function rowOf(row: Json, seconds: number): LogRow | undefined {
  const type = member(row, 'type');
  if (!isWhole(type)) return undefined;
  const kind = KINDS[type] ?? 'other';
  const quota = member(row, 'quota');
  // What is no charge may lack what only a charge has.
  const isCharge = kind === 'consume' || kind === 'refund';
  const model = textOf(member(row, 'model_name'));
  if (isCharge && (!isQuota(quota) || model === undefined)) return undefined;
  const other = otherOf(member(row, 'other'));
  const requestId = textOf(member(row, 'request_id')) ?? textOf(member(other, 'request_id'));
  const upstreamModel = textOf(member(other, 'upstream_model_name'));
  const groupRatio = member(other, 'group_ratio');
  return {
    kind,
    quota: isQuota(quota) ? quota : 0,
    at: new Date(Math.round(seconds * 1000)).toISOString(),
    model: model ?? '',
    ...(requestId !== undefined && { requestId }),
    ...(upstreamModel !== undefined && { upstreamModel }),
    ...(isRatio(groupRatio) && { groupRatio }),
  };
}

/** Upstream a JSON text, in forks an object. */
function otherOf(other: Json | undefined): Json | undefined {
  if (typeof other !== 'string') return other;
  const parsed = parseJson(other);
  return parsed.kind === 'json' ? parsed.value : undefined;
}

/** Longer than any id or name of a model. */
const LONGEST = 300;

function textOf(value: Json | undefined): string | undefined {
  return typeof value === 'string' && value !== '' && value.length <= LONGEST ? value : undefined;
}

function isRatio(value: Json | undefined): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}
