import * as z from 'zod';
import type { Change, Message, Told } from '../domain/told.ts';
import type { Problem } from '../domain/problem.ts';
import type { LedgerText } from './chain.ts';

/** Words that a receiver is taken to know, though nobody told it: those of the first time, and of rows that are new. */
interface Known {
  readonly kind: 'known';
  /** ISO 8601. */
  readonly at: string;
  readonly words: readonly { readonly row: string; readonly word: string }[];
}

/** That a message is about to be sent; it stands in the file, on the disk, before the first byte goes out. */
interface Intent {
  readonly kind: 'intent';
  /** ISO 8601. */
  readonly at: string;
  readonly message: Message;
}

/** What came of it: it was told, surely was not, or nobody knows; without one nobody knows either. */
interface Outcome {
  readonly kind: 'outcome';
  /** ISO 8601. */
  readonly at: string;
  /** The id of the message. */
  readonly message: string;
  readonly came: 'told' | 'not told' | 'doubtful';
  /** Why it was not told, or is in doubt. */
  readonly detail?: string;
}

/** One line of the file in which it is remembered what one receiver was told. */
export type ToldLine = Known | Intent | Outcome;

/** Such a file, as it was read. */
export interface ToldText {
  readonly lines: readonly ToldLine[];
  /** The length of all whole lines in bytes of UTF-8; what stands behind was cut by a crash. */
  readonly bytes: number;
  readonly problems: readonly Problem[];
}

/** Reads such a file; a last line that a crash cut is left out with a warning, any other that cannot be read is an error. */
export function readTold({ name, text }: LedgerText): ToldText {
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  const lines: ToldLine[] = [];
  const problems: Problem[] = [];
  const texts = whole.split('\n').slice(0, -1);
  for (const [index, one] of texts.entries()) {
    const line = lineOf(one);
    if (line !== undefined) lines.push(line);
    else problems.push(problemAt(name, index + 1, 'error', 'this line cannot be read'));
  }
  if (whole.length < text.length) {
    const message = 'the last line is cut, as by a crash, and is left out';
    problems.push(problemAt(name, texts.length + 1, 'warning', message));
  }
  return { lines, bytes: Buffer.byteLength(whole), problems };
}

function problemAt(
  file: string,
  line: number,
  severity: Problem['severity'],
  message: string,
): Problem {
  return { severity, place: { file, line, column: 1 }, message };
}

function lineOf(text: string): ToldLine | undefined {
  try {
    const read = lineShape.safeParse(JSON.parse(text));
    return read.success ? read.data : undefined;
  } catch {
    return undefined;
  }
}

/** What the lines come to. An intent counts at once, until it is known that the message was not taken. */
export function foldTold(lines: readonly ToldLine[]): Told {
  const words = new Map<string, { readonly word: string; readonly changes: number }>();
  const open = new Map<string, { readonly message: Message; readonly isFirst: boolean }>();
  const change = (name: string, word: string, by: number) =>
    words.set(name, { word, changes: (words.get(name)?.changes ?? 0) + by });
  for (const line of lines) {
    if (line.kind === 'known') for (const { row, word } of line.words) change(row, word, 0);
    else if (line.kind === 'intent') {
      const { message } = line;
      const isFirst = !open.has(message.id);
      open.set(message.id, { message, isFirst });
      if (isFirst) for (const { name, to } of message.changes) change(name, to, 1);
    } else {
      const intent = open.get(line.message);
      if (intent === undefined || line.came === 'doubtful') continue;
      if (line.came === 'told') open.delete(line.message);
      // That it was refused when sent once more says nothing of the first time.
      else if (intent.isFirst) {
        open.delete(line.message);
        for (const { name, from } of intent.message.changes) change(name, from, -1);
      }
    }
  }
  return { words, doubtful: Array.from(open.values(), ({ message }) => message) };
}

const change: z.ZodType<Change> = z.object({
  id: z.string(),
  name: z.string(),
  suite: z.string(),
  page: z.string(),
  locale: z.string(),
  under: z.string(),
  row: z.string(),
  from: z.string(),
  to: z.string(),
  because: z.string(),
  evidence: z.array(z.string()),
  observedAt: z.string().exactOptional(),
  targets: z.array(z.string()),
});

const message: z.ZodType<Message> = z.object({
  id: z.string(),
  at: z.iso.datetime(),
  changes: z.array(change),
});

const lineShape: z.ZodType<ToldLine> = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('known'),
    at: z.iso.datetime(),
    words: z.array(z.object({ row: z.string(), word: z.string() })),
  }),
  z.object({ kind: z.literal('intent'), at: z.iso.datetime(), message }),
  z.object({
    kind: z.literal('outcome'),
    at: z.iso.datetime(),
    message: z.string(),
    came: z.enum(['told', 'not told', 'doubtful']),
    detail: z.string().exactOptional(),
  }),
]);
