import { dirname, join } from 'node:path';
import type { ImageKeeper } from '../adapters/images.ts';
import { makeHash } from '../adapters/sha256.ts';
import type { Redactor } from '../domain/redact.ts';
import type { MakeHash } from '../image/payload.ts';
import { type Asked, isGiven } from './arguments.ts';
import type { Output } from './output.ts';

/** What keeps the images of a run beside what is hashed of them. */
export interface KeptImages {
  /** What is to hash in place of what only hashes. */
  readonly open: (redactor: Redactor) => MakeHash;
  /** Resolves once all are written; says which are not kept. */
  readonly close: () => Promise<void>;
}

/** Where images are kept: beside the folder of the ledger. */
export function imagesFolder(ledger: string): string {
  return join(dirname(ledger), 'images');
}

/** What keeps the images of a run, or nothing where `--keep-images` was not asked for: then nothing of it is loaded. */
export async function keptImages(
  asked: Asked,
  ledger: string,
  output: Pick<Output, 'say'>,
): Promise<{ readonly images?: KeptImages }> {
  if (!isGiven(asked, 'keep-images')) return {};
  const { makeImageKeeper } = await import('../adapters/images.ts');
  const folder = imagesFolder(ledger);
  let keeper: ImageKeeper | undefined;
  return {
    images: {
      open(redactor) {
        const isSecret = (text: string) => redactor.text(text) !== text;
        keeper = makeImageKeeper(folder, makeHash, isSecret);
        return keeper.makeHash;
      },
      async close() {
        const notKept = (await keeper?.close()) ?? [];
        for (const reason of notKept) output.say(`images that are not kept: ${reason}`);
      },
    },
  };
}
