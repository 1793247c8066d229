import { type Claim, claimId } from '../../domain/claim.ts';
import type { CaseNow } from '../../domain/newest.ts';
import { isDecided } from '../../domain/standing.ts';
import type { ClaimStatus } from '../../domain/status.ts';
import type { Verdict } from '../../domain/verdict.ts';
import { counted } from '../counted.ts';
import { type Attention, PRESSING } from './attention.ts';
import { type Entry, type EntryStand, tellingVerdict } from './entry.ts';
import { exhibit, findings, verdictMark } from './exhibit.ts';
import { NOTHING, type Markup, cutTo, joined, markup } from './markup.ts';
import { strip } from './strip.ts';
import type { Told } from './told.ts';
import { age } from './when.ts';

/** Longer sentences and reasons are cut. */
const MOST_SENTENCE = 300;
const MOST_BECAUSE = 400;

/** More cases of a claim than a reader goes through. */
const MOST_CASES = 40;

/** The place of a claim in the document: it stays the same from one report to the next. */
function anchorOf(id: string): string {
  return `claim-${id}`;
}

/** A link to a claim of the report, by its id. */
export function claimLink(id: string, text: string = id): Markup {
  return markup`<a href="#${encodeURI(anchorOf(id).toWellFormed())}">${cutTo(text, MOST_SENTENCE)}</a>`;
}

/** One claim in as few bytes as can be: its sentence and how it stands. */
export function shortestClaim({ claim, stands }: Entry, { at }: Told): Markup {
  const id = claimId(claim);
  return markup`<article class="claim" id="${anchorOf(id)}">
    <h4>${claimLink(id, claim.says)}</h4>
    ${stands.map(({ status }) => markup`<p class="seen">${standing(status)} ${seen(status, at)}</p>`)}
  </article>`;
}

/** One claim in a line: its sentence, how it stands, and its history. */
export function briefClaim(entry: Entry, told: Told): Markup {
  return article(entry, told, NOTHING);
}

/** One claim with all that is known of it: why it stands so, what the docs say, its cases and its evidence. */
export function fullClaim(entry: Entry, told: Told): Markup {
  const { claim, stands } = entry;
  const more = markup`<div class="more">
    ${stands.map((one) => because(one, stands.length > 1))}
    <p class="said">${documented(claim)}</p>
    ${stands.map(({ status, cases }) => [
      casesList(cases),
      told.exhibits(status).map((one) => exhibit(one, told.thumbnail)),
    ])}
  </div>`;
  return article(entry, told, more);
}

function article({ claim, stands, attention }: Entry, told: Told, more: Markup): Markup {
  const id = claimId(claim);
  const name = PRESSING.includes(attention) ? `claim ${attention}` : 'claim';
  return markup`<article class="${name}" id="${anchorOf(id)}">
    <div class="line">
      <div><h4>${claimLink(id, claim.says)}</h4><code class="id">${id}</code></div>
      <div>${stands.map((one) => standLine(one, told))}</div>
    </div>
    ${more}
  </article>`;
}

function standLine({ status, attention }: EntryStand, told: Told): Markup {
  const { claim, target } = status;
  const days =
    target === undefined || claim.basis.kind !== 'sent'
      ? undefined
      : strip(told.history(status), told.days);
  const aside = ASIDES[attention];
  return markup`<div class="stand">
    <p>${standing(status)}${aside === undefined ? undefined : markup` <em>${aside}</em>`}</p>
    ${days}
    <p class="seen">${seen(status, told.at)}</p>
  </div>`;
}

/** When and where a claim was last observed. */
function seen({ target, stand: { observedAt } }: ClaimStatus, at: string): Markup {
  return markup`
    ${observedAt === undefined ? undefined : age(observedAt, at)}
    ${target === undefined ? undefined : markup` <span>${target}</span>`}`;
}

const ASIDES: Partial<Record<Attention, string>> = {
  contradicts: 'contradicts the docs',
  undecided: 'last could not tell',
};

/** A standing in its word; one that is broken as the docs say is no bad news. */
function standing({ claim, stand }: ClaimStatus): Markup {
  if (claim.basis.kind === 'untestable') return markup`<b class="word unproven">untestable</b>`;
  if (stand.standing === 'broken' && claim.documented.as === 'broken')
    return markup`<b class="word as-said">broken</b> <span>as documented</span>`;
  return markup`<b class="word ${stand.standing}">${stand.standing}</b>`;
}

/** Why it stands so; of what is pressing, what was expected and what came stands outside of what must be opened first. */
function because(one: EntryStand, isNamed: boolean): Markup {
  const { status, cases } = one;
  const { stand, target } = status;
  const on = isNamed && target !== undefined ? markup`<b>${target}</b>: ` : undefined;
  // The list of its cases says it better.
  const why =
    cases.length > 1
      ? undefined
      : markup`<p class="because">${on}${cutTo(stand.because, MOST_BECAUSE)}</p>`;
  return markup`${why}${said(tellingVerdict(one))}`;
}

function said(verdict: Verdict | undefined): Markup | undefined {
  if (verdict?.kind === 'fail') return findings(verdict.findings, 3);
  if (verdict?.kind !== 'inconclusive') return undefined;
  return markup`<p class="because">${verdictMark(verdict)} ${cutTo(verdict.detail, MOST_BECAUSE)}</p>`;
}

const DOCUMENTED = {
  holds: 'Documented as holding',
  broken: 'Documented as failing',
  open: 'The docs promise nothing',
};

function documented({ documented: { as, under, quote, asserted }, place, basis }: Claim): Markup {
  const where = under === undefined ? undefined : markup` under <i>${under}</i>`;
  const words = quote === undefined ? undefined : markup`: <q>${cutTo(quote, MOST_SENTENCE)}</q>`;
  const since = asserted === undefined ? undefined : `, ${asserted}`;
  const parts = basis.kind === 'derived' ? basis.of.map(({ need }) => claimLink(need.claim)) : [];
  return markup`
    ${DOCUMENTED[as]}${where}${words}${since} · written in <code>${place.file}:${place.line}</code>
    ${parts.length === 0 ? undefined : [' · derived of ', joined(parts, ', ')]}`;
}

/** The cases of a claim that has several, one line each. */
function casesList(cases: readonly CaseNow[]): Markup | undefined {
  if (cases.length < 2) return undefined;
  const rest = cases.length - MOST_CASES;
  return markup`
    <ul class="cases">${cases.slice(0, MOST_CASES).map(caseLine)}</ul>
    ${rest > 0 ? markup`<p class="note">and ${counted(rest, 'more case')}</p>` : undefined}`;
}

function caseLine({ name, stand, newest }: CaseNow): Markup {
  const last =
    newest === undefined || isDecided(newest)
      ? undefined
      : [', last ', verdictMark(newest.verdict)];
  const evidence = stand.evidence.at(-1);
  return markup`<li>
    <b class="word ${stand.standing}">${stand.standing}</b> <code>${name}</code>${last}
    ${evidence === undefined ? undefined : markup` <code class="id">${evidence}</code>`}
  </li>`;
}
