import { z } from 'zod';
import { DURATION } from '../domain/duration.ts';

/** Text that says something. */
export const sentence = z.string().min(1);

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
