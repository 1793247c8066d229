import type { Pace } from '../domain/target.ts';
import type { Ask, Clock } from './ports.ts';

/** Resolves when one more request may be sent: at most `count` pass in any window of `perMs`, in the order of asking. */
export type Gate = (signal: AbortSignal) => Promise<void>;

/** The gate of a pace; without a pace it stands open. */
export function makeGate(pace: Pace | undefined, clock: Clock): Gate {
  if (pace === undefined) return () => Promise.resolve();
  const passed: number[] = [];
  let queue = Promise.resolve();
  const pass = async (signal: AbortSignal) => {
    while (passed.length >= pace.count && !signal.aborted) {
      const waitMs = (passed[0] ?? 0) + pace.perMs - clock.monotonic();
      if (waitMs <= 0) passed.shift();
      else await clock.sleep(waitMs, signal);
    }
    passed.push(clock.monotonic());
  };
  return (signal) => (queue = queue.then(() => pass(signal)));
}

/** What most sources limit is over by then; waiting any longer for a reading is worse than doing without it. */
const MOST_WAIT_MS = 180_000;

/**
 * Asks no oftener than a pace allows, in the order of asking; what would have to wait longer than three minutes is not sent, and
 * unanswered for the cause `throttled`.
 */
export function limited(pace: Pace, clock: Clock, ask: Ask): Ask {
  const gate = makeGate(pace, clock);
  /** When each of the newest `count` may pass. */
  const due: number[] = [];
  return async (request, signal) => {
    const now = clock.monotonic();
    const earliest = due.length < pace.count ? now : (due[0] ?? now) + pace.perMs;
    if (earliest - now > MOST_WAIT_MS) {
      const detail = `the source allows ${pace.count} reads in ${shown(pace.perMs)}`;
      return { outcome: { kind: 'unanswered', cause: 'throttled', detail } };
    }
    due.push(Math.max(now, earliest));
    if (due.length > pace.count) due.shift();
    await gate(signal);
    return ask(request, signal);
  };
}

function shown(ms: number): string {
  return ms % 60_000 === 0 ? `${ms / 60_000} min` : `${ms / 1000} s`;
}
