import { type Answers, type Exchange, settled } from '../domain/exchange.ts';
import { type Controls, inconclusive, judge, unmetControl } from '../domain/judge.ts';
import { follow } from '../domain/steps.ts';
import { targetId } from '../domain/target.ts';
import type { Settlement, Unmeasured } from '../domain/usage.ts';
import type { Verdict } from '../domain/verdict.ts';
import { judgedEvidence, type Trial, unsentEvidence } from './evidence.ts';
import { makeExchange } from './exchange.ts';
import type { Before } from './meter.ts';
import { type Paid, paidFor } from './paid.ts';
import { answersTo, asItWas, type Stored } from './past.ts';
import type { PlannedCase, PlannedExchange } from './sharing.ts';
import { trySteps } from './steps.ts';
import { type Found, type Means, noteTrial, type Tried } from './tried.ts';

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
  const { ports, restraints, key, ids, measure } = means;
  const ready = planned.measures && (await measure.before(planned));
  if (ready !== undefined && restraints.signal.aborted) return { kind: 'interrupted' };
  if (ready?.kind === 'unmeasured' && planned.cases.every(asksForCharge)) {
    const untold = planned.cases.map(() => inconclusive(ready));
    return { kind: 'tried', found: unsent(planned, untold, trial, means), fetches: 0 };
  }
  const made = await makeExchange(planned, ids.exchange(), key, ports, restraints);
  if (made.kind !== 'made') return made;
  const sent = { ...made.exchange, answers: answersTo(planned, trial.number, made.usd) };
  const isKept = measure.isRead(planned);
  // It is answered and paid, and may be gone with this process before its charge has settled.
  if (isKept && !(await means.keep(sent))) return { kind: 'interrupted' };
  const settlement = planned.measures && (await settlementOf(planned, sent, ready, means));
  const exchange = settlement ? settled(sent, settlement) : sent;
  const paid = paidFor(exchange, made.usd);
  restraints.purse.settle(made.usd, paid.usd);
  return {
    kind: 'tried',
    ...(!isKept && { exchange: sent }),
    ...(settlement && { settlement }),
    found: judged(planned, exchange, paid, trial, means),
    fetches: made.fetches,
  };
}

/** What a usage source shows of an exchange; nothing where that was not asked for. */
async function settlementOf(
  planned: PlannedExchange,
  exchange: Exchange & { readonly answers: Answers },
  before: Before | Unmeasured | undefined,
  { measure, ports }: Means,
): Promise<Settlement | undefined> {
  const shown = await measure.after(planned, exchange, before);
  if (shown === undefined) return undefined;
  const usage = ports.redactor.value(shown);
  const { usd } = paidFor({ ...exchange, usage }, exchange.answers.usd);
  return { exchange: exchange.id, usage, usd };
}

/** Such a case alone is no reason to send what cannot be measured. */
function asksForCharge({ case: one }: PlannedCase): boolean {
  return one.expect.some(({ kind }) => kind === 'charged');
}

/** Judges what is stored of a trial, and takes the steps that are missing; nothing where it has to begin anew. */
async function goOn(
  planned: PlannedExchange,
  stored: readonly [Stored, ...Stored[]],
  trial: Trial,
  means: Means,
): Promise<Tried | undefined> {
  const [{ exchange, answers, paid }] = stored;
  const isUnsettled = planned.measures !== undefined && exchange.usage === undefined;
  // Where the key stood before is forgotten, so its charge can no longer be told.
  if (isUnsettled && planned.measures === 'charge') return undefined;
  const then = asItWas(planned, answers);
  const trialThen = { ...trial, target: then.target };
  const [first] = then.cases;
  if (first?.case.steps === undefined) {
    // Another gateway than it was sent to has no rows of it.
    const settlement =
      isUnsettled && then === planned
        ? await settlementOf(planned, { ...exchange, answers }, undefined, means)
        : undefined;
    const shown = settlement ? settled(exchange, settlement) : exchange;
    const found = judged(then, shown, paid, trialThen, means);
    return { kind: 'tried', ...(settlement && { settlement }), found, fetches: 0 };
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
  paid: Paid,
  trial: Trial,
  means: Means,
): readonly Found[] {
  return planned.cases.map((one, at) => {
    // The pieces of a stream may come to a secret that none of them holds.
    const judgement = means.ports.redactor.value(
      judge(one.case, exchange, controls(planned, means)),
    );
    noteTrial(means, one, planned, judgement.verdict, judgement.observed);
    const bears = at === 0 ? paid : { usd: 0 };
    const evidence = judgedEvidence(means.ids.evidence(), one, trial, exchange, judgement, bears);
    return { case: one, evidence };
  });
}

function unsent(
  planned: PlannedExchange,
  verdicts: readonly Verdict[],
  trial: Trial,
  means: Means,
): readonly Found[] {
  const { ids, ports } = means;
  const at = new Date(ports.clock.wall()).toISOString();
  return verdicts.flatMap((verdict, index) => {
    const one = planned.cases[index];
    if (one === undefined) return [];
    noteTrial(means, one, planned, verdict, {});
    return { case: one, evidence: unsentEvidence(ids.evidence(), one, trial, at, verdict) };
  });
}

function controls({ target }: PlannedExchange, { board }: Means): Controls {
  const id = targetId(target);
  return (need) => board.verdict(need, id);
}
