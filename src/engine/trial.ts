import type { Exchange } from '../domain/exchange.ts';
import { type Controls, judge, unmetControl } from '../domain/judge.ts';
import { follow } from '../domain/steps.ts';
import { targetId } from '../domain/target.ts';
import type { Verdict } from '../domain/verdict.ts';
import { plannedKey } from './book.ts';
import { judgedEvidence, type Trial, unsentEvidence } from './evidence.ts';
import { makeExchange } from './exchange.ts';
import { answersTo, asItWas, type Stored } from './past.ts';
import type { PlannedExchange } from './sharing.ts';
import { trySteps } from './steps.ts';
import type { Found, Means, Tried } from './tried.ts';

/** Tries a planned exchange once, unless what came of that is stored, and judges all its cases; nothing is recorded yet. */
export async function tryOnce(
  planned: PlannedExchange,
  trial: Trial,
  means: Means,
  stored: readonly Stored[],
): Promise<Tried> {
  const [before, ...more] = stored;
  if (before !== undefined) {
    const tried = await goOn(planned, [before, ...more], trial, means);
    if (tried !== undefined) return tried;
  }
  const unmet = planned.cases.flatMap(
    (one) => unmetControl(one.case, controls(planned, means)) ?? [],
  );
  if (unmet.length === planned.cases.length) {
    return { kind: 'tried', found: unsent(planned, unmet, trial, means), fetches: 0 };
  }
  const [first] = planned.cases;
  if (first?.case.steps !== undefined) {
    return await trySteps(planned, first, trial, means, controls(planned, means), []);
  }
  const { ports, restraints, key, ids } = means;
  const made = await makeExchange(planned, ids.exchange(), key, ports, restraints);
  if (made.kind !== 'made') return made;
  const { usd, fetches } = made;
  const answers = answersTo(planned, trial.number, usd);
  const exchange = { ...made.exchange, answers };
  return { kind: 'tried', exchange, found: judged(planned, exchange, usd, trial, means), fetches };
}

/** Judges what is stored of a trial, and takes the steps that are missing; nothing where it has to begin anew. */
async function goOn(
  planned: PlannedExchange,
  stored: readonly [Stored, ...Stored[]],
  trial: Trial,
  means: Means,
): Promise<Tried | undefined> {
  const [{ exchange, answers, usd }] = stored;
  const then = asItWas(planned, answers);
  const trialThen = { ...trial, target: then.target };
  const [first] = then.cases;
  if (first?.case.steps === undefined) {
    return { kind: 'tried', found: judged(then, exchange, usd, trialThen, means), fetches: 0 };
  }
  const exchanges = stored.map((one) => one.exchange);
  const said = controls(then, means);
  // What one gateway began another one does not know: a mock, for instance, that was started since.
  const isHere = then === planned || follow(first.case, exchanges, said).kind === 'ended';
  return isHere ? await trySteps(then, first, trialThen, means, said, exchanges) : undefined;
}

/** Controls stand before the cases that ask for them, so each verdict is on the board in time. */
function judged(
  planned: PlannedExchange,
  exchange: Exchange,
  usd: number,
  trial: Trial,
  means: Means,
): readonly Found[] {
  return planned.cases.map((one, at) => {
    // The pieces of a stream may come to a secret that none of them holds.
    const judgement = means.ports.redactor.value(
      judge(one.case, exchange, controls(planned, means)),
    );
    means.board.note(plannedKey(one, planned), judgement.verdict, judgement.observed);
    const paid = at === 0 ? usd : 0;
    const evidence = judgedEvidence(means.ids.evidence(), one, trial, exchange, judgement, paid);
    return { case: one, evidence };
  });
}

function unsent(
  planned: PlannedExchange,
  verdicts: readonly Verdict[],
  trial: Trial,
  { board, ids, ports }: Means,
): readonly Found[] {
  const at = new Date(ports.clock.wall()).toISOString();
  return verdicts.flatMap((verdict, index) => {
    const one = planned.cases[index];
    if (one === undefined) return [];
    board.note(plannedKey(one, planned), verdict, {});
    return { case: one, evidence: unsentEvidence(ids.evidence(), one, trial, at, verdict) };
  });
}

function controls({ target }: PlannedExchange, { board }: Means): Controls {
  const id = targetId(target);
  return (need) => board.verdict(need, id);
}
