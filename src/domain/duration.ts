const UNITS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** How a duration is written: a whole number and its unit, `500ms`, `30s`, `10m`, `24h`, `30d`. */
export const DURATION = /^([1-9]\d{0,8})(ms|s|m|h|d)$/;

/** Milliseconds of a duration that matches `DURATION`; anything else is our own mistake, and throws. */
export function durationMs(written: string): number {
  const [, count, unit] = DURATION.exec(written) ?? [];
  if (count === undefined) throw new Error(`no duration: ${written}`);
  return Number(count) * UNITS[unit as keyof typeof UNITS];
}
