import type { Json } from '../../domain/claim.ts';
import type { Read } from '../../engine/ports.ts';
import { member, type Reader, unread } from './read.ts';
import { listIn } from './rows.ts';

/** Prices per image or call in US dollars, by model; nothing for a model that is charged by tokens or by an expression. */
type Prices = ReadonlyMap<string, number | undefined>;

const PLACE = '/api/pricing';

/** `quota_type` of a model with a fixed price. */
const FIXED = 1;

/** Reads `/api/pricing`, which asks for no credential. */
export async function readPrices(read: Reader, signal: AbortSignal): Promise<Read<Prices>> {
  const answer = await read(PLACE, {}, signal);
  if (answer.kind === 'unread') return answer;
  const list = listIn(answer.value);
  if (list === undefined) return unread('malformed', `${PLACE} answers without a list of models`);
  const prices = new Map<string, number | undefined>();
  for (const entry of list) {
    const model = member(entry, 'model_name');
    if (typeof model !== 'string')
      return unread('malformed', `${PLACE} has a model without a name`);
    const price = priceOf(entry);
    if (price === 'none') return unread('malformed', `${PLACE} says no number as a model's price`);
    // Two prices of one model: which of them counts is not said.
    prices.set(model, prices.has(model) && prices.get(model) !== price ? undefined : price);
  }
  return { kind: 'read', value: prices };
}

/** In US dollars; nothing where the price is no fixed one, `none` where it should be one and is no number. */
function priceOf(entry: Json): number | undefined | 'none' {
  if (member(entry, 'quota_type') !== FIXED) return undefined;
  const mode = member(entry, 'billing_mode');
  if (typeof mode === 'string' && mode !== '') return undefined;
  const price = member(entry, 'model_price');
  return typeof price === 'number' && price >= 0 && price <= 1e6 ? price : 'none';
}
