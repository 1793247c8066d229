const DAY_MS = 86_400_000;

/** Milliseconds since 1970 of an ISO 8601 instant; NaN where it is not one. Pure: it reads no clock. */
export function instantMs(iso: string): number {
  // oxlint-disable-next-line no-restricted-globals -- parsing a text reads no clock
  return Date.parse(iso);
}

/** The instant of ISO 8601, in UTC, of milliseconds since 1970; what no clock shows is the first or the last that we write. */
export function instantOf(ms: number): string {
  // oxlint-disable-next-line no-restricted-globals -- writing a number reads no clock
  return new Date(Math.max(0, Math.min(FARTHEST_MS, ms))).toISOString();
}

/** The last one of which the year has four digits. */
const FARTHEST_MS = 253_402_300_799_999;

/** Orders instants of ISO 8601, the earlier first; those that are written as we write them need no reckoning. */
export function compareInstants(a: string, b: string): number {
  if (a === b) return 0;
  if (isPlain(a) && isPlain(b)) return a < b ? -1 : 1;
  return instantMs(a) - instantMs(b);
}

/** `2026-03-30T12:00:00.000Z`: as long as the others, and in UTC as they are. */
function isPlain(iso: string): boolean {
  return iso.length === 24 && iso.endsWith('Z');
}

/** Whole days in a span of milliseconds. */
export function wholeDays(ms: number): number {
  return Math.floor(ms / DAY_MS);
}

/** Whether a day (YYYY-MM-DD) is over, in UTC. */
export function isOver(day: string, nowMs: number): boolean {
  return nowMs >= instantMs(day) + DAY_MS;
}
