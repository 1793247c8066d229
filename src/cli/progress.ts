import { type Trials, caseId } from '../domain/claim.ts';
import { type Cost, sumOf } from '../domain/cost.ts';
import type { NewShape } from '../domain/news.ts';
import { seriesOf, seriesText } from '../domain/trials.ts';
import type { Verdict } from '../domain/verdict.ts';
import type { Evidence } from '../domain/evidence.ts';
import type { RunEvent } from '../engine/events.ts';
import { costText } from '../report/cost.ts';
import { shapesText } from '../report/run.ts';
import type { Output } from './output.ts';

/** How often a run says where it stands when nobody watches a terminal: each such share of its exchanges. */
const PLAIN_STEPS = 10;

/** Where nobody watches, waits shorter than this are not worth a line. */
const LONG_MS = 5_000;

type Measuring = Extract<RunEvent, { kind: 'measuring' }>;

/** Shows one line after the other: each in the place of the last one on a terminal, where none stays once there is no more to show. */
export function passing({ line, say }: Pick<Output, 'line' | 'say'>): (text?: string) => void {
  return (text) => {
    if (line === undefined) {
      if (text !== undefined) say(text);
    } else if (text === undefined) line.clear();
    else line.show(() => text);
  };
}

/** Shows how far a run is: one line that is written over on a terminal, and a few plain lines elsewhere. */
export function progress({ line, say }: Pick<Output, 'line' | 'say'>): (event: RunEvent) => void {
  const count = { exchanges: 0 };
  /** Ids: what could not be paid for is attended to twice. */
  const settled = new Set<string>();
  const verdicts = makeVerdicts();
  /** What is under way costs what is declared for it, until it has been judged. */
  const underWay = new Map<string, Cost>();
  let judged: Cost = { usd: 0, measuredUsd: 0 };
  let shownStep = 0;
  const through = () => `${settled.size}/${count.exchanges} exchanges`;
  const text = () => {
    const cost = costText(sumOf([judged, ...underWay.values()]));
    return [through(), ...verdicts.told(), cost].join(' · ');
  };
  const show = () => {
    if (line !== undefined) {
      line.show(text);
      return;
    }
    const step = Math.floor((settled.size / Math.max(1, count.exchanges)) * PLAIN_STEPS);
    if (step > shownStep) {
      shownStep = step;
      say(text());
    }
  };
  const see = ({ case: one, evidence }: Extract<RunEvent, { kind: 'judged' | 'recalled' }>) => {
    const id = caseId(one.case.claim, one.case.name);
    const open = verdicts.see(id, evidence);
    if (open !== undefined) line?.show(() => `${through()} · ${id}: ${open}`);
    const { usd, measured } = evidence;
    judged = sumOf([judged, { usd, measuredUsd: measured === true ? usd : 0 }]);
  };
  return (event) => {
    switch (event.kind) {
      case 'planned':
        count.exchanges = event.plan.exchanges.length;
        return;
      case 'started':
        underWay.set(event.exchange.id, { usd: event.exchange.usd, measuredUsd: 0 });
        return;
      case 'measuring':
        if (line !== undefined) line.show(() => `${through()} · ${waitingFor(event)}`);
        else if (event.withinMs >= LONG_MS) say(waitingFor(event));
        return;
      case 'judged':
      case 'recalled':
        see(event);
        return;
      case 'settled':
        settled.add(event.exchange.id);
        underWay.delete(event.exchange.id);
        show();
        if (settled.size === count.exchanges) line?.clear();
        return;
      case 'news':
        if (line === undefined) say(newsText(event.shapes));
        return;
      case 'outage':
      case 'ledger-failed':
        say(event.detail);
        return;
      default:
        event satisfies never;
    }
  };
}

/** The verdicts of a run by now, each case counted once, as in the end. */
interface Verdicts {
  /** Takes in what was judged; of a series that is open, tells how it stands. */
  readonly see: (id: string, evidence: Evidence) => string | undefined;
  /** `12 pass`, `1 fail`, `0 inconclusive`. */
  readonly told: () => readonly string[];
}

function makeVerdicts(): Verdicts {
  const kinds = new Map<string, Verdict['kind']>();
  const series = new Map<string, readonly Evidence[]>();
  const counts = { pass: 0, fail: 0, inconclusive: 0 };
  const decide = (id: string, kind: Verdict['kind']) => {
    const before = kinds.get(id);
    if (before !== undefined) counts[before] -= 1;
    counts[kind] += 1;
    kinds.set(id, kind);
  };
  const seeSeries = (id: string, trials: Trials, evidence: Evidence): string | undefined => {
    const all = [...(series.get(id) ?? []), evidence];
    series.set(id, all);
    const counted = seriesOf(trials, all);
    if (counted.tells === 'pass' || counted.tells === 'fail') decide(id, counted.tells);
    else if (counted.tells === 'even') decide(id, 'inconclusive');
    else return seriesText(counted);
    return undefined;
  };
  return {
    see(id, evidence) {
      const { verdict, trials } = evidence;
      if (trials !== undefined) return seeSeries(id, trials, evidence);
      // As in the end: what was decided stands, whatever a later trial could not tell.
      if (verdict.kind !== 'inconclusive' || !kinds.has(id)) decide(id, verdict.kind);
      return undefined;
    },
    told: () =>
      (['pass', 'fail', 'inconclusive'] as const).map((kind) => `${counts[kind]} ${kind}`),
  };
}

function newsText(shapes: readonly NewShape[]): string {
  const [first] = shapes;
  const id = first === undefined ? '' : caseId(first.claim, first.case);
  return `never observed before: ${id}: ${shapesText(shapes)}`;
}

function waitingFor({ exchange, wait, withinMs }: Measuring): string {
  const [first] = exchange.cases;
  const name = first === undefined ? '' : caseId(first.case.claim, first.case.name);
  const what = wait === 'its charge' ? `the charge of ${name}` : `earlier charges, before ${name}`;
  return `waiting up to ${Math.ceil(withinMs / 1000)} s for ${what}`;
}
