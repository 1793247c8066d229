import { caseId } from '../../domain/claim.ts';
import { byAnswer } from '../../domain/news.ts';
import type { LeftOut, Run } from '../../domain/run.ts';
import { counted } from '../counted.ts';
import { shapesText } from '../run.ts';
import { type Markup, cutTo, markup } from './markup.ts';

/** So many reasons, and so many shapes, are told; and so many cases are named under one reason. */
const MOST_TOLD = 30;
const MOST_NAMED = 12;

/** Longer texts are cut. */
const MOST_TEXT = 300;

/** What a run did not try, and what no answer had shown before. */
export function besides({ leftOut, news = [] }: Run): Markup {
  const reasons = [...Map.groupBy(leftOut, ({ reason }) => reason)];
  const shapes = byAnswer(news).map(
    (some) =>
      markup`<li><code>${some.slice(0, 1).map((one) => caseId(one.claim, one.case))}</code> ${cutTo(shapesText(some), MOST_TEXT)}</li>`,
  );
  return markup`
    ${titled(
      'Left out',
      leftOut.length,
      reasons.map(([reason, own]) => leftOutFor(reason, own)),
    )}
    ${titled('Never observed before', shapes.length, shapes)}`;
}

function titled(title: string, count: number, lines: readonly Markup[]): Markup | undefined {
  if (lines.length === 0) return undefined;
  const rest = lines.length - MOST_TOLD;
  return markup`
    <h3>${title} <span class="quiet">${count}</span></h3>
    <ul class="beside">${lines.slice(0, MOST_TOLD)}</ul>
    ${rest > 0 ? markup`<p class="note">and ${counted(rest, 'more line')}</p>` : undefined}`;
}

function leftOutFor(reason: string, cases: readonly LeftOut[]): Markup {
  const rest = cases.length - MOST_NAMED;
  const names = cases.slice(0, MOST_NAMED).map((one) => caseId(one.claim, one.case));
  const more = rest > 0 ? ` and ${rest} more` : '';
  return markup`<li>${cutTo(reason, MOST_TEXT)}: <code>${names.join(', ')}</code>${more}</li>`;
}
