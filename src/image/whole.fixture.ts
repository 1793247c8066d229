import type { MakeHash } from './payload.ts';
import { readImage } from './read.ts';
import type { Reduced } from './reduce.ts';

const ESCAPED_SLASH = String.raw`(?:\\?\/|\\u002[fF])`;
const MAGIC = String.raw`(?:iVBORw0KGgo|${ESCAPED_SLASH}9j${ESCAPED_SLASH}|UklGR|R0lGOD)`;
const PAYLOAD = new RegExp(
  [
    String.raw`(?<=^|["'\`,:()<>[\s]|\\[nrt]|\\u00(?:2[267]|3[cCeE]))`,
    String.raw`(?=${MAGIC}[\w+/=\\]{16})`,
    String.raw`((?:[A-Za-z0-9+/]|\\\/|\\u002[fFbB])+(?:=|\\u003[dD]){0,3})`,
    String.raw`(?=\\{0,63}["'\`]|[)<>]|\\u00(?:2[279]|3[cCeE])|$)`,
  ].join(''),
  'g',
);

/**
 * What a text is reduced to, said a second time: one expression over the whole text, which holds all of it at once. It is
 * too slow and too large for what servers send, and what the reducers are compared with.
 */
export function reduceWhole(text: string, makeHash: MakeHash): Reduced {
  const payloads: Reduced['payloads'][number][] = [];
  const reduced = text.replace(PAYLOAD, (written) => {
    const plain = written
      .replace(/\\u00([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)))
      .replaceAll('\\', '');
    if (plain.length < 32 || plain.length % 4 > 0 || plain.endsWith('===')) return written;
    const bytes = Buffer.from(plain, 'base64');
    const facts = readImage(bytes);
    if (facts === undefined) return written;
    const hash = makeHash();
    hash.add(bytes);
    const { type, width, height, flaw } = facts;
    const image = { type, width, height, bytes: bytes.length, sha256: hash.hex() };
    payloads.push(flaw === undefined ? image : { ...image, flaw });
    return `<${type},${width}x${height},${bytes.length},sha256:${image.sha256}>`;
  });
  return { text: reduced, payloads };
}
