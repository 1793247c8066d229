import type { Payload } from './exchange.ts';

/** Where in an answer an image stands. */
export const IMAGE_PLACES = ['inline-data', 'data-uri', 'hosted-url'] as const;
export type ImagePlace = (typeof IMAGE_PLACES)[number];

/** One image in an answer, or what stands where one should be. */
export interface FoundImage {
  readonly at: ImagePlace;
  /** The type that the answer declares for it. */
  readonly declared?: string;
  /** For a hosted one. */
  readonly url?: string;
  /** Absent where what stands there is no image, or could not be fetched. */
  readonly payload?: Payload;
  /** Why it is no whole image. */
  readonly flaw?: string;
}
