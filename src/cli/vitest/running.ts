import { caseId } from '../../domain/claim.ts';
import type { Evidence } from '../../domain/evidence.ts';
import type { JudgedCase, Run } from '../../domain/run.ts';
import type { Untold, Verdict } from '../../domain/verdict.ts';
import { makeBook, plannedKey } from '../../engine/book.ts';
import type { RunEvent } from '../../engine/events.ts';
import type { PlannedCase, PlannedExchange } from '../../engine/sharing.ts';
import type { Listed } from './listed.ts';
import { sendCases } from './sent.ts';

/** What a run says of a case, and of each of its trials. */
export interface Judged {
  readonly kind: 'judged';
  readonly case: JudgedCase;
  readonly trials: readonly Verdict[];
}

/** What came of a case. */
type Outcome = Judged | { readonly kind: 'not sent'; readonly why: string };

/** The one run behind the tests of a call. */
export interface Running {
  /**
   * Resolves as soon as it is known what came of a case, and rejects where the run cannot begin. Who asks first begins the
   * run, of the cases that are `wanted`; an aborted `signal` ends it.
   */
  readonly outcome: (
    id: string,
    wanted: () => readonly string[],
    signal: AbortSignal,
  ) => Promise<Outcome>;
  /** Resolves at the run's end, which is brought about where something wanted was never asked for; undefined if none began. */
  readonly close: () => Promise<Run | undefined>;
}

/** A run that has not begun. */
export function makeRunning(listed: Listed): Running {
  const ending = new AbortController();
  const decided = new Map<string, PromiseWithResolvers<Judged>>();
  const decision = (id: string) => {
    const one = decided.get(id) ?? Promise.withResolvers<Judged>();
    decided.set(id, one);
    return one;
  };
  const tell = watching((one) => decision(idOf(one.case)).resolve(one));
  const open = new Set<string>();
  let run: Promise<Run> | undefined;
  const begin = (wanted: readonly string[]) => {
    for (const id of wanted) open.add(id);
    const begun = sendCases(listed, wanted, ending.signal, tell);
    begun.catch(() => {}); // each test that waits hears of it
    return begun;
  };
  return {
    async outcome(id, wanted, signal) {
      signal.addEventListener('abort', () => ending.abort(), { once: true });
      run ??= begin(wanted());
      open.delete(id);
      return await Promise.race([decision(id).promise, run.then((ended) => outcomeIn(ended, id))]);
    },
    async close() {
      if (open.size > 0) ending.abort();
      return await run?.catch(() => undefined);
    },
  };
}

/** Hears of each case that was asked for as soon as it is decided, with no further trial to come. */
function watching(hear: (one: Judged) => void): (event: RunEvent) => void {
  const found = new Map<PlannedCase, Evidence[]>();
  return (event) => {
    if (event.kind === 'judged')
      found.set(event.case, [...(found.get(event.case) ?? []), event.evidence]);
    if (event.kind !== 'settled') return;
    for (const one of event.exchange.cases) {
      const evidence = found.get(one) ?? [];
      const [judged] = closed(event.exchange, one, evidence);
      if (one.isControl || judged === undefined || judged.verdict.kind === 'inconclusive') continue;
      hear({ kind: 'judged', case: judged, trials: evidence.map(({ verdict }) => verdict) });
    }
  };
}

/** A case as the run will have judged it, if this is all evidence of it. */
function closed(
  exchange: PlannedExchange,
  one: PlannedCase,
  evidence: readonly Evidence[],
): readonly JudgedCase[] {
  const book = makeBook();
  for (const each of evidence) book.enter(plannedKey(one, exchange), each);
  return book.close([{ ...exchange, cases: [one] }], UNTOLD);
}

/** Whoever is not decided by its evidence has to wait for what the run's end says of it. */
const UNTOLD: Untold = { cause: 'interrupted', detail: 'the run goes on' };

function idOf({ claim, case: name }: Pick<JudgedCase, 'claim' | 'case'>): string {
  return caseId(claim, name);
}

/** What came of a case by the end of the run; where it met several worlds, the one that contradicts or could not be told. */
function outcomeIn({ cases, leftOut }: Run, id: string): Outcome {
  const found = cases.filter((one) => idOf(one) === id);
  const told =
    found.find((one) => one.contradicts) ??
    found.find(({ verdict }) => verdict.kind === 'inconclusive') ??
    found[0];
  if (told !== undefined) return { kind: 'judged', case: told, trials: [] };
  const out = leftOut.find((one) => idOf(one) === id);
  return { kind: 'not sent', why: out === undefined ? 'no longer due' : `left out: ${out.reason}` };
}
