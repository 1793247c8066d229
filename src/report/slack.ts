import { type Change, byPage } from '../domain/told.ts';
import { type Letter, pageUrl, restingOnLine, titleOf, shortened } from './letter.ts';

/** Blocks of a message (docs.slack.dev, "Blocks"). */
const MOST_BLOCKS = 50;

/** Characters of all blocks together: some 13,200 are refused with `msg_blocks_too_long`, whatever each may have (slackapi/bolt-js#2509). */
const MOST_CHARACTERS = 12_000;

/** Characters of each part of a change, escaped; together they keep below the 3,000 that a section may have. */
const MOST = { under: 200, row: 400, word: 200, because: 1200, evidence: 400, page: 400 };

/** A message for an incoming webhook of Slack: for each page a heading, for each change a section. */
export function slackBody(letter: Letter): object {
  const { message, site } = letter;
  const pages = byPage(message.changes);
  const title = escaped(titleOf(letter));
  const blocks = pages.flatMap(({ title: name, page, changes }) => [
    section(`*${linked(name, pageUrl(page, site))}*`),
    ...changes.map((change) => section(changeText(change))),
  ]);
  return { text: title, blocks: [section(title), ...blocks] };
}

/** Whether a message has no more blocks and characters than Slack takes. */
export function fitsSlack(body: object): boolean {
  const { blocks } = body as { readonly blocks: readonly object[] };
  return blocks.length <= MOST_BLOCKS && JSON.stringify(blocks).length <= MOST_CHARACTERS;
}

function changeText(change: Change): string {
  const { under, row, from, to, because } = change;
  const evidence = restingOnLine(change);
  return [
    `${part(under, MOST.under)} › ${part(row, MOST.row)}`,
    `${part(from, MOST.word)} → ${part(to, MOST.word)}`,
    part(because, MOST.because),
    ...(evidence === undefined ? [] : [part(evidence, MOST.evidence)]),
  ].join('\n');
}

function linked(name: string, url: string | undefined): string {
  const text = part(name, MOST.page);
  return url === undefined ? text : `<${escaped(url).replaceAll('|', '%7C')}|${text}>`;
}

/** `verbatim` keeps Slack from making mentions of `@channel`, and links of what looks like one. */
function section(text: string): object {
  return { type: 'section', text: { type: 'mrkdwn', text, verbatim: true } };
}

function part(text: string, most: number): string {
  return shortened(text.replaceAll('\n', ' '), most, escapeOne);
}

function escaped(text: string): string {
  return text.replaceAll(/[&<>]/g, escapeOne);
}

/** Without these three signs nothing can be a mention (`<!channel>`, `<@U123>`) or a link. */
const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

function escapeOne(character: string): string {
  return ESCAPES[character] ?? character;
}
