const UNITS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** How a duration is written: a whole number and its unit, `500ms`, `30s`, `10m`, `24h`, `30d`. */
export const DURATION = /^(\d{1,9})(ms|s|m|h|d)$/;

/** Milliseconds of a written duration, or undefined where it is not one. */
export function durationMs(written: string): number | undefined {
  const [, count, unit] = DURATION.exec(written) ?? [];
  return count === undefined ? undefined : Number(count) * UNITS[unit as keyof typeof UNITS];
}
