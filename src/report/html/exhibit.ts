import type { Evidence } from '../../domain/evidence.ts';
import type { Finding, Verdict } from '../../domain/verdict.ts';
import { dollars } from '../cost.ts';
import { counted } from '../counted.ts';
import type { Exhibit } from '../explain.ts';
import { spanText } from '../span.ts';
import { exchangeMarkup } from './exchange.ts';
import { type Markup, type Part, cutTo, markup } from './markup.ts';
import type { Told } from './told.ts';
import { moment, momentText } from './when.ts';

/** Characters of a side of a finding, and of its name. */
const MOST_SIDE = 600;
const MOST_NAME = 200;

/** Findings of one piece of evidence, and exchanges behind it; the ledger has all of them. */
const MOST_FINDINGS = 8;
const MOST_EXCHANGES = 6;

/** A piece of evidence behind a line that opens it: verdict, findings, what was sent and what was answered. It needs no script. */
export function exhibit(
  { evidence, exchanges, keyName, isCurrent }: Exhibit,
  thumbnail: Told['thumbnail'],
): Markup {
  const { verdict, case: name } = evidence;
  const shown = exchanges.slice(0, MOST_EXCHANGES).map((one, at) => {
    const step = exchanges.length > 1 ? at + 1 : undefined;
    return exchangeMarkup(one, keyName, step, thumbnail);
  });
  const none = evidence.exchange === undefined ? 'Nothing was sent.' : 'Its exchange is not kept.';
  const marks = [
    verdictMark(verdict),
    markup` <span class="when">${momentText(evidence.at)}</span>`,
    ...(name === '' ? [] : [markup` <code>${name}</code>`]),
    markup` <code class="id">${evidence.id}</code>`,
  ];
  return markup`<details>
    <summary>${marks}</summary>
    <div class="exhibit">
      ${isCurrent ? undefined : markup`<p class="note">Of an earlier wording: it does not count any more.</p>`}
      ${said(verdict)}
      ${facts(evidence)}
      ${shown.length === 0 ? markup`<p class="note">${none}</p>` : shown}
    </div>
  </details>`;
}

/** A verdict in a word, with its cause. */
export function verdictMark(verdict: Verdict): Markup {
  const { kind } = verdict;
  const text = { pass: 'passed', fail: 'failed', inconclusive: 'could not tell' }[kind];
  const cause = verdict.kind === 'inconclusive' ? `: ${verdict.cause}` : '';
  return markup`<b class="verdict ${kind}">${text}${cause}</b>`;
}

/** What a verdict says beyond its word. */
function said(verdict: Verdict): Markup | undefined {
  if (verdict.kind === 'fail') return findings(verdict.findings);
  if (verdict.kind === 'pass') return undefined;
  return markup`<p><b>${verdict.cause}</b>: ${cutTo(verdict.detail, MOST_SIDE)}</p>`;
}

/** What did not hold: what was expected and what came, with the line of the suite that says so. */
export function findings(all: readonly Finding[], most = MOST_FINDINGS): Markup | undefined {
  if (all.length === 0) return undefined;
  const rest = all.length - most;
  return markup`
    <ul class="findings">${all.slice(0, most).map(finding)}</ul>
    ${rest > 0 ? markup`<p class="note">and ${counted(rest, 'more finding')}</p>` : undefined}`;
}

function finding({ expectation, at, expected, actual }: Finding): Markup {
  return markup`<li>
    <p><b>${cutTo(expectation, MOST_NAME)}</b> <code>${at.file}:${at.line}</code></p>
    <dl>
      <dt>expected</dt><dd>${cutTo(expected, MOST_SIDE)}</dd>
      <dt>actual</dt><dd class="actual">${cutTo(actual, MOST_SIDE)}</dd>
    </dl>
  </li>`;
}

function facts(evidence: Evidence): Markup {
  const { trial, trials, attempts, ms, requestId } = evidence;
  const rows: readonly (readonly [name: string, value: Part])[] = [
    ['When', moment(evidence.at)],
    ['Run', markup`<code>${evidence.run}</code>`],
    ['Target', targetText(evidence)],
    ['Trial', trials === undefined ? trial : `${trial} of at most ${trials.of}`],
    ['Attempts', ms === undefined ? attempts : `${attempts}, ${spanText(ms)}`],
    ['Cost', costOf(evidence)],
    ['Gateway', evidence.gatewayVersion],
    ['Model', evidence.alias],
    ['Request id', requestId === undefined ? undefined : markup`<code>${requestId}</code>`],
    ['Digest', markup`<code>${evidence.digest}</code>`],
    ['Assay', evidence.tool],
  ];
  const told = rows.filter(([, value]) => value !== undefined);
  return markup`<dl class="facts">
    ${told.map(([name, value]) => markup`<div><dt>${name}</dt><dd>${value}</dd></div>`)}
  </dl>`;
}

function costOf({ usd, measured }: Evidence): string {
  if (measured === true) return `${dollars(usd)}, measured`;
  return usd === 0 ? 'none, or borne by another case of its exchange' : `at most ${dollars(usd)}`;
}

function targetText({ target }: Evidence): string {
  const { name, grade, host, channel, world, mock, mockAllowed } = target;
  const isMocked = grade === 'live' && mock !== undefined;
  const counts = mockAllowed === true ? '' : ': does not count';
  return [
    name,
    ...(host === '' ? [] : [host]),
    ...(channel === undefined ? [] : [`channel ${channel}`]),
    ...(grade === 'rehearsal' ? [`rehearsal in ${world ?? 'no world'}`] : []),
    ...(isMocked ? [`answered by a mock (${mock})${counts}`] : []),
  ].join(', ');
}
