import { type GatewayRead, readGateway } from '../adapters/usage/gateway.ts';
import type { Case } from '../domain/claim.ts';
import { asksForCharge } from '../domain/due.ts';
import { modelOf } from '../domain/gateway.ts';
import type { Target } from '../domain/target.ts';
import type { Transport } from '../engine/ports.ts';

/** A gateway tells its version at once, or is not waited for. */
const MOST_READ_MS = 5_000;

/** What a live target says of itself, and its prices where a case is about them; a rehearsal's gateway is always the same one. */
export async function gatewayNow(
  { grade, baseUrl, timeoutMs }: Target,
  cases: Iterable<Case>,
  { send }: Pick<Transport, 'send'>,
  signal: AbortSignal,
): Promise<GatewayRead> {
  if (grade === 'rehearsal' || baseUrl === undefined) return { gateway: {}, unread: [] };
  const timeout = Math.min(timeoutMs, MOST_READ_MS);
  return await readGateway(baseUrl, pricedModels(cases), timeout, send, signal);
}

/** The models whose price some of these cases are about. */
export function pricedModels(cases: Iterable<Case>): readonly string[] {
  const models = new Set<string>();
  for (const one of cases) {
    const model = asksForCharge(one) ? modelOf(one.request) : undefined;
    if (model !== undefined) models.add(model);
  }
  return [...models].toSorted();
}
