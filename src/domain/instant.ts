const DAY_MS = 86_400_000;

/** Milliseconds since 1970 of an ISO 8601 instant; NaN where it is not one. Pure: it reads no clock. */
export function instantMs(iso: string): number {
  // oxlint-disable-next-line no-restricted-globals -- parsing a text reads no clock
  return Date.parse(iso);
}

/** Whole days in a span of milliseconds. */
export function wholeDays(ms: number): number {
  return Math.floor(ms / DAY_MS);
}

/** Whether a day (YYYY-MM-DD) is over, in UTC. */
export function isOver(day: string, nowMs: number): boolean {
  return nowMs >= instantMs(day) + DAY_MS;
}
