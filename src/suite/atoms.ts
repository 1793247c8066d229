import { z } from 'zod';
import { DURATION } from '../domain/duration.ts';
import { isDay } from './day.ts';

/** Text that says something. */
export const sentence = z.string().min(1);

/** A day of the calendar. */
export const day = z.string().refine(isDay, 'expected a day of the calendar, as YYYY-MM-DD');

/** Where something was discussed. */
export const link = z.string().regex(/^https?:\/\/\S+$/, 'a link begins with http:// or https://');

const DURATIONS = 'expected a duration such as 300s, 90m, 24h or 30d';
/** How long something may take, or last. */
export const duration = z.string(DURATIONS).regex(DURATION, DURATIONS);

/** What `${…}` names. */
export const name = z
  .string()
  .regex(
    /^[A-Za-z][A-Za-z0-9_-]*$/,
    'a name has letters, digits, _ and -, and begins with a letter',
  )
  .refine((written) => written !== 'target', '"target" is kept for ${target.…}');
