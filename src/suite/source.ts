import type { Place } from '../domain/claim.ts';
import type { Problem } from '../domain/problem.ts';
import type { Topic } from '../domain/topic.ts';

/** A stretch of a file's text, as offsets in UTF-16 units; `end` is exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A file that was read as text, and knows where its lines begin. */
export interface Source {
  readonly file: string;
  readonly text: string;
  /** The text as it may be shown: the same length, with what looks like a credential covered. */
  readonly shown: string;
  /** The offsets at which its lines begin, in order. */
  readonly lineStarts: readonly number[];
}

/** What a caller may say of a problem beside its message. */
export interface Remark {
  readonly hint?: string;
  readonly see?: Topic;
  readonly severity?: 'warning';
}

/** Notes a problem at a stretch of a source; the same message at the same place is noted once. */
export type Complain = (at: Span, message: string, remark?: Remark) => void;

const MOST_BYTES = 1 << 20;

/** Reads bytes as UTF-8 text, or says why they are none: the line of the first bad byte, or too many bytes. */
export function openSource(
  file: string,
  bytes: Uint8Array,
  cover: (text: string) => string = (text) => text,
): Source | Problem {
  if (bytes.length > MOST_BYTES) {
    return refusal(file, 1, 1, `this file has ${bytes.length} bytes; at most 1 MiB is read`);
  }
  const text = decode(bytes);
  if (text === undefined) {
    const { line, column } = firstBadByte(bytes);
    return refusal(file, line, column, 'this byte is not UTF-8');
  }
  const lineStarts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) {
    lineStarts.push(at + 1);
  }
  return { file, text, shown: cover(text), lineStarts };
}

/** UTF-8 text, or nothing where a byte is not. */
export function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** Where an offset stands, line and column counted from 1. */
export function placeOf(source: Source, offset: number): Place {
  const { file, lineStarts } = source;
  let line = 1;
  let after = lineStarts.length + 1;
  while (after - line > 1) {
    const middle = (line + after) >> 1;
    if ((lineStarts[middle - 1] ?? 0) <= offset) line = middle;
    else after = middle;
  }
  return { file, line, column: offset - (lineStarts[line - 1] ?? 0) + 1 };
}

/** A way to note problems of one source in a list. */
export function complainer(source: Source, problems: Problem[]): Complain {
  const said = new Set<string>();
  return (at, message, { hint, see, severity } = {}) => {
    const key = `${at.start} ${message}`;
    if (said.has(key)) return;
    said.add(key);
    const place = placeOf(source, at.start);
    const line = lineAt(source, place.line);
    const span = Math.max(1, Math.min(at.end - at.start, line.length - place.column + 1));
    problems.push({
      severity: severity ?? 'error',
      message,
      place,
      line,
      span,
      ...(hint === undefined ? {} : { hint }),
      ...(see === undefined ? {} : { see }),
    });
  };
}

/** The same way to note problems, each of which names what explains it unless it does so itself. */
export function explainedBy(see: Topic, complain: Complain): Complain {
  return (at, message, remark) => complain(at, message, { see, ...remark });
}

/** A file's problems in the order of its lines, files in the order given. */
export function inOrder(
  problems: readonly Problem[],
  files: readonly string[],
): readonly Problem[] {
  const rank = new Map(files.map((file, index) => [file, index]));
  const fileOf = (problem: Problem) => rank.get(problem.place?.file ?? '') ?? -1;
  return problems.toSorted(
    (a, b) =>
      fileOf(a) - fileOf(b) ||
      (a.place?.line ?? 0) - (b.place?.line ?? 0) ||
      (a.place?.column ?? 0) - (b.place?.column ?? 0),
  );
}

/** A text in quotes, short enough to stand in a message. */
export function quoted(text: string): string {
  const short = text.length > 80 ? `${text.slice(0, 79)}…` : text;
  return JSON.stringify(short);
}

function lineAt(source: Source, line: number): string {
  const start = source.lineStarts[line - 1] ?? 0;
  const next = source.lineStarts[line] ?? source.shown.length + 1;
  return source.shown.slice(start, next - 1).replace(/\r$/, '');
}

function refusal(file: string, line: number, column: number, message: string): Problem {
  return { severity: 'error', message, place: { file, line, column } };
}

/** A newline byte is never part of a longer UTF-8 sequence, so the lines can be tried one by one. */
function firstBadByte(bytes: Uint8Array): { line: number; column: number } {
  let line = 1;
  let start = 0;
  for (;;) {
    const newline = bytes.indexOf(0x0a, start);
    const text = bytes.subarray(start, newline === -1 ? bytes.length : newline);
    if (decode(text) === undefined || newline === -1) {
      return { line, column: new TextDecoder().decode(text).indexOf('\uFFFD') + 1 || 1 };
    }
    line += 1;
    start = newline + 1;
  }
}
