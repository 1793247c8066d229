import { type Change, byPage } from '../domain/told.ts';
import { type Letter, bytesOf, pageUrl, restingOnLine, titleOf, shortened } from './letter.ts';

/** Bytes of a request: a custom bot takes 20 KB, and a signature comes on top. */
const MOST_BYTES = 19_000;

/** Characters of each part of a change. */
const MOST = { under: 200, row: 300, word: 200, because: 1000, evidence: 300 };

/**
 * A message for a custom bot of Feishu or Lark, as a post: its texts are shown as they are, where a card or a plain message
 * would read `<at id=all>` in them.
 */
export function feishuBody(letter: Letter): object {
  const { message, site } = letter;
  const paragraphs = byPage(message.changes).flatMap(({ title, page, changes }) => [
    [heading(title, pageUrl(page, site))],
    ...changes.flatMap(changeLines),
  ]);
  return {
    msg_type: 'post',
    content: { post: { en_us: { title: titleOf(letter), content: paragraphs } } },
  };
}

/** Whether a message is no longer than Feishu takes. */
export function fitsFeishu(body: object): boolean {
  return bytesOf(body) <= MOST_BYTES;
}

function changeLines(change: Change): readonly (readonly object[])[] {
  const { under, row, from, to, because } = change;
  const evidence = restingOnLine(change);
  return [
    `${part(under, MOST.under)} › ${part(row, MOST.row)}`,
    `${part(from, MOST.word)} → ${part(to, MOST.word)}`,
    part(because, MOST.because),
    ...(evidence === undefined ? [] : [part(evidence, MOST.evidence)]),
  ].map((text) => [plainText(text)]);
}

function heading(title: string, url: string | undefined): object {
  const text = part(title, MOST.row);
  return url === undefined ? plainText(text) : { tag: 'a', text, href: url };
}

function plainText(text: string): object {
  return { tag: 'text', text };
}

/** Should a client read tags in a text all the same, none is there: a zero-width space stands behind each `<`. */
function part(text: string, most: number): string {
  return shortened(text.replaceAll('\n', ' '), most, (one) => (one === '<' ? '<\u200b' : one));
}
