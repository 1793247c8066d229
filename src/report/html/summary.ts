import { instantMs } from '../../domain/instant.ts';
import { type Run, summary } from '../../domain/run.ts';
import { dollars } from '../cost.ts';
import { counted } from '../counted.ts';
import { spanText } from '../span.ts';
import { ATTENTIONS, type Attention } from './attention.ts';
import type { Entry } from './entry.ts';
import { type Markup, markup } from './markup.ts';
import type { Told } from './told.ts';
import { moment } from './when.ts';

/** What a report says in one sentence. */
export function headline(entries: readonly Entry[], { run }: Told): string {
  if (run?.end.kind === 'ledger-failed') return 'The ledger could not be written';
  if (run?.end.kind === 'outage') return `The target could not be asked: ${run.end.detail}`;
  const count = (one: Attention) => entries.filter(({ attention }) => attention === one).length;
  const contradictions = count('contradicts');
  if (contradictions > 0)
    return `${counted(contradictions, 'claim contradicts', 'claims contradict')} the docs`;
  const undecided = run === undefined ? count('undecided') : summary(run).inconclusive;
  if (undecided === 0) return 'Nothing contradicts the docs';
  const what = run === undefined ? 'claim' : 'case';
  return `Nothing contradicts the docs; ${counted(undecided, what)} could not be told`;
}

/** The head of a report: what it says in one sentence, when, of whom, and in figures. */
export function head(entries: readonly Entry[], told: Told): Markup {
  const { run, at, isRehearsal, tool } = told;
  const of =
    run === undefined
      ? markup`Status at ${moment(at)}`
      : markup`Run <code>${run.id}</code>, ${moment(run.startedAt)}`;
  return markup`<header class="head">
    <p class="over">Assay ${tool} · ${of}</p>
    <h1>${headline(entries, told)}</h1>
    ${run === undefined ? undefined : lead(run)}
    ${isRehearsal ? REHEARSAL : undefined}
    ${run === undefined ? undefined : figures(run)}
    ${proportions(entries)}
  </header>`;
}

const REHEARSAL = markup`<p class="notice">
  <b>Rehearsal.</b> What the tables would say: only a live target can verify, and none of this reaches a page.
</p>`;

const ENDS: Readonly<Record<Run['end']['kind'], string>> = {
  complete: '',
  interrupted: ', interrupted',
  outage: ', ended by an outage',
  'ledger-failed': ', ended by its ledger',
};

function lead({ target, end, startedAt, endedAt }: Run): Markup {
  const { name, host, channel } = target;
  const pin = channel === undefined ? '' : `, channel ${channel}`;
  const ms = instantMs(endedAt) - instantMs(startedAt);
  return markup`<p class="lead">
    On <b>${name}</b>${host === '' ? pin : ` (${host}${pin})`}, in ${spanText(ms)}${ENDS[end.kind]}.
  </p>`;
}

/** A figure by its name, and what it is made of. */
type Figure = readonly [name: string, value: string | number, more?: string];

function figures(run: Run): Markup {
  const { cases, pass, fail, inconclusive, leftOut, requests, usd, measuredUsd } = summary(run);
  const asSaid = run.cases.filter(
    ({ documented, verdict, contradicts }) =>
      documented === 'broken' && verdict.kind === 'fail' && !contradicts,
  ).length;
  const all: readonly Figure[] = [
    ['Cases', cases],
    ['Passed', pass],
    asSaid === 0
      ? ['Failed', fail]
      : ['Failed', fail, `${asSaid === fail ? 'all' : asSaid} as documented`],
    ['Could not tell', inconclusive],
    ['Left out', leftOut],
    ['Requests', requests],
    ['Cost', dollars(usd), knownOf(usd, measuredUsd)],
  ];
  return markup`<dl class="figures">
    ${all.map(
      ([name, value, more]) => markup`<div>
        <dt>${name}</dt>
        <dd>${value}${more === undefined ? undefined : markup`<small>${more}</small>`}</dd>
      </div>`,
    )}
  </dl>`;
}

function knownOf(usd: number, measuredUsd: number): string {
  if (measuredUsd === 0) return 'at most';
  return measuredUsd >= usd ? 'measured' : `at most, ${dollars(measuredUsd)} of it measured`;
}

const NAMES: Readonly<Record<Attention, string>> = {
  contradicts: 'contradict the docs',
  unstable: 'unstable',
  fails: 'fail, and the docs promise nothing',
  undecided: 'could not be told last',
  stale: 'stale',
  unproven: 'unproven',
  fine: 'in order',
};

/** All claims as one bar, and its parts in words. */
function proportions(entries: readonly Entry[]): Markup {
  const parts = ATTENTIONS.map((attention) => ({
    attention,
    count: entries.filter((one) => one.attention === attention).length,
  })).filter(({ count }) => count > 0);
  const percent = 100 / entries.length;
  const bars = parts.map(({ attention, count }, at) => {
    const before = parts.slice(0, at).reduce((sum, part) => sum + part.count, 0);
    const x = (before * percent).toFixed(2);
    const width = Math.max(0.3, count * percent - 0.3).toFixed(2);
    return markup`<rect class="${attention}" x="${x}" width="${width}" height="2"/>`;
  });
  const words = parts.map(
    ({ attention, count }) =>
      markup`<li class="${attention}"><b>${count}</b> ${NAMES[attention]}</li>`,
  );
  return markup`<div class="bar">
    <svg viewBox="0 0 100 2" preserveAspectRatio="none" aria-hidden="true">${bars}</svg>
    <ul>${words}</ul>
  </div>`;
}
