import type { Evidence } from '../domain/evidence.ts';
import { type Exchange, settled } from '../domain/exchange.ts';
import type { Made } from './engine.fixture.ts';
import { type Earlier, NOTHING } from './past.ts';

/** For tests only: when runs that go on began. */
export const STARTED = '2026-03-29T00:00:00.000Z';

/** For tests only: what a run had stored, up to a line of its ledger, as who reads that finds it. */
export function storedBy(
  { seen: { lines } }: Pick<Made, 'seen'>,
  upTo = lines.length,
  over: Partial<Earlier> = {},
): Earlier {
  const exchanges = new Map<string, Exchange>();
  const evidence: Evidence[] = [];
  for (const line of lines.slice(0, upTo)) {
    if ('exchange' in line) exchanges.set(line.exchange.id, line.exchange);
    else if ('evidence' in line) evidence.push(line.evidence);
    else {
      const one = exchanges.get(line.usage.exchange);
      if (one === undefined) throw new Error(`no exchange ${line.usage.exchange} before its usage`);
      exchanges.set(one.id, settled(one, line.usage));
    }
  }
  const kept = { startedAt: STARTED, exchanges: [...exchanges.values()], evidence };
  return { ...NOTHING, ...kept, ...over };
}
