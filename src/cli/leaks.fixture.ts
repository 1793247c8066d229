import { expect } from 'vitest';
import { type Desk, textOf } from './desk.fixture.ts';

/** A key of characters that JSON, URLs, shells and regular expressions write in other ways. */
export const ODD_KEY = String.raw`sk-"quo'te\back/slash+plus=%41&amp~<tag>$^.*(x)|[y]{2}?`;

/** All that some verbs print, one after the other, and all files that are there afterwards. */
export async function everythingAfter(
  desk: Desk,
  env: Readonly<Record<string, string>>,
  verbs: readonly (readonly string[])[],
): Promise<string> {
  const texts: string[] = [];
  for (const args of verbs) {
    const { code, stdout, stderr } = await desk.assay(args, env);
    expect([0, 1, 3], `${args.join(' ')}: ${stderr}`).toContain(code);
    texts.push(stdout, stderr);
  }
  return texts.join('\n') + (await textOf(desk.folder));
}

/** Pieces of a key that stand in a text, once every escape in it is undone; a third of the key is too much already. */
export function leaks(text: string, key: string): readonly string[] {
  const unescaped = unpercent(
    unpercent(
      text.replaceAll(/\\u([0-9a-fA-F]{4})/g, (_, hex: string) =>
        String.fromCharCode(Number.parseInt(hex, 16)),
      ),
    ),
  ).replaceAll('\\', '');
  const bare = key.replaceAll('\\', '');
  const size = Math.floor(bare.length / 3);
  const raw = windows(bare, size).filter((piece) => unescaped.includes(piece));
  const encoded = [0, 1, 2].flatMap((before) => {
    const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(key)]);
    return windows(bytes.toString('base64').slice(2, -4), size * 2);
  });
  const sextets = text.replaceAll('-', '+').replaceAll('_', '/');
  const hex = windows(Buffer.from(key).toString('hex'), size * 2);
  return [
    ...raw,
    ...encoded.filter((piece) => sextets.includes(piece.replaceAll('-', '+').replaceAll('_', '/'))),
    ...hex.filter((piece) => text.toLowerCase().includes(piece)),
  ];
}

function unpercent(text: string): string {
  return text.replaceAll(/%([0-9a-fA-F]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

function windows(text: string, size: number): readonly string[] {
  return Array.from({ length: text.length - size + 1 }, (_, at) => text.slice(at, at + size));
}
