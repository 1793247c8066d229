import { DURATION, durationMs } from '../duration.ts';
import type { Kind, ValueOf, Zod } from './kind.ts';

const keys = (z: Zod) =>
  z
    .strictObject({ atMost: z.string().regex(DURATION, 'a duration such as 500ms, 30s or 2m') })
    .describe('how long the whole answer may take');

type Latency = ValueOf<typeof keys>;

/** How long the whole answer took, the last attempt alone. */
export const latency: Kind<Latency> = {
  name: 'latency',
  keys,
  judge(value, { exchange }) {
    const ms = exchange.attempts.at(-1)?.ms ?? 0;
    return ms <= durationMs(value.atMost)
      ? []
      : [{ expected: `at most ${value.atMost}`, actual: `${Math.round(ms)}ms` }];
  },
};
