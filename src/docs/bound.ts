import type { Claim } from '../domain/claim.ts';
import type { Page } from './page.ts';
import { standsUnder } from './table.ts';

/** Why a claim is bound to no sentence of a page any more. */
export interface Unbound {
  /** What does not stand there: the heading, or the words below it. */
  readonly why: string;
  /** The sentence below the heading, or of the page, that has most words in common with the quoted ones. */
  readonly nearest?: string;
}

/** Shares of common words below this are chance. */
const LEAST_COMMON = 0.5;

/**
 * Whether the words that a claim quotes stand in a page, below the heading that it names: nothing where they do, or where
 * it quotes none. Spelling of Markdown (backticks, emphasis, escapes, links, line breaks) does not tell texts apart.
 */
export function unbound(page: Page, documented: Claim['documented']): Unbound | undefined {
  const { under, quote } = documented;
  if (quote === undefined) return undefined;
  const text = readText(page);
  const sections = under === undefined ? [text] : sectionsUnder(page.headings, text, under);
  if (under !== undefined && sections.length === 0) {
    const near = nearestTo(text, quote);
    return { why: `no heading "${under}"`, ...(near !== undefined && { nearest: near }) };
  }
  if (sections.some((section) => standsIn(section, quote))) return undefined;
  const near = nearestTo(sections.join('\n'), quote) ?? nearestTo(text, quote);
  const below = under === undefined ? '' : ` below "${under}"`;
  return { why: `"${quote}" does not stand${below}`, ...(near !== undefined && { nearest: near }) };
}

/** What a reader is shown: the text of a page with blanks in place of its comments and of the code of its modules. */
function readText({ text, marks }: Page): string {
  return marks.filter(isUnseen).reduce((left, { start, text: unseen }) => {
    const blank = unseen.replaceAll(/[^\r\n]/g, ' ');
    return left.slice(0, start) + blank + left.slice(start + unseen.length);
  }, text);
}

function isUnseen({ type, text }: Page['marks'][number]): boolean {
  if (type === 'html') return text.startsWith('<!--');
  if (type === 'mdxjsEsm') return true;
  const isExpression = type === 'mdxFlowExpression' || type === 'mdxTextExpression';
  return isExpression && /^\{\s*\/\*(?:(?!\*\/)[\s\S])*\*\/\s*\}$/.test(text);
}

/** Quotes are taken from the source of a page, or from how a browser shows it. */
function standsIn(text: string, quote: string): boolean {
  return folded(text).includes(folded(quote)) || folded(shown(text)).includes(folded(shown(quote)));
}

/** The text below each heading of that name, its subsections included; below the title of the front matter, the whole page. */
function sectionsUnder(headings: Page['headings'], text: string, under: string): readonly string[] {
  const lines = text.split(/\r\n|\r|\n/);
  const sections = headings.flatMap(({ path, line }, at) => {
    if (!standsUnder(path, under)) return [];
    const next = headings.slice(at + 1).find((other) => other.path.length <= path.length);
    return [lines.slice(line - 1, next === undefined ? undefined : next.line - 1).join('\n')];
  });
  return folded(titleOf(text)) === folded(under) ? [text, ...sections] : sections;
}

function titleOf(text: string): string {
  const front = /^---\r?\n([\s\S]*?)\r?\n---/.exec(text)?.[1] ?? '';
  const title = /^title:[ \t]*(.*)$/m.exec(front)?.[1] ?? '';
  return title.trim().replace(/^(["'])(.*)\1$/, '$2');
}

/** The sentence, cell or list item with most of the quote's words in it. */
function nearestTo(text: string, quote: string): string | undefined {
  const words = wordsOf(quote);
  let best: string | undefined;
  let most = LEAST_COMMON;
  for (const sentence of sentencesOf(text)) {
    const there = new Set(wordsOf(sentence));
    const common = words.filter((word) => there.has(word)).length / Math.max(1, words.length);
    if (common < most || (common === most && best !== undefined)) continue;
    most = common;
    best = sentence;
  }
  return best;
}

function sentencesOf(text: string): readonly string[] {
  return text
    .split(/\r?\n(?=\s*(?:\r?\n|[-*+>|#<`]|\d+\.))|(?<=[.!?:;])\s|(?<=[。！？；])|(?<!\\)\|/)
    .map((sentence) => folded(shown(sentence)).replace(/^(?:[-+>]|#+|\d+\.)\s+/, ''))
    .filter((sentence) => sentence !== '');
}

function wordsOf(text: string): readonly string[] {
  return (
    folded(text)
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? []
  );
}

/** A link or an image as its text. */
function shown(text: string): string {
  return text.replaceAll(/!?\[([^\][]*)\]\([^()]*\)/g, '$1');
}

/** Backticks, emphasis, escapes and the amount of space do not tell texts apart; an underscore inside a word is of it. */
function folded(text: string): string {
  return text
    .replaceAll(/\\(?=[!-/:-@[-`{-~])/g, '')
    .replaceAll(/[`*]|(?<![\p{L}\p{N}])_+|_+(?![\p{L}\p{N}])/gu, '')
    .replaceAll(/\s+/g, ' ')
    .trim();
}
