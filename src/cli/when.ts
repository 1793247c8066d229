import { isDay } from '../suite/day.ts';

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/;

/** Milliseconds of what `--now` says: a day, taken at noon UTC, or an instant with its zone; undefined where it is neither. */
export function whenMs(text: string): number | undefined {
  if (!isDay(text.slice(0, 10))) return undefined;
  const iso = DAY.test(text) ? `${text}T12:00:00Z` : INSTANT.test(text) ? text : undefined;
  const ms = iso === undefined ? Number.NaN : Date.parse(iso);
  return Number.isNaN(ms) ? undefined : ms;
}
