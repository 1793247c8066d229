import { chargeOf } from './charge.ts';
import { aliasSeen } from './expect/alias.ts';
import type { Seen } from './expect/kind.ts';
import type { Observed } from './verdict.ts';

/** What evidence keeps of an answer, whatever is expected of it. */
export function observe(seen: Seen): { readonly observed: Observed; readonly alias?: string } {
  const alias = aliasSeen(seen);
  const images = seen.images();
  const [first] = images;
  const payload = first?.payload;
  const { usage } = seen.exchange;
  const outcomes = usage?.kind === 'measured' ? chargeOf(seen.exchange, usage).outcomes : [];
  const ms = seen.exchange.attempts.at(-1)?.ms;
  const observed: Observed = {
    status: seen.answer.status,
    'image.count': images.length,
    ...(first && { 'image.at': first.at }),
    ...(payload && {
      'image.format': payload.type,
      'image.size': `${payload.width}x${payload.height}`,
    }),
    ...(alias !== undefined && { alias }),
    ...(outcomes.length > 0 && { charged: outcomes.join(' and ') }),
    ...(ms !== undefined && { ms: Math.round(ms) }),
  };
  return alias === undefined ? { observed } : { observed, alias };
}
