import { claimId } from '../../domain/claim.ts';
import { counted } from '../counted.ts';
import { ATTENTIONS, type Attention } from './attention.ts';
import { besides } from './beside.ts';
import { claimLink } from './claim.ts';
import { type Entry, tellingVerdict } from './entry.ts';
import { findings } from './exhibit.ts';
import { type Markup, cutTo, joined, markup } from './markup.ts';
import type { Told } from './told.ts';

/** So many claims are named under one reason to look at them, so many asides, so many causes. */
const MOST_NAMED = 30;

/** Longer reasons are cut. */
const MOST_REASON = 400;

const TITLES: Partial<Record<Attention, string>> = {
  contradicts: 'Contradicts the docs',
  unstable: 'Unstable: its trials differ',
  fails: 'Fails, and the docs promise nothing',
  undecided: 'Could not be told',
};

/** What needs a human: the claims that do, by what is wrong with them, and what else somebody has to know. */
export function needsHuman(entries: readonly Entry[], { asides, run }: Told): Markup {
  const groups = ATTENTIONS.flatMap((attention) => {
    const own = entries.filter((one) => one.attention === attention);
    const title = TITLES[attention];
    if (title === undefined || own.length === 0) return [];
    return markup`
      <h3>${title} <span class="count">${own.length}</span></h3>
      ${attention === 'undecided' ? byCause(own) : named(own)}`;
  });
  const notes = asides
    .slice(0, MOST_NAMED)
    .map((text) => markup`<li>${cutTo(text, MOST_REASON)}</li>`);
  const isCalm = groups.length === 0 && notes.length === 0;
  return markup`<section id="human" aria-labelledby="human-title">
    <h2 id="human-title">What needs a human</h2>
    ${isCalm ? markup`<p class="calm">Nothing does.</p>` : undefined}
    ${notes.length === 0 ? undefined : markup`<ul class="asides">${notes}</ul>`}
    ${groups}
    ${waiting(entries)}
    ${run === undefined ? undefined : besides(run)}
  </section>`;
}

function named(entries: readonly Entry[]): Markup {
  return markup`<ul class="look">${entries.slice(0, MOST_NAMED).map(namedOne)}</ul>${andMore(entries.length - MOST_NAMED)}`;
}

function namedOne({ claim, stands, attention }: Entry): Markup {
  const pressing = stands.find((one) => one.attention === attention);
  const verdict = pressing && tellingVerdict(pressing);
  const isGloomy = attention === 'contradicts' && claim.documented.as === 'broken';
  const reason = isGloomy
    ? 'The docs say that it fails, and it works.'
    : pressing?.status.stand.because;
  return markup`<li>
    <p>${claimLink(claimId(claim), claim.says)}</p>
    <p class="seen"><code>${claimId(claim)}</code> <span>${pressing?.status.target}</span></p>
    ${
      verdict?.kind === 'fail'
        ? findings(verdict.findings, 1)
        : markup`<p class="because">${cutTo(reason ?? '', MOST_REASON)}</p>`
    }
  </li>`;
}

/** What could not be told, by what stood in the way: that is mostly one thing for many. */
function byCause(entries: readonly Entry[]): Markup {
  const groups = Map.groupBy(entries, ({ stands }) => {
    const verdict = stands.map(tellingVerdict).find((one) => one?.kind === 'inconclusive');
    return verdict?.kind === 'inconclusive' ? `${verdict.cause}: ${verdict.detail}` : '';
  });
  const causes = [...groups].slice(0, MOST_NAMED).map(([cause, own]) => {
    const links = own.slice(0, MOST_NAMED).map(({ claim }) => claimLink(claimId(claim)));
    return markup`<li>
      <p>${cutTo(cause, MOST_REASON)}</p>
      <p class="seen">${joined(links, ', ')}${own.length > MOST_NAMED ? ` and ${own.length - MOST_NAMED} more` : ''}</p>
    </li>`;
  });
  return markup`<ul class="look">${causes}</ul>${andMore(groups.size - MOST_NAMED)}`;
}

function andMore(rest: number): Markup | undefined {
  return rest > 0
    ? markup`<p class="note">and ${rest} more, marked in their suites below</p>`
    : undefined;
}

/** What only a run would settle. */
function waiting(entries: readonly Entry[]): Markup | undefined {
  const count = (one: Attention) => entries.filter(({ attention }) => attention === one).length;
  const [stale, unproven] = [count('stale'), count('unproven')];
  if (stale + unproven === 0) return undefined;
  const parts = [
    ...(stale > 0 ? [`${counted(stale, 'claim is', 'claims are')} stale`] : []),
    ...(unproven > 0 ? [`${counted(unproven, 'claim is', 'claims are')} unproven`] : []),
  ];
  return markup`<p class="waiting">
    ${parts.join(', and ')}: <code>assay run --due</code> brings what is missing.
  </p>`;
}
