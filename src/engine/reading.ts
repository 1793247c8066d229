import type { LogRow } from '../domain/usage.ts';
import type { CounterRead, Read, UsageSource } from './ports.ts';

/** What a usage source shows of a key at one moment; what it does not see is absent. */
export interface Reading {
  readonly counter?: CounterRead;
  /** The newest rows of the log, newest first. */
  readonly rows?: readonly LogRow[];
}

/** Reads all that a source sees; the counter first, which moves before the log does. */
export async function readAll(source: UsageSource, signal: AbortSignal): Promise<Read<Reading>> {
  const counter = source.sees.counter ? await source.counter(signal) : undefined;
  if (counter?.kind === 'unread') return counter;
  const rows = source.sees.log ? await source.rows(signal) : undefined;
  if (rows?.kind === 'unread') return rows;
  const value = {
    ...(counter !== undefined && { counter: counter.value }),
    ...(rows !== undefined && { rows: rows.value }),
  };
  return { kind: 'read', value };
}

/** Whether two readings show the same. */
export function isSame(one: Reading, other: Reading): boolean {
  return (
    one.counter?.spent === other.counter?.spent &&
    (one.rows ?? []).map(fingerprint).join('\n') === (other.rows ?? []).map(fingerprint).join('\n')
  );
}

/** By how much the counter has moved between two readings; nothing where the source shows none. */
export function moved(before: Reading, after: Reading): number | undefined {
  if (before.counter === undefined || after.counter === undefined) return undefined;
  return after.counter.spent - before.counter.spent;
}

/** The rows that the log has gained between two readings, newest first: gateways renumber them, so all else of a row tells it. */
export function gained(before: Reading, after: Reading): readonly LogRow[] | undefined {
  if (before.rows === undefined || after.rows === undefined) return undefined;
  const known = new Map<string, number>();
  for (const row of before.rows) {
    const print = fingerprint(row);
    known.set(print, (known.get(print) ?? 0) + 1);
  }
  // From the oldest on: of rows that are equal, the newest are the new ones.
  return after.rows
    .toReversed()
    .filter((row) => {
      const print = fingerprint(row);
      const count = known.get(print) ?? 0;
      if (count > 0) known.set(print, count - 1);
      return count === 0;
    })
    .toReversed();
}

function fingerprint(row: LogRow): string {
  const { kind, quota, at, model, requestId, upstreamModel, groupRatio } = row;
  return JSON.stringify([kind, quota, at, model, requestId, upstreamModel, groupRatio]);
}
