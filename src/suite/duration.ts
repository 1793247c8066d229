/** Milliseconds in each unit that a suite may write. */
const UNITS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** A whole number and a unit: `300s`, `90m`, `24h`, `30d`. */
export const DURATION = /^([1-9]\d{0,8})(ms|s|m|h|d)$/;

/** Milliseconds of a duration that matches `DURATION`; anything else is our own mistake, and throws. */
export function durationMs(text: string): number {
  const [, count, unit] = DURATION.exec(text) ?? [];
  if (count === undefined || unit === undefined) throw new Error(`no duration: ${text}`);
  return Number(count) * UNITS[unit as keyof typeof UNITS];
}

/** Whether a text is a day of the calendar, as YYYY-MM-DD. */
export function isDay(text: string): boolean {
  const [, year, month, day] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text) ?? [];
  if (day === undefined) return false;
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  return date.toISOString().startsWith(text);
}
