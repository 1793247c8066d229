import type { Evidence } from '../domain/evidence.ts';
import { type Exchange, settled } from '../domain/exchange.ts';
import { type Problem, didYouMean } from '../domain/problem.ts';
import type { Settlement } from '../domain/usage.ts';
import { type HashText, type LedgerText, type Link, type Tail, walkChain } from './chain.ts';
import { isSurelyEvidence } from './evidenceShape.ts';
import { LINE_KINDS, type Line, type RunClose, type RunResumed, type RunStart } from './lines.ts';
import { lineShape } from './shapes.ts';

/** One run as its file tells it. */
export interface KeptRun {
  /** The name of its file. */
  readonly file: string;
  readonly start: RunStart;
  /** Absent while it goes on, and if it was killed, until it is resumed or dropped. */
  readonly close?: Closed;
  /** How many exchanges it has stored. */
  readonly exchanges: number;
  /** Ids of those among them that an outage left without an answer, and that were asked anew since. */
  readonly anew: readonly string[];
  /** What it had spent, before it last went on, on requests whose exchange is not stored. */
  readonly lost: RunResumed['lost'];
  /** Where the file can be continued. */
  readonly tail: Tail;
}

/** What most readers need of how a run closed: the cases that it left out may be thousands. */
type Closed = Pick<RunClose, 'endedAt' | 'reason' | 'summary'>;

/** Whether a run ended before it was through, so that it can be gone on with, or dropped. */
export function isCutShort({ close }: KeptRun): boolean {
  return close?.reason.kind !== 'complete' && close?.reason.kind !== 'dropped';
}

/** All that the ledger holds, in the order of its files and lines. */
export interface Ledger {
  readonly runs: readonly KeptRun[];
  readonly exchanges: readonly Exchange[];
  readonly evidence: readonly Evidence[];
  readonly problems: readonly Problem[];
}

/** Reads files of the ledger; whatever cannot be read or trusted is a problem, and all the rest counts. `closed` is told how each run closed, with all it left out. */
export function readLedger(
  files: Iterable<LedgerText>,
  sha256: HashText,
  closed?: (close: RunClose) => void,
): Ledger {
  const runs: KeptRun[] = [];
  const exchanges: Exchange[] = [];
  const evidence: Evidence[] = [];
  const problems: Problem[] = [];
  const fileOf = new Map<string, string>();
  for (const { name, text } of files) {
    const settlements = new Map<string, Settlement>();
    const own: { exchanges: Exchange[]; evidence: Evidence[] } = { exchanges: [], evidence: [] };
    const { run, problems: found } = readRun(name, text.split('\n'), sha256, {
      exchange: (one) => own.exchanges.push(one),
      usage: (one) => settlements.set(one.exchange, one),
      evidence: (one) => own.evidence.push(one),
      ...(closed && { close: closed }),
    });
    problems.push(...found);
    const twin = run && fileOf.get(run.start.id);
    if (twin !== undefined) {
      problems.push(copied(name, twin));
      continue;
    }
    for (const one of own.exchanges) {
      const settlement = settlements.get(one.id);
      exchanges.push(settlement === undefined ? one : settled(one, settlement));
    }
    for (const one of own.evidence) evidence.push(one);
    if (run === undefined) continue;
    fileOf.set(run.start.id, name);
    runs.push(run);
  }
  return { runs, exchanges, evidence, problems };
}

/** What whoever reads a file wants of its lines, as they come. */
interface Wanted {
  readonly exchange?: (exchange: Exchange) => void;
  readonly usage?: (usage: Settlement) => void;
  readonly evidence: (evidence: Evidence) => void;
  readonly close?: (close: RunClose) => void;
}

/** Reads one file of the ledger, as it is cut at its line feeds; there is no run in it where the line is missing that begins one. */
export function readRun(
  file: string,
  pieces: Iterable<string>,
  sha256: HashText,
  wanted: Wanted,
): { readonly run?: KeptRun; readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  let start: RunStart | undefined;
  let close: Closed | undefined;
  let exchanges = 0;
  const anew = new Set<string>();
  let lost: RunResumed['lost'] = { requests: 0, usd: 0 };
  const take = (line: Line): void => {
    if (line.kind === 'run') start ??= line.run;
    else if (line.kind === 'resume') {
      close = undefined;
      lost = line.resume.lost;
      for (const id of line.resume.anew) anew.add(id);
    } else if (line.kind === 'exchange') {
      exchanges += 1;
      wanted.exchange?.(line.exchange);
    } else if (line.kind === 'usage') wanted.usage?.(line.usage);
    else if (line.kind === 'evidence') wanted.evidence(line.evidence);
    else {
      const { endedAt, reason, summary } = line.end;
      close = { endedAt, reason, ...(summary && { summary }) };
      wanted.close?.(line.end);
    }
  };
  const tail = walkChain(file, pieces, sha256, {
    problem: (problem) => problems.push(problem),
    link(link) {
      const line = lineOf(link, file);
      if ('severity' in line) problems.push(line);
      else take(line);
    },
  });
  if (start === undefined) return { problems };
  const kept = { exchanges, anew: [...anew], lost, tail };
  return { run: { file, start, ...(close && { close }), ...kept }, problems };
}

/** One run in two files would count its evidence twice. */
export function copied(file: string, twin: string): Problem {
  return {
    severity: 'error',
    place: { file, line: 1, column: 1 },
    message: `this is the run of ${twin} once more, and does not count`,
    hint: 'remove the copy',
    see: 'broken-ledger',
  };
}

/** The line that a link of the chain holds, or the problem with it. */
function lineOf({ number, kind, value }: Link, file: string): Line | Problem {
  const place = { file, line: number, column: 1 };
  if (!LINE_KINDS.some((known) => known === kind)) {
    const message = `unknown kind of line "${kind}"`;
    const fallback = { hint: 'was it written by a newer Assay?' };
    const hint = { ...fallback, ...didYouMean(kind, LINE_KINDS) };
    return { severity: 'error', place, message, ...hint, see: 'broken-ledger' };
  }
  // By far the most lines are evidence, and a look at one takes a tenth of the time of its shape.
  if (kind === 'evidence' && isSurelyEvidence(value)) return value as Line;
  const read = lineShape.safeParse(value);
  // The line itself, not what the shape made of it: fields that were added since are not lost.
  if (read.success) return value as Line;
  const { path, message } = read.error.issues[0] ?? {
    path: [],
    message: 'it is of no known shape',
  };
  return {
    severity: 'error',
    place,
    message: `this line cannot be read: ${[...path, message].join(': ')}`,
    see: 'broken-ledger',
  };
}
