import { canonical } from '../../domain/digest.ts';
import type { Json } from '../../domain/claim.ts';
import type { Gateway } from '../../domain/gateway.ts';
import type { Ask } from '../../engine/ports.ts';
import { readPricing } from './pricing.ts';
import { makeReader, member } from './read.ts';

/** What a gateway says of itself, and why something of that could not be read: it is lacking, refused, unreachable. */
export interface GatewayRead {
  readonly gateway: Gateway;
  readonly unread: readonly string[];
}

/** Longer texts of a stranger are not kept. */
const LONGEST = 200;

/** Reads the version of a gateway, and its prices of some models where any are asked for; no credential is shown. */
export async function readGateway(
  baseUrl: string,
  models: readonly string[],
  timeoutMs: number,
  ask: Ask,
  signal: AbortSignal,
): Promise<GatewayRead> {
  const read = makeReader(baseUrl, timeoutMs, ask);
  const [status, pricing] = await Promise.all([
    read('/api/status', {}, signal),
    models.length === 0 ? undefined : readPricing(read, signal),
  ]);
  const data = status.kind === 'read' ? member(status.value, 'data') : undefined;
  const version = member(data, 'version');
  const isSaid = typeof version === 'string' && version !== '' && version.length <= LONGEST;
  const unread = [
    ...(status.kind === 'unread' ? [status.detail] : []),
    ...(status.kind === 'read' && !isSaid ? ['/api/status says no version'] : []),
    ...(pricing?.kind === 'unread' ? [pricing.detail] : []),
  ];
  const prices =
    pricing?.kind === 'read'
      ? Object.fromEntries(models.map((model) => [model, priceText(pricing.value, model)]))
      : undefined;
  return {
    gateway: { ...(isSaid && { version }), ...(prices !== undefined && { prices }) },
    unread,
  };
}

/** What decides the price of a model in new-api's list. */
const PRICING = [
  'quota_type',
  'model_price',
  'model_ratio',
  'completion_ratio',
  'billing_mode',
  'billing_expr',
];

/** `model_price 0.039, quota_type 1`: the same text as long as nothing of it changes. */
function priceText(models: readonly Json[], model: string): string {
  const texts = models
    .filter((entry) => member(entry, 'model_name') === model)
    .map((entry) =>
      PRICING.flatMap((name) => {
        const value = member(entry, name);
        return value === undefined || value === '' ? [] : `${name} ${canonical(value)}`;
      }).join(', '),
    );
  return texts.length === 0 ? 'not listed' : texts.toSorted().join('; ').slice(0, LONGEST);
}
