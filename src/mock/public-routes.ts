import { GROUP } from './usage-rows.ts';
import type { Answer } from './delivery.ts';
import type { Ask } from './faults.ts';

/** `GET /api/status`: how this gateway counts, for everybody to read. */
export function statusOf(ask: Ask): Answer {
  const data = {
    version: ask('gateway.version'),
    quota_per_unit: Number(ask('quota.unit')),
    quota_display_type: ask('quota.display'),
    usd_exchange_rate: 7.3,
    enable_batch_update: ask('billing.batch') !== '0',
    setup: true,
  };
  return { status: 200, body: { success: true, message: '', data } };
}

/** `GET /api/pricing`: what an image of each model costs, before the ratio of the group. */
export function priceList(
  ask: Ask,
  models: readonly { readonly model: string; readonly canonical: string }[],
): Answer {
  const data = models.map(({ model, canonical }) => ({
    model_name: model,
    quota_type: 1,
    model_ratio: 0,
    model_price: Number(ask('price', model, canonical)),
    completion_ratio: 0,
    enable_groups: [GROUP],
    supported_endpoint_types: ['gemini', 'openai', 'image-generation'],
  }));
  const ratios = {
    group_ratio: { [GROUP]: Number(ask('group.ratio')) },
    usable_group: { [GROUP]: GROUP },
  };
  return { status: 200, body: { success: true, data, ...ratios } };
}
