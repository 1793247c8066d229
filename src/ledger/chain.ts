import type { Problem } from '../domain/problem.ts';
import type { Line } from './lines.ts';

/** One file of the ledger, by the name under which problems mention it. */
export interface LedgerText {
  readonly name: string;
  readonly text: string;
}

/** The SHA-256 of a text as UTF-8, in lower-case hexadecimal. */
export type HashText = (text: string) => string;

/** What the first line of a file follows. */
export const GENESIS = '0'.repeat(64);

/** A line as it is appended, without its line feed, and its hash, which the next line bears as `prev`. */
export function writeLine(
  line: Line,
  prev: string,
  sha256: HashText,
): { readonly text: string; readonly hash: string } {
  const { kind, ...rest } = line;
  const text = JSON.stringify({ kind, prev, ...rest });
  return { text, hash: sha256(text) };
}

/** A line of a file whose hashes on either side are right. */
export interface Link {
  /** Counted from 1. */
  readonly number: number;
  readonly kind: string;
  /** The whole line, parsed. */
  readonly value: object;
}

/** Where a file can be continued. */
export interface Tail {
  /** The hash that the next line has to bear. */
  readonly prev: string;
  /** The length of all whole lines in bytes of UTF-8; what stands behind it was cut by a crash. */
  readonly bytes: number;
}

/** A file of the ledger as its hashes show it. */
export interface Chain {
  /** The lines that count. A changed line is known by the next one's hash, so a line counts if both its links hold. */
  readonly links: readonly Link[];
  readonly tail: Tail;
  readonly problems: readonly Problem[];
}

/** Walks the chain of one file; a last line that a crash cut is dropped with a warning, anything else amiss is an error. */
export function walkChain(file: LedgerText, sha256: HashText): Chain {
  const { lines, length, problems } = wholeLines(file);
  const links: Link[] = [];
  let prev = GENESIS;
  let pending: Link | undefined; // counts unless the next line contradicts it
  for (const [index, text] of lines.entries()) {
    const number = index + 1;
    const head = headOf(text);
    const follows = head?.prev === prev;
    if (!follows) problems.push(brokenAt(file, number, head !== undefined));
    if (follows && pending !== undefined) links.push(pending);
    pending = follows ? { number, kind: head.kind, value: head.value } : undefined;
    prev = sha256(text);
  }
  if (pending !== undefined) links.push(pending);
  return { links, tail: { prev, bytes: utf8Length(file.text, length) }, problems };
}

function brokenAt(file: LedgerText, number: number, isLine: boolean): Problem {
  return {
    severity: 'error',
    place: { file: file.name, line: number, column: 1 },
    message: isLine
      ? `this line does not follow ${number === 1 ? 'the beginning of a file' : `line ${number - 1}`}: something was changed, added or taken out here`
      : 'this is no line of a ledger',
    hint: 'lines next to the break do not count as evidence',
  };
}

/** The lines of a file, and how many characters they take, without a last one that a crash cut: it has no end, or is no JSON. */
function wholeLines(file: LedgerText): {
  lines: readonly string[];
  length: number;
  problems: Problem[];
} {
  const lines = file.text.split('\n');
  const rest = lines.pop() ?? '';
  let length = file.text.length - rest.length;
  let isCut = rest !== '';
  const last = lines.at(-1);
  if (!isCut && last !== undefined && parsed(last) === undefined) {
    isCut = true;
    length -= last.length + 1;
    lines.pop();
  }
  const place = { file: file.name, line: lines.length + 1, column: 1 };
  const message = 'the last line is cut, as by a crash, and is left out';
  // A checkout of git may have made CR LF of each line feed; no JSON text ends in a carriage return of its own.
  return {
    lines: lines.map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line)),
    length,
    problems: isCut ? [{ severity: 'warning', place, message }] : [],
  };
}

function headOf(text: string): { kind: string; prev: string; value: object } | undefined {
  const value = parsed(text);
  if (typeof value !== 'object' || value === null) return undefined;
  if (!('kind' in value && 'prev' in value)) return undefined;
  const { kind, prev } = value;
  return typeof kind === 'string' && typeof prev === 'string' ? { kind, prev, value } : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function utf8Length(text: string, length: number): number {
  return Buffer.byteLength(length === text.length ? text : text.slice(0, length));
}
