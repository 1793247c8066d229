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

/**
 * Walks the chain of one file, as it is cut at its line feeds, and returns its tail: tells the lines that count, in order,
 * and what is wrong. A changed line is known by the next one's hash, so a line counts if both its links hold. A last line that
 * a crash cut (it has no end, or is no JSON) is left out with a warning; anything else amiss is an error.
 */
export function walkChain(
  name: string,
  pieces: Iterable<string>,
  sha256: HashText,
  tell: { readonly link: (link: Link) => void; readonly problem: (problem: Problem) => void },
): Tail {
  let [prev, bytes, number] = [GENESIS, 0, 0];
  let pending: Link | undefined; // counts unless the next line contradicts it
  const take = (piece: string): void => {
    number += 1;
    bytes += Buffer.byteLength(piece) + 1;
    // A checkout of git may have made CR LF of each line feed; no JSON text ends in a carriage return of its own.
    const text = piece.endsWith('\r') ? piece.slice(0, -1) : piece;
    const head = headOf(text);
    const follows = head?.prev === prev;
    if (!follows) tell.problem(brokenAt(name, number, head !== undefined));
    if (follows && pending !== undefined) tell.link(pending);
    pending = follows ? { number, kind: head.kind, value: head.value } : undefined;
    prev = sha256(text);
  };
  let last: string | undefined;
  let rest: string | undefined; // what stands behind the last line feed
  for (const piece of pieces) {
    if (last !== undefined) take(last);
    [last, rest] = [rest, piece];
  }
  const isCut = (rest ?? '') !== '';
  const isTorn = !isCut && last !== undefined && parsed(last) === undefined;
  if (last !== undefined && !isTorn) take(last);
  if (pending !== undefined) tell.link(pending);
  if (isCut || isTorn) tell.problem(cutAt(name, number + 1));
  return { prev, bytes };
}

function brokenAt(file: string, number: number, isLine: boolean): Problem {
  return {
    severity: 'error',
    place: { file, line: number, column: 1 },
    message: isLine
      ? `this line does not follow ${number === 1 ? 'the beginning of a file' : `line ${number - 1}`}: something was changed, added or taken out here`
      : 'this is no line of a ledger',
    hint: 'lines next to the break do not count as evidence',
    see: 'broken-ledger',
  };
}

function cutAt(file: string, line: number): Problem {
  const message = 'the last line is cut, as by a crash, and is left out';
  return { severity: 'warning', place: { file, line, column: 1 }, message, see: 'resuming' };
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
