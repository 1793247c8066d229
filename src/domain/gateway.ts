import type { Claim, Request } from './claim.ts';
import { canonical, type Sha256 } from './digest.ts';
import type { Evidence } from './evidence.ts';

/** What a gateway says of itself to everybody, at one moment; what could not be read is absent. */
export interface Gateway {
  readonly version?: string;
  /** What its price list has of the models that were asked about, as one short text each. */
  readonly prices?: Readonly<Record<string, string>>;
}

/** The gateway as a run found it when it began. */
export type GatewayOf = (run: string) => Gateway | undefined;

const sentences = new WeakMap<Claim, string>();

/**
 * The fingerprint of what the docs say of a claim: the sentence, what is said of it and where; not the day on which they said so.
 * It is made once for a claim, and not at all where it was kept with it.
 */
export function sentenceOf(claim: Claim, sha256: Sha256): string {
  const known = sentences.get(claim);
  if (known !== undefined) return known;
  const { says, documented } = claim;
  const { as, under = '', quote = '' } = documented;
  const made = sha256(canonical({ says, as, under, quote })).slice(0, 16);
  sentences.set(claim, made);
  return made;
}

/** Takes what was kept with a claim for the fingerprint of its sentence. */
export function recallSentence(claim: Claim, kept: string): void {
  sentences.set(claim, kept);
}

/** The model that a request asks for, as it is written: in its path, its JSON or its form. */
export function modelOf({ path = '', json, form }: Request): string | undefined {
  const inPath = /\/models\/([^/:?#]+)/.exec(path)?.[1];
  if (inPath !== undefined) return inPath;
  const fields = form ?? json;
  if (typeof fields !== 'object' || fields === null || !('model' in fields)) return undefined;
  return typeof fields.model === 'string' ? fields.model : undefined;
}

/** The version before and now, where the gateway says another one now than by a header or at the start of the run of some evidence. */
export function versionMoved(
  { gatewayVersion, run }: Evidence,
  gatewayOf: GatewayOf,
  { version: now }: Gateway,
): { readonly from: string; readonly to: string } | undefined {
  const then = [gatewayVersion, gatewayOf(run)?.version].filter((one) => one !== undefined);
  const [from] = then;
  if (now === undefined || from === undefined || then.includes(now)) return undefined;
  return { from, to: now };
}

/** The price of a model before and now, where the price list says another one now than at the start of the run of some evidence. */
export function priceMoved(
  model: string,
  { run }: Evidence,
  gatewayOf: GatewayOf,
  now: Gateway,
): { readonly from: string; readonly to: string } | undefined {
  const from = gatewayOf(run)?.prices?.[model];
  const to = now.prices?.[model];
  return from === undefined || to === undefined || from === to ? undefined : { from, to };
}
