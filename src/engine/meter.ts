import { type Exchange, isFine } from '../domain/exchange.ts';
import { isOpenEnded, joinRows, net } from '../domain/rows.ts';
import type { Target } from '../domain/target.ts';
import type { LogRow, Unmeasured, Usage } from '../domain/usage.ts';
import type { Clock, Counting, Read, UsageSource } from './ports.ts';
import { gained, moved, type Reading } from './reading.ts';
import {
  isPassing,
  ownRows,
  type Patience,
  patienceOf,
  type Readout,
  settle,
  type Sight,
} from './settle.ts';

/** What is known of a key before something is sent that is measured. */
export interface Before {
  readonly kind: 'before';
  readonly counting: Counting;
  readonly reading: Reading;
}

/** What a meter waits for: that what was sent before has been charged, or that an exchange has. */
export type Wait = 'earlier charges' | 'its charge';

/** Told when a wait begins, with the most milliseconds that it takes, unless the counter goes beyond the log. */
type TellWait = (wait: Wait, withinMs: number) => void;

/** What a case asks for: where it is nothing, even a charge that stands may be given back yet. */
type Due = 'charge' | 'nothing';

/** Measures what the exchanges of one key are charged, one after the other. */
export interface Meter {
  /** Notes that something was sent with the key whose charge is not measured, and may show for a while yet; what brought no answer, for longer. */
  readonly use: (exchange?: Exchange) => void;
  /** Waits until all that was sent before has been charged, and reads where the key stands. */
  readonly before: (tell: TellWait) => Promise<Before | Unmeasured>;
  /** Reads until the charge of an exchange that was sent since has settled. */
  readonly after: (exchange: Exchange, before: Before, tell: TellWait, due?: Due) => Promise<Usage>;
  /** Reads the log alone, until it has rows of an exchange. */
  readonly rows: (own: (rows: readonly LogRow[]) => readonly LogRow[]) => Promise<Unmeasured>;
}

/** What a meter is made of. */
export interface Metering {
  readonly source: UsageSource;
  readonly target: Target;
  readonly clock: Clock;
  /** Nothing is read once it is aborted. */
  readonly signal: AbortSignal;
  /** Whether an earlier part of the run has used the key. */
  readonly wasUsed: boolean;
}

type Unread = Extract<Read<never>, { readonly kind: 'unread' }>;

const RESTLESS = {
  cause: 'disturbed',
  detail: 'the key was charged before anything was sent',
} as const;
const ROWS_ALONE = {
  cause: 'unmeasured',
  detail: 'only the rows of the log were asked for',
} as const;

/** The meter of a key. */
export function makeMeter(metering: Metering): Meter {
  const { source, target, clock, signal, wasUsed } = metering;
  const startedMs = clock.monotonic();
  let usedMs = wasUsed ? startedMs : undefined;
  /** When something was sent last that may run on without us: a generation of which no answer came. */
  let leftMs = usedMs;
  let standing: Reading | undefined;

  const patience = (counting: Counting): Patience => patienceOf(counting, source, target.usage);
  const unmeasured = ({ cause, detail }: Pick<Unmeasured, 'cause' | 'detail'>): Unmeasured => ({
    kind: 'unmeasured',
    source: source.name,
    cause,
    detail,
  });
  const use = (exchange?: Exchange): void => {
    usedMs = clock.monotonic();
    if (exchange?.attempts.some(isOpenEnded)) leftMs = usedMs;
    standing = undefined;
  };
  const quietMs = ({ boundMs, withinMs, beyondMs }: Patience): number => {
    // A charge of another run, just before this one, is told from ours by its row, but not while only the counter is late.
    const sinceMs = usedMs === undefined ? startedMs + boundMs : usedMs + withinMs;
    return Math.max(sinceMs, (leftMs ?? -Infinity) + beyondMs) - clock.monotonic();
  };
  /** Waits for earlier charges; why nothing will be read, if that is known before. */
  const quiet = async (counting: Counting, tell: TellWait): Promise<Unread | undefined> => {
    if (quietMs(patience(counting)) <= 0) return undefined;
    // A source that refuses is not waited for; and only its first answer says of a source that may be stale whether it is.
    const first = source.sees.counter ? await source.counter(signal) : await source.rows(signal);
    if (first.kind === 'unread' && !isPassing(first.cause)) return first;
    const waitMs = quietMs(patience(counting));
    if (waitMs > 0) {
      tell('earlier charges', waitMs);
      await clock.sleep(waitMs, signal);
    }
    return undefined;
  };
  const restingAt = async (counting: Counting, tell: TellWait): Promise<Read<Reading>> => {
    if (standing !== undefined) return { kind: 'read', value: standing };
    const unread = await quiet(counting, tell);
    if (unread !== undefined) return unread;
    const usual = patience(counting);
    const so = { ...usual, boundMs: 0, beyondMs: usual.withinMs };
    const settled = await settle(metering, so, () => 'enough');
    if (settled.kind === 'unread') return settled;
    if (!settled.value.isStill) return { kind: 'unread', ...RESTLESS };
    standing = settled.value.reading;
    return { kind: 'read', value: standing };
  };

  return {
    use,
    before: async (tell) => {
      const counting = await source.counting(signal);
      if (counting.kind === 'unread') return unmeasured(counting);
      const reading = await restingAt(counting.value, tell);
      if (reading.kind === 'unread') return unmeasured(reading);
      return { kind: 'before', counting: counting.value, reading: reading.value };
    },
    after: async (exchange, before, tell, due = 'charge') => {
      use(exchange);
      // It will not be judged, and may be charged at any time.
      const last = exchange.attempts.at(-1)?.outcome;
      if (last?.kind === 'unanswered') return unmeasured(last);
      const so = patience(before.counting);
      tell('its charge', so.withinMs);
      const isFinal = due === 'charge' && isPlain(exchange);
      const settled = await settle(metering, so, (reading) => {
        const sight = sightOf(before.reading, reading, exchange);
        return sight === 'enough' && !isFinal ? 'open' : sight;
      });
      if (settled.kind === 'unread') return unmeasured(settled);
      const isAtRest = settled.value.isStill && !exchange.attempts.some(isOpenEnded);
      if (isAtRest) standing = settled.value.reading;
      return measured(source, before, settled.value, so.boundMs);
    },
    rows: async (own) => {
      // Rows are neither batched nor cached.
      const so = patienceOf(
        { isBatching: false },
        { isScarce: source.isScarce, staleMs: 0 },
        target.usage,
      );
      const rows = await ownRows(metering, so, own);
      if (rows.kind === 'unread') return unmeasured(rows);
      return { ...unmeasured(ROWS_ALONE), rows: rows.value };
    },
  };
}

/** One attempt, and a fine one: of any other one, a charge that stands may be given back yet, or another one come late. */
function isPlain(exchange: Exchange): boolean {
  return exchange.attempts.length === 1 && isFine(exchange);
}

/** Enough is what counter and log say alike, if it is more than nothing. */
function sightOf(before: Reading, after: Reading, exchange: Exchange): Sight {
  const delta = moved(before, after);
  const rows = gained(before, after);
  if (delta === undefined || rows === undefined || delta <= 0) return 'open';
  const logged = net(rows);
  // What others are charged may agree before our own row is there.
  if (delta === logged) return joinRows(rows, exchange).own.length > 0 ? 'enough' : 'open';
  return delta > logged ? 'beyond' : 'open';
}

function measured(
  { name }: UsageSource,
  { counting, reading: before }: Before,
  { reading: after, peak, sinceMs, isStill }: Readout,
  boundMs: number,
): Usage {
  const rows = gained(before, after);
  const counter = before.counter &&
    after.counter && {
      before: before.counter.spent,
      after: after.counter.spent,
      peak: Math.max(before.counter.spent, peak),
    };
  return {
    kind: 'measured',
    source: name,
    quotaPerUsd: counting.quotaPerUsd,
    ...(counter && { counter }),
    ...(rows && { rows }),
    settledMs: sinceMs,
    boundMs,
    isSettled: isStill,
    ...(after.counter?.isUnlimited !== undefined && { isUnlimited: after.counter.isUnlimited }),
  };
}
