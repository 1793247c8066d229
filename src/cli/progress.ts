import { caseId } from '../domain/claim.ts';
import type { RunEvent } from '../engine/events.ts';
import { printable } from '../report/printable.ts';
import type { Output } from './output.ts';

/** How often a run says where it stands when nobody watches a terminal: each such share of its exchanges. */
const PLAIN_STEPS = 10;

/** Where nobody watches, waits shorter than this are not worth a line. */
const LONG_MS = 5_000;

/** Shows how far a run is: one line that is written over on a terminal, and a few plain lines elsewhere. */
export function progress(
  output: Pick<Output, 'isLive' | 'columns'>,
  write: (text: string) => void,
): (event: RunEvent) => void {
  const count = { exchanges: 0, settled: 0, pass: 0, fail: 0, inconclusive: 0, usd: 0 };
  let shownStep = 0;
  const line = () =>
    `${count.settled}/${count.exchanges} exchanges · ${count.pass} pass · ${count.fail} fail · ` +
    `${count.inconclusive} inconclusive · at most $${count.usd.toFixed(2)}`;
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
  return (event) => {
    switch (event.kind) {
      case 'planned':
        count.exchanges = event.plan.exchanges.length;
        return;
      case 'started':
        count.usd += event.exchange.usd;
        return;
      case 'measuring':
        if (output.isLive) write(`\r\u001B[2K${waitingFor(event).slice(0, output.columns - 1)}`);
        else if (event.withinMs >= LONG_MS) write(`${waitingFor(event)}\n`);
        return;
      case 'judged':
      case 'recalled':
        count[event.evidence.verdict.kind] += 1;
        return;
      case 'settled':
        count.settled += 1;
        show();
        if (output.isLive && count.settled === count.exchanges) write('\r\u001B[2K');
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

function waitingFor({
  exchange,
  wait,
  withinMs,
}: Extract<RunEvent, { kind: 'measuring' }>): string {
  const [first] = exchange.cases;
  const name = first === undefined ? '' : printable(caseId(first.case.claim, first.case.name));
  const what = wait === 'its charge' ? `the charge of ${name}` : `earlier charges, before ${name}`;
  return `waiting up to ${Math.ceil(withinMs / 1000)} s for ${what}`;
}
