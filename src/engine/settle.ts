import type { Cause } from '../domain/cause.ts';
import type { UsageSettings } from '../domain/target.ts';
import type { LogRow } from '../domain/usage.ts';
import { isShared } from './outage.ts';
import type { Clock, Counting, Read, UsageSource } from './ports.ts';
import { isSame, readAll, type Reading } from './reading.ts';

/** How long a charge may take to show, in milliseconds. */
export interface Patience {
  /** Before this, the gateway's batching and the source's staleness explain any difference. */
  readonly boundMs: number;
  /** After this, what does not show is missing. */
  readonly withinMs: number;
  /** After this, what the counter shows beyond the log is no other client's reservation, which has no row while its request runs. */
  readonly beyondMs: number;
  /** Whether readings before the bound may show what is no longer true. */
  readonly isStale: boolean;
  /** Whether the source may be read so seldom that every reading counts. */
  readonly isScarce: boolean;
}

/** How often new-api writes counters that it batches, unless it is told otherwise (BATCH_UPDATE_INTERVAL). */
const BATCH_MS = 5_000;
/** A charge that came just after a batch was written waits for the next one, which takes its time. */
const BATCHES = 2;
const WITHIN_MS = 15_000;
const LATE_WITHIN_MS = 75_000;

/** How long charges may take to show on a gateway that counts like this, read in this source. */
export function patienceOf(
  { isBatching }: Pick<Counting, 'isBatching'>,
  { staleMs, isScarce }: Pick<UsageSource, 'staleMs' | 'isScarce'>,
  { withinMs, batchMs = BATCH_MS }: Partial<UsageSettings> = {},
): Patience {
  const boundMs = (isBatching ? BATCHES * batchMs : 0) + staleMs;
  const usualMs = boundMs > 0 ? LATE_WITHIN_MS : WITHIN_MS;
  const mostMs = Math.max(boundMs, withinMs ?? usualMs);
  return {
    boundMs,
    withinMs: mostMs,
    beyondMs: Math.max(mostMs, withinMs ?? LATE_WITHIN_MS),
    isStale: staleMs > 0,
    isScarce,
  };
}

const LONGEST_FIRST_PAUSE_MS = 500;
/** The first pause where the whole time is short: three reads, since sources are not to be asked often. */
const FIRST_PAUSE = 1 / 7;
/** Pauses double until they are so many times the first one; of a scarce source they grow faster, and without end. */
const LONGEST_PAUSE = 8;
const SCARCE_GROWTH = 4;

/**
 * When to read, in milliseconds from the answer on: ever less often, anew from the bound on, at the end, once more for
 * what was enough only then, and much later for a counter beyond its log.
 */
function readTimes(patience: Patience): readonly number[] {
  const { boundMs, withinMs, beyondMs } = patience;
  const pauseMs = Math.min(LONGEST_FIRST_PAUSE_MS, Math.max(1, withinMs * FIRST_PAUSE));
  const endMs = Math.max(withinMs, boundMs + pauseMs);
  return [
    // They tell how high the counter was, which a stale source does not show, and a scarce one has no readings for.
    ...(patience.isStale || patience.isScarce ? [] : rising(0, boundMs, pauseMs, false)),
    ...(boundMs > 0 ? [boundMs] : []),
    ...rising(boundMs, endMs, pauseMs, patience.isScarce),
    endMs,
    endMs + pauseMs,
    ...(beyondMs > endMs + pauseMs ? [beyondMs] : []),
  ];
}

function rising(fromMs: number, toMs: number, firstMs: number, isFast: boolean): readonly number[] {
  const times: number[] = [];
  let pauseMs = firstMs;
  for (let ms = fromMs + firstMs; ms < toMs; ms += pauseMs) {
    times.push(ms);
    pauseMs = isFast ? pauseMs * SCARCE_GROWTH : Math.min(pauseMs * 2, firstMs * LONGEST_PAUSE);
  }
  return times;
}

/** What reading a key's counter and log has come to. */
export interface Readout {
  readonly reading: Reading;
  /** The highest that the counter was seen; 0 where none is shown. */
  readonly peak: number;
  /** When it was first seen as it is now, in milliseconds from the start of reading. */
  readonly sinceMs: number;
  /** Whether the last two readings, both after the bound, show the same. */
  readonly isStill: boolean;
}

/** What reading needs besides a source. */
export interface Reader {
  readonly source: UsageSource;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** Nothing more is read once the run ends. */
const INTERRUPTED = {
  kind: 'unread',
  cause: 'interrupted',
  detail: 'the run ended before its charge had settled',
} as const;

/** What a reading is held for: enough; a counter that is beyond the log; or what may change until the time is over. */
export type Sight = 'enough' | 'beyond' | 'open';

/** Reads until two equal readings after the bound show what is enough; else what stands at the end. */
export async function settle(
  { source, clock, signal }: Reader,
  patience: Patience,
  see: (reading: Reading) => Sight,
): Promise<Read<Readout>> {
  const startMs = clock.monotonic();
  let last: { readonly readout: Readout; readonly ms: number } | undefined;
  let peak = 0;
  let result: Read<Readout> = INTERRUPTED;
  let wasDueMs = 0;
  for (const dueMs of readTimes(patience)) {
    // Where reading is slow, times have gone by; but two readings in one moment would be one.
    const leastMs = Math.min(dueMs - wasDueMs, LONGEST_FIRST_PAUSE_MS);
    wasDueMs = dueMs;
    await clock.sleep(Math.max(startMs + dueMs - clock.monotonic(), leastMs), signal);
    if (signal.aborted) return INTERRUPTED;
    const ms = clock.monotonic() - startMs;
    const read = await readAll(source, signal);
    if (signal.aborted) return INTERRUPTED;
    if (read.kind === 'unread') {
      if (!isPassing(read.cause)) return read;
      // What follows is not the second of two readings.
      last = undefined;
      result = read;
      continue;
    }
    peak = Math.max(peak, read.value.counter?.spent ?? 0);
    const same = last !== undefined && isSame(last.readout.reading, read.value) ? last : undefined;
    const readout = {
      reading: read.value,
      peak,
      sinceMs: same?.readout.sinceMs ?? ms,
      isStill: same !== undefined && same.ms >= patience.boundMs,
    };
    const sight = see(read.value);
    const endMs = sight === 'beyond' && readout.isStill ? patience.beyondMs : patience.withinMs;
    const isEnd = ms >= endMs && (last?.ms ?? -1) >= patience.boundMs;
    last = { readout, ms };
    result = { kind: 'read', value: readout };
    if (sight === 'enough' ? readout.isStill : isEnd) break;
  }
  return result;
}

/** Whether a source that could not be read may be read soon. */
export function isPassing(cause: Cause): boolean {
  return isShared(cause) || cause === 'unavailable';
}

/** Reads the log until it shows rows that are an exchange's own; none where it shows none in the time. */
export async function ownRows(
  { source, clock, signal }: Reader,
  patience: Patience,
  own: (rows: readonly LogRow[]) => readonly LogRow[],
): Promise<Read<readonly LogRow[]>> {
  let result: Read<readonly LogRow[]> = INTERRUPTED;
  let wasDueMs = 0;
  for (const dueMs of readTimes({ ...patience, boundMs: 0, beyondMs: patience.withinMs })) {
    await clock.sleep(dueMs - wasDueMs, signal);
    wasDueMs = dueMs;
    const read = signal.aborted ? INTERRUPTED : await source.rows(signal);
    if (signal.aborted) return INTERRUPTED;
    result = read.kind === 'read' ? { kind: 'read', value: own(read.value) } : read;
    if (read.kind === 'unread' ? !isPassing(read.cause) : own(read.value).length > 0) break;
  }
  return result;
}
