import { type Fault, parseFault } from './faults.ts';

/** A dated state of the gateway: what it served that day, in the language of faults. */
interface World {
  readonly says: string;
  readonly behaviours: readonly string[];
}

const EVERY_DAY = ['channel.315=served', 'channel.318=served', 'field.image=refused'];

/** The four shapes by canonical model, as observed on 2026-03-23; a page of 2026-05-22 rewrote the ids into aliases. */
const FOUR_SHAPES = [
  'model.gemini-3.1-flash-image-preview=served',
  'model.gemini-3-pro-image-preview=served',
  'shape.gemini-3-pro-image-preview=data-uri',
  'mime.gemini-3-pro-image-preview=jpeg',
  'model.gemini-2.5-flash-image=served',
  'shape.gemini-2.5-flash-image=data-uri',
  'model.gemini-2.5-flash-image-preview=served',
  'shape.gemini-2.5-flash-image-preview=hosted-url',
  'alt.gemini-2.5-flash-image-preview=Image',
];

const EDITS_DOWN = [
  'edit.gemini-3.1-flash-image-preview=no-channel',
  'edit.gemini-2.5-flash-image-preview=no-channel',
  'edit.gemini-2.5-flash-image=timeout',
];

const WORLDS: Readonly<Record<string, World>> = {
  '2026-02-26': {
    says: 'native generateContent with text and inline data; imageGenerationConfig is dropped in silence',
    behaviours: [
      ...EVERY_DAY,
      'model.gemini-2-5-flash-image=served',
      'model.gemini-3-pro-image-preview=served',
    ],
  },
  '2026-03-23': {
    says: 'native image generation in four shapes by model; edits are down (500 and 524)',
    behaviours: [...EVERY_DAY, ...FOUR_SHAPES, ...EDITS_DOWN],
  },
  '2026-03-30': {
    says: 'the Images route serves nano-banana-2, with 1 to 14 references by URL',
    behaviours: [
      ...EVERY_DAY,
      ...FOUR_SHAPES,
      ...EDITS_DOWN,
      'alias.nano-banana-2=gemini-3.1-flash-image-preview',
      'images.nano-banana-2=ok',
    ],
  },
  '2026-04-14': {
    says: 'the native route works, edits included; the Images route fails for the whole family; nano-banana is billed out of line; videos are made',
    behaviours: [
      ...EVERY_DAY,
      ...FOUR_SHAPES,
      'alias.nano-banana-2=gemini-3.1-flash-image-preview',
      'alias.nano-banana-pro=gemini-3-pro-image-preview',
      'alias.nano-banana=gemini-2.5-flash-image',
      'images.nano-banana-2=by-request',
      'images.nano-banana-pro=unknown-field',
      'images.nano-banana=unknown-field',
      // The page says that counter and log did not line up, and never by how much: a fifth of an image's price is our own choice.
      'billing.off.gemini-2.5-flash-image=4000',
      'billing.failure.nano-banana=charged',
      'model.veo3.1-fast=served',
    ],
  },
};

/** Every world with one line of description, oldest first. */
export function listWorlds(): readonly { readonly world: string; readonly says: string }[] {
  return Object.entries(WORLDS).map(([world, { says }]) => ({ world, says }));
}

/** The behaviours of a world, then the faults; throws an Error that names what is unknown. */
export function worldWith(world: string, faults: readonly string[]): readonly Fault[] {
  const known = WORLDS[world];
  if (known === undefined) {
    throw new Error(`unknown world "${world}"; there are ${Object.keys(WORLDS).join(', ')}`);
  }
  return [...known.behaviours, ...faults].map((text) => {
    const fault = parseFault(text);
    if (typeof fault === 'string') throw new Error(fault);
    return fault;
  });
}
