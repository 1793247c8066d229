import { type Trials, caseId } from '../domain/claim.ts';
import { type Cost, sumOf } from '../domain/cost.ts';
import type { NewShape } from '../domain/news.ts';
import { seriesOf, seriesText } from '../domain/trials.ts';
import type { Verdict } from '../domain/verdict.ts';
import type { Evidence } from '../domain/evidence.ts';
import type { RunEvent } from '../engine/events.ts';
import { costText } from '../report/cost.ts';
import { shapeText } from '../report/run.ts';
import { printable } from '../report/printable.ts';
import type { Output } from './output.ts';

/** How often a run says where it stands when nobody watches a terminal: each such share of its exchanges. */
const PLAIN_STEPS = 10;

/** Where nobody watches, waits shorter than this are not worth a line. */
const LONG_MS = 5_000;

type Measuring = Extract<RunEvent, { kind: 'measuring' }>;

/** Shows one line after the other: each in the place of the last one on a terminal, where none stays once there is no more to show. */
export function passing(
  { isLive, columns, say }: Pick<Output, 'isLive' | 'columns' | 'say'>,
  write: (text: string) => void,
): (line?: string) => void {
  return (line) => {
    if (isLive) write(`\r\u001B[2K${(line ?? '').slice(0, columns - 1)}`);
    else if (line !== undefined) say(line);
  };
}

/** Shows how far a run is: one line that is written over on a terminal, and a few plain lines elsewhere. */
export function progress(
  output: Pick<Output, 'isLive' | 'columns'>,
  write: (text: string) => void,
): (event: RunEvent) => void {
  const count = { exchanges: 0, settled: 0 };
  const verdicts = new Map<string, Verdict['kind']>();
  const series = new Map<string, readonly Evidence[]>();
  /** What is under way costs what is declared for it, until it has been judged. */
  const underWay = new Map<string, Cost>();
  let judged: Cost = { usd: 0, measuredUsd: 0 };
  let shownStep = 0;
  const through = () => `${count.settled}/${count.exchanges} exchanges`;
  const aside = (event: Measuring) => `${through()} · ${waitingFor(event)}`;
  const line = () => {
    const kinds = [...verdicts.values()];
    const told = (['pass', 'fail', 'inconclusive'] as const).map(
      (kind) => `${kinds.filter((one) => one === kind).length} ${kind}`,
    );
    const cost = costText(sumOf([judged, ...underWay.values()]));
    return [through(), ...told, cost].join(' · ');
  };
  const show = () => {
    if (output.isLive) {
      write(`\r\u001B[2K${line().slice(0, output.columns - 1)}`);
      return;
    }
    const step = Math.floor((count.settled / Math.max(1, count.exchanges)) * PLAIN_STEPS);
    if (step > shownStep) {
      shownStep = step;
      write(`${line()}\n`);
    }
  };
  const seeSeries = (id: string, trials: Trials, evidence: Evidence) => {
    const all = [...(series.get(id) ?? []), evidence];
    series.set(id, all);
    const counted = seriesOf(trials, all);
    if (counted.tells === 'pass' || counted.tells === 'fail') verdicts.set(id, counted.tells);
    else if (counted.tells === 'even') verdicts.set(id, 'inconclusive');
    else if (output.isLive)
      write(
        `\r\u001B[2K${`${through()} · ${id}: ${seriesText(counted)}`.slice(0, output.columns - 1)}`,
      );
  };
  const see = ({ case: one, evidence }: Extract<RunEvent, { kind: 'judged' | 'recalled' }>) => {
    const id = caseId(one.case.claim, one.case.name);
    const { kind } = evidence.verdict;
    if (evidence.trials !== undefined) seeSeries(id, evidence.trials, evidence);
    // As in the end: what was decided stands, whatever a later trial could not tell.
    else if (kind !== 'inconclusive' || !verdicts.has(id)) verdicts.set(id, kind);
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
        if (output.isLive) write(`\r\u001B[2K${aside(event).slice(0, output.columns - 1)}`);
        else if (event.withinMs >= LONG_MS) write(`${waitingFor(event)}\n`);
        return;
      case 'judged':
      case 'recalled':
        see(event);
        return;
      case 'settled':
        count.settled += 1;
        underWay.delete(event.exchange.id);
        show();
        if (output.isLive && count.settled === count.exchanges) write('\r\u001B[2K');
        return;
      case 'news':
        if (!output.isLive) write(`${newsText(event.shape)}\n`);
        return;
      case 'outage':
      case 'ledger-failed':
        write(`${output.isLive ? '\r\u001B[2K' : ''}${printable(event.detail)}\n`);
        return;
      default:
        event satisfies never;
    }
  };
}

function newsText(shape: NewShape): string {
  return printable(
    `never observed before: ${caseId(shape.claim, shape.case)}: ${shapeText(shape)}`,
  );
}

function waitingFor({ exchange, wait, withinMs }: Measuring): string {
  const [first] = exchange.cases;
  const name = first === undefined ? '' : printable(caseId(first.case.claim, first.case.name));
  const what = wait === 'its charge' ? `the charge of ${name}` : `earlier charges, before ${name}`;
  return `waiting up to ${Math.ceil(withinMs / 1000)} s for ${what}`;
}
