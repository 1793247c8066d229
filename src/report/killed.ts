/** A run that has no end, and that no process goes on with. */
export interface KilledRun {
  readonly run: string;
  readonly target: string;
  /** ISO 8601. */
  readonly startedAt: string;
  /** How many of its exchanges are stored. */
  readonly exchanges: number;
  /** The command that goes on with it, or, of a search, begins it again. */
  readonly resume: string;
  /** The command that gives it an end. */
  readonly drop: string;
}

/** A killed run in one sentence, with what can be done about it. */
export function killedSentence(killed: KilledRun): string {
  const { run, target, startedAt, exchanges, resume, drop } = killed;
  const when = startedAt.slice(0, 16).replace('T', ' ');
  const after = exchanges === 1 ? 'its first exchange' : `${exchanges} of its exchanges`;
  return `run ${run} of ${when} against ${target} was killed after ${after}: ${resume}, or ${drop}`;
}
