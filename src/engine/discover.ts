import type { Case, Claim } from '../domain/claim.ts';
import {
  boundCase,
  type Conclusion,
  type Discover,
  documentedLimit,
  nextStep,
  type Seen,
  type Side,
  statedReason,
} from '../domain/discover.ts';
import { judge } from '../domain/judge.ts';
import type { Run } from '../domain/run.ts';
import type { Target } from '../domain/target.ts';
import type { Verdict } from '../domain/verdict.ts';
import type { Claims } from './controls.ts';
import { type Plan, plan } from './plan.ts';
import type { Ports, Sha256, WriteImage } from './ports.ts';
import type { RunOrder } from './run.ts';
import { openSession, type Session } from './session.ts';
import type { PlannedExchange } from './sharing.ts';
import type { Tried } from './tried.ts';

/** The search of one limit on one target. */
export interface Search {
  /** The claim that accepts, and the one that rejects. */
  readonly claim: Claim;
  readonly over: Claim;
  readonly discover: Discover;
  /** As the claim meets it; its budget is that of the search. */
  readonly target: Target;
  readonly mostProbes: number;
}

/** One exchange of a search, judged by both claims. */
export interface Probe extends Seen {
  /** How often this value has been probed, this time included. */
  readonly trial: number;
  /** Why it decides nothing; of a refusal, what it said where that is not what the docs say. */
  readonly said?: string;
  readonly exchange?: string;
  /** Of the claim that accepts, then of the one that rejects. */
  readonly evidence: readonly string[];
  /** In US dollars. */
  readonly usd: number;
  readonly ms?: number;
}

/** That a search ended before it came to a conclusion. */
interface CutOff {
  readonly kind: 'cut-off';
  readonly why: 'probes' | 'budget' | 'ended' | 'target';
  readonly detail: string;
}

/** What a search has brought. */
export interface Discovery {
  readonly run: Run;
  readonly probes: readonly Probe[];
  readonly conclusion: Conclusion | CutOff;
}

/** What the making of a probe needs besides the search. */
interface Making {
  readonly claims: Claims;
  readonly sha256: Sha256;
  readonly writeImage: WriteImage;
}

/** What is sent to probe one value: its exchange, which both claims judge, behind the controls that they ask for. */
export function planProbe(
  search: Search,
  value: number,
  { claims, sha256, writeImage }: Making,
): Plan {
  const { claim, over, discover, target } = search;
  const accepting = probing(claim, discover.accepts, discover.vary, value);
  const rejecting = probing(over, discover.rejects, discover.vary, value);
  const chosen = [accepting, rejecting].map((one) => ({ claim: one, cases: [caseOf(one).name] }));
  return plan({ target, targetFor: () => target, chosen, claims, sha256, writeImage });
}

/** A claim with the one case of a probe: the one that is written for this value, or the one that it would have. */
function probing(claim: Claim, side: Side, vary: string, value: number): Claim {
  const name = side.values.find((one) => one.value === value)?.case;
  const cases = claim.basis.kind === 'sent' ? claim.basis.cases : [];
  const written = cases.find((one) => one.name === name);
  return { ...claim, basis: { kind: 'sent', cases: [written ?? boundCase(side, vary, value)] } };
}

function caseOf({ basis }: Claim): Case {
  const one = basis.kind === 'sent' ? basis.cases[0] : undefined;
  if (one === undefined) throw new Error('a probe without a case');
  return one;
}

/** Searches a limit, one probe after the other; each is kept in the ledger before the next one is sent. */
export async function searchLimit(
  search: Search,
  making: Omit<Making, 'claims'>,
  ports: Ports,
  order: RunOrder,
  tell: (probe: Probe) => void,
): Promise<Discovery> {
  const { discover, mostProbes, target } = search;
  const documented = documentedLimit(discover);
  const session = openSession(target, ports, order);
  const probes: Probe[] = [];
  const conclude = async (): Promise<Conclusion | CutOff> => {
    for (;;) {
      const step = nextStep(documented, discover.between, probes);
      if (step.kind !== 'probe') return step;
      if (probes.length >= mostProbes)
        return { kind: 'cut-off', why: 'probes', detail: `${mostProbes} probes were not enough` };
      const means = { ...making, claims: order.claims, redactor: ports.redactor };
      const probe = await makeProbe(search, step.value, probes, session, means);
      if ('why' in probe) return probe;
      probes.push(probe);
      tell(probe);
    }
  };
  const conclusion = await conclude();
  return { run: session.close(), probes, conclusion };
}

async function makeProbe(
  search: Search,
  value: number,
  before: readonly Probe[],
  session: Session,
  making: Making & Pick<Ports, 'redactor'>,
): Promise<Probe | CutOff> {
  const planned = planProbe(search, value, making);
  const [lacking] = planned.leftOut;
  if (lacking !== undefined) {
    const why = lacking.reason === 'budget' ? 'budget' : 'target';
    return { kind: 'cut-off', why, detail: `${search.discover.vary}=${value}: ${lacking.reason}` };
  }
  const probe = planned.exchanges.find(isProbeOf(search));
  if (probe === undefined) throw new Error(`nothing is planned for ${value}`);
  for (const control of planned.exchanges) {
    const came = control === probe ? 'tried' : await session.control(control);
    if (came !== 'tried') return ended(came);
  }
  const trial = 1 + before.filter((one) => one.value === value).length;
  const tried = await session.probe(probe, trial);
  if (tried.kind !== 'tried') return ended(tried.kind);
  return making.redactor.value(read(search, value, trial, tried));
}

function isProbeOf({ claim, over }: Search): (planned: PlannedExchange) => boolean {
  const [id, overId] = [claim, over].map(({ suite, id: own }) => `${suite}/${own}`);
  return ({ cases }) => {
    const chosen = cases.filter(({ isControl }) => !isControl).map((one) => one.case.claim);
    return chosen.includes(id ?? '') && chosen.includes(overId ?? '');
  };
}

function ended(kind: 'unpaid' | 'interrupted'): CutOff {
  return kind === 'unpaid'
    ? { kind: 'cut-off', why: 'budget', detail: 'the budget is spent' }
    : { kind: 'cut-off', why: 'ended', detail: 'it ended before that' };
}

/** What both claims say of a probe. */
function read(
  { claim, over }: Search,
  value: number,
  trial: number,
  tried: Extract<Tried, { kind: 'tried' }>,
): Probe {
  const foundOf = (one: Claim) =>
    tried.found.find(
      (found) => !found.case.isControl && found.case.case.claim === `${one.suite}/${one.id}`,
    );
  const [accepting, rejecting] = [foundOf(claim), foundOf(over)];
  if (accepting === undefined || rejecting === undefined)
    throw new Error(`no evidence of ${over.id} at ${value}`);
  const both = [accepting.evidence, rejecting.evidence];
  const accepted = accepting.evidence.verdict;
  const refused = rejecting.evidence.verdict;
  const { given, expect } = rejecting.case.case;
  // What was accepted in this search is the control of what is rejected.
  const reason: Verdict =
    refused.kind === 'pass' || tried.exchange === undefined
      ? refused
      : judge({ given, expect: statedReason(expect) }, tried.exchange, () => 'pass').verdict;
  const { ms, exchange } = accepting.evidence;
  const said = saidOf(accepted, refused, reason);
  return {
    value,
    trial,
    reading: readingOf(accepted, reason),
    ...(said !== undefined && { said }),
    ...(exchange !== undefined && { exchange }),
    evidence: both.map(({ id }) => id),
    usd: tried.found.reduce((sum, { evidence }) => sum + evidence.usd, 0),
    ...(ms !== undefined && { ms }),
  };
}

function readingOf(accepted: Verdict, reason: Verdict): Seen['reading'] {
  if (accepted.kind === 'pass') return reason.kind === 'pass' ? 'neither' : 'accepted';
  return accepted.kind === 'fail' && reason.kind === 'pass' ? 'rejected' : 'neither';
}

function saidOf(accepted: Verdict, refused: Verdict, reason: Verdict): string | undefined {
  if (accepted.kind === 'pass') return reason.kind === 'pass' ? 'both claims pass' : undefined;
  if (accepted.kind === 'inconclusive') return `${accepted.cause}: ${accepted.detail}`;
  if (refused.kind === 'pass') return undefined;
  if (reason.kind === 'inconclusive') return `${reason.cause}: ${reason.detail}`;
  const told = reason.kind === 'fail' ? reason : refused;
  return told.kind === 'fail' ? told.findings[0]?.actual : undefined;
}
