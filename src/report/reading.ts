import type { Pace } from '../domain/target.ts';
import type { UsageSourceName } from '../domain/usage.ts';
import { counted } from './counted.ts';

/** How many exchanges of a plan are measured, and where what they are charged is read. */
export interface PlannedReading {
  readonly exchanges: number;
  readonly target: string;
  /** Null where it can be read nowhere. */
  readonly source: {
    readonly name: UsageSourceName;
    readonly sees: { readonly counter: boolean; readonly log: boolean };
    readonly pace: Pace;
    readonly staleMs: number;
  } | null;
}

/** One sentence on which usage source is used, what it sees, and how often it may be asked. */
export function readingText({ exchanges, target, source }: PlannedReading): string {
  const what = `what ${counted(exchanges, 'exchange is', 'exchanges are')} charged is read`;
  if (source === null) {
    const missing = `target ${target} names no usage source`;
    return `${what} nowhere: ${missing}, and claims about it stay undecided`;
  }
  const { name, sees, pace, staleMs } = source;
  const seen = [sees.counter ? 'counter' : '', sees.log ? 'log' : ''].filter((one) => one !== '');
  const often = `at most ${counted(pace.count, 'read')} in ${pace.perMs / 60_000} min`;
  const stale = staleMs === 0 ? '' : `, its counter may be ${staleMs / 1000} s old`;
  return `${what} from ${name} (${seen.join(' and ')}; ${often}${stale})`;
}
