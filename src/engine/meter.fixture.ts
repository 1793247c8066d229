import { paidExchange } from '../domain/charge.fixture.ts';
import type { Exchange } from '../domain/exchange.ts';
import type { UsageSettings } from '../domain/target.ts';
import type { Measured, Usage } from '../domain/usage.ts';
import { aTarget, handClock } from './engine.fixture.ts';
import { makeMeter } from './meter.ts';
import { type Charged, type Counts, fakeKey } from './usage.fixture.ts';

/** For tests only: what tells the rows of `paidExchange`. */
export const OWN = { row: { requestId: 'r1' } };
/** For tests only: somebody who is told of waits, and does not care. */
export const silent = (): void => undefined;

/** For tests only: a meter on a key in memory, at a clock that nobody waits for. */
export function aMeter(counts: Counts = {}, settings: Partial<UsageSettings> = {}) {
  const clock = handClock();
  const key = fakeKey(clock, counts);
  const ended = new AbortController();
  const target = aTarget({ usage: { source: 'management', ...settings } });
  const { source } = key;
  const { signal } = ended;
  const meter = makeMeter({ source, target, clock, signal, wasUsed: false });
  return { clock, key, meter, ended };
}

type Setting = ReturnType<typeof aMeter>;

/** For tests only: measures an exchange that is charged like this the moment it is sent, and answered at once. */
export async function measure(
  { meter, key }: Setting,
  charges: readonly Charged[],
  exchange: Exchange = paidExchange(),
): Promise<Usage> {
  const before = await meter.before(silent);
  if (before.kind === 'unmeasured') return before;
  for (const charged of charges) key.charge(charged);
  return await meter.after(exchange, before, silent);
}

/** For tests only: throws where nothing was measured. */
export function isMeasured(usage: Usage): asserts usage is Measured {
  if (usage.kind !== 'measured') throw new Error(`${usage.cause}: ${usage.detail}`);
}
