import type { Behaviour } from './behaviour.ts';
import { BILLING_BEHAVIOURS } from './billing-behaviours.ts';
import { IMAGES_BEHAVIOURS } from './images-behaviours.ts';
import { MODEL_BEHAVIOURS, NATIVE_BEHAVIOURS } from './native-behaviours.ts';
import { TRANSPORT_BEHAVIOURS } from './transport-behaviours.ts';
import { VIDEO_BEHAVIOURS } from './video-behaviours.ts';

/** What an open value or subject may look like. */
export const KINDS: Readonly<Record<string, RegExp>> = {
  '<number>': /^\d{1,10}$/,
  '<decimal>': /^\d{1,6}(\.\d{1,9})?$/,
  '<status>': /^[2-5]\d\d$/,
  '<model>': /^[a-z0-9][a-z0-9.-]*$/,
  '<ratio>': /^\d{1,2}:\d{1,2}$/,
  '<aspect>': /^[0-9a-z:]+$/,
  '<references>': /^\d{1,3}(@(512|1K|2K|4K))?$/,
  '<name>': /^[A-Za-z][A-Za-z0-9_-]*$/,
  '<reason>': /^[A-Z][A-Z_]+$/,
  '<text>': /^.+$/s,
};

/** Every behaviour, by name: the whole language of faults, in which worlds are written as well. */
export const BEHAVIOURS = {
  ...MODEL_BEHAVIOURS,
  ...NATIVE_BEHAVIOURS,
  ...IMAGES_BEHAVIOURS,
  ...VIDEO_BEHAVIOURS,
  ...BILLING_BEHAVIOURS,
  ...TRANSPORT_BEHAVIOURS,
};

/** The name of a behaviour. */
export type BehaviourName = keyof typeof BEHAVIOURS;

/** Every behaviour with its values and one line of description, for `assay mock --list`. */
export function listBehaviours(): readonly (Behaviour & { readonly name: string })[] {
  return Object.entries<Behaviour>(BEHAVIOURS).map(([name, behaviour]) => ({ name, ...behaviour }));
}
