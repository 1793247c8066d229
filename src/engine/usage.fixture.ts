import type { LogRow } from '../domain/usage.ts';
import type { Clock, Read, UsageSource } from './ports.ts';

/** How a gateway in memory counts. */
export interface Counts {
  /** Counters are written at every multiple of this; at once if absent. */
  readonly batchMs?: number;
  /** Counters are shown as they were at the last multiple of this. */
  readonly staleMs?: number;
  readonly sees?: UsageSource['sees'];
  readonly name?: UsageSource['name'];
  readonly listed?: number;
}

/** A charge: when its parts show, in milliseconds from now. */
export interface Charged {
  readonly quota: number;
  /** The counter moves then; never if null. */
  readonly counterMs?: number | null;
  /** The log has its row then; never if null. */
  readonly rowMs?: number | null;
  readonly row?: Partial<LogRow>;
}

/** A key of a gateway in memory. */
export interface FakeKey {
  readonly source: UsageSource;
  readonly charge: (charged: Charged) => void;
  /** When each question was put, by the clock, and what it was. */
  readonly questions: readonly { readonly ms: number; readonly what: string }[];
  /** From now on, questions of this sort are answered so; as they should be where that is undefined. */
  readonly answer: (what: string, how: () => Read<never> | undefined) => void;
  /** From now on, its counter is known to be fresh. */
  readonly freshen: () => void;
}

/** For tests only: a key that had spent 1000 before, and what shows of its charges as time goes by. */
export function fakeKey(clock: Clock, counts: Counts = {}): FakeKey {
  const { batchMs, sees = { counter: true, log: true }, name = 'management' } = counts;
  let { staleMs = 0 } = counts;
  const moves: { readonly ms: number; readonly by: number }[] = [{ ms: -Infinity, by: 1000 }];
  const log: { readonly ms: number; readonly row: LogRow }[] = [];
  const questions: { readonly ms: number; readonly what: string }[] = [];
  const answers = new Map<string, () => Read<never> | undefined>();
  const ask = async <Value>(what: string, value: () => Value): Promise<Read<Value>> => {
    questions.push({ ms: clock.monotonic(), what });
    return answers.get(what)?.() ?? { kind: 'read', value: value() };
  };
  const seenMs = (): number => {
    const now = clock.monotonic();
    return staleMs > 0 ? Math.floor(now / staleMs) * staleMs : now;
  };
  return {
    questions,
    answer: (what, how) => void answers.set(what, how),
    freshen: () => {
      staleMs = 0;
    },
    charge: ({ quota, counterMs = 0, rowMs = 0, row }) => {
      const now = clock.monotonic();
      if (counterMs !== null) {
        const ms = now + counterMs;
        moves.push({ ms: batchMs ? Math.ceil(ms / batchMs) * batchMs : ms, by: quota });
      }
      if (rowMs !== null) {
        const at = new Date(clock.wall() + rowMs).toISOString();
        const made: LogRow = { kind: 'consume', quota, at, model: 'nano-banana', ...row };
        log.push({ ms: now + rowMs, row: made });
      }
    },
    source: {
      name,
      sees,
      get staleMs() {
        return staleMs;
      },
      isScarce: name === 'token',
      counting: () =>
        ask('counting', () => ({ quotaPerUsd: 500_000, isBatching: batchMs !== undefined })),
      counter: () =>
        ask('counter', () => ({
          spent: moves.filter(({ ms }) => ms <= seenMs()).reduce((sum, { by }) => sum + by, 0),
        })),
      rows: () =>
        ask('rows', () =>
          log
            .filter(({ ms }) => ms <= clock.monotonic())
            .toSorted((a, b) => b.ms - a.ms)
            .map(({ row }) => row)
            .slice(0, 100),
        ),
      listedPerImage: () => ask('listed', () => counts.listed),
      asked: () => questions.length,
    },
  };
}
