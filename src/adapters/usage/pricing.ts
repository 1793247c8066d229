import type { Json } from '../../domain/claim.ts';
import type { Read } from '../../engine/ports.ts';
import { member, type Reader, unread } from './read.ts';
import { listIn } from './rows.ts';

const PLACE = '/api/pricing';

/** Reads the models of `/api/pricing`, which asks for no credential. */
export async function readPricing(
  read: Reader,
  signal: AbortSignal,
): Promise<Read<readonly Json[]>> {
  const answer = await read(PLACE, {}, signal);
  if (answer.kind === 'unread') return answer;
  const models = listIn(answer.value);
  return models === undefined
    ? unread('malformed', `${PLACE} answers without a list of models`)
    : { kind: 'read', value: models };
}

/** What a model's image or call costs in US dollars; nothing where it is not listed with one fixed price. */
export function listedPrice(models: readonly Json[], model: string): Read<number | undefined> {
  const prices = new Set<number | undefined>();
  for (const entry of models) {
    if (member(entry, 'model_name') !== model) continue;
    const price = member(entry, 'model_price');
    if (!isFixed(entry)) prices.add(undefined);
    else if (isPrice(price)) prices.add(price);
    else return unread('malformed', `${PLACE} says no number as the price of the model`);
  }
  // Two prices of one model: which of them counts is not said.
  return { kind: 'read', value: prices.size === 1 ? [...prices][0] : undefined };
}

/** `quota_type` 1 is a fixed price, 0 one by tokens; an expression (`billing_mode`) replaces either. */
function isFixed(entry: Json): boolean {
  const mode = member(entry, 'billing_mode');
  return member(entry, 'quota_type') === 1 && (mode === undefined || mode === '');
}

function isPrice(value: Json | undefined): value is number {
  return typeof value === 'number' && value >= 0 && value <= 1e6;
}
