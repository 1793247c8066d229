import { setTimeout as timeout } from 'node:timers/promises';
import type { Clock } from '../engine/ports.ts';

/** The longest time that a timer of Node can run, in milliseconds: one that is set to more ends at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** This machine's time; with a start, its dates begin there and go on from it. Durations are not touched by that. */
export function systemClock(startAtWallMs?: number): Clock {
  const shiftMs = startAtWallMs === undefined ? 0 : startAtWallMs - Date.now();
  return {
    wall: () => Date.now() + shiftMs,
    monotonic: () => performance.now(),
    sleep,
  };
}

async function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  try {
    await timeout(Math.min(ms, LONGEST_TIMER_MS), undefined, signal && { signal });
  } catch (error) {
    if (!(error instanceof Error && error.name === 'AbortError')) throw error;
  }
}
