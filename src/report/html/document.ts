import { claimId } from '../../domain/claim.ts';
import { sumOf } from '../../domain/cost.ts';
import type { SuiteStatus } from '../../domain/status.ts';
import { costText } from '../cost.ts';
import { counted } from '../counted.ts';
import { ATTENTIONS, PRESSING } from './attention.ts';
import { briefClaim, fullClaim, shortestClaim } from './claim.ts';
import { type Entry, entriesOf } from './entry.ts';
import { needsHuman } from './human.ts';
import { type Markup, markup } from './markup.ts';
import { type Room, roomFor, sizeOf } from './room.ts';
import { legend } from './strip.ts';
import { STYLE } from './style.ts';
import { head, headline } from './summary.ts';
import { statusTables } from './tables.ts';
import type { Told } from './told.ts';

/** No document is larger, in bytes of UTF-8: what does not fit is named in it, with the command that shows it. */
const MOST_BYTES = 4_800_000;

/** Of more claims than this, those out of sight are not painted: it takes a browser too long. */
const MANY = 500;

/** Nothing is fetched, and nothing runs. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

/** A suite with its claims as they are to be shown. */
interface Section {
  readonly status: SuiteStatus;
  readonly entries: readonly Entry[];
  readonly tables: readonly Markup[];
}

/**
 * One self-contained HTML document of what a run or the ledger says: it needs no script, no font and no network, and reads the
 * same without its colours. Every text in it is escaped. It has at most 5 MB.
 */
export function htmlDocument(told: Told): string {
  const sections = told.statuses.map((status): Section => ({
    status,
    entries: entriesOf(status.claims, told),
    tables: statusTables(status.tables, told.at),
  }));
  const entries = sections.flatMap((section) => section.entries);
  const frame = (room: Room<Entry>) => page(told, sections, entries, room);
  const empty = sizeOf(frame({ markup: () => undefined, brief: entries, leftOut: entries.length }));
  const forms = {
    shortest: (entry: Entry) => shortestClaim(entry, told),
    brief: (entry: Entry) => briefClaim(entry, told),
    full: (entry: Entry) => fullClaim(entry, told),
  };
  const room = roomFor(byUrgency(entries), MOST_BYTES - empty, forms, isPressing);
  return frame(room).html;
}

function page(
  told: Told,
  sections: readonly Section[],
  entries: readonly Entry[],
  room: Room<Entry>,
): Markup {
  const title = [headline(entries, told), 'Assay', told.run?.id ?? told.at.slice(0, 10)].join(
    ' · ',
  );
  return markup`${DOCTYPE}<html lang="en"><head>
    <meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" content="${POLICY}">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>${title}</title>${STYLED}
    </head><body>
    <a class="skip" href="#main">Skip to the report</a>
    <div class="page ${entries.length > MANY ? 'large' : 'small'}">
      ${contents(sections)}
      <main id="main" tabindex="-1">
        ${head(entries, told)}
        ${needsHuman(entries, told)}
        ${legend(told.days)}
        ${sections.map((section) => suite(section, room))}
        ${about(told, room)}
      </main>
    </div>
    </body></html>`;
}

const DOCTYPE: Markup = { html: '<!doctype html>\n' };
const STYLED: Markup = { html: `<style>${STYLE}</style>` };

/** Claims that somebody should look at first, then those that were seen last. */
function byUrgency(entries: readonly Entry[]): readonly Entry[] {
  return entries.toSorted((a, b) => rank(a) - rank(b) || (lastSeen(a) < lastSeen(b) ? 1 : -1));
}

function rank({ attention }: Entry): number {
  return ATTENTIONS.indexOf(attention);
}

function lastSeen({ stands }: Entry): string {
  return stands.reduce((last, { status: { stand } }) => {
    const at = stand.observedAt ?? '';
    return at > last ? at : last;
  }, '');
}

function contents(sections: readonly Section[]): Markup {
  const suites = sections.map(
    ({ status, entries }) => markup`<li>
      <a href="#${anchorOf(status.suite.id)}">${status.suite.id}</a>${toLookAt(entries)}
    </li>`,
  );
  return markup`<nav class="contents" aria-label="Contents"><ul>
    <li><a href="#human">What needs a human</a></li>
    ${suites}
    <li><a href="#about">About this report</a></li>
  </ul></nav>`;
}

/** How many claims of a suite somebody should look at. */
function toLookAt(entries: readonly Entry[]): Markup | undefined {
  const count = entries.filter(isPressing).length;
  return count === 0 ? undefined : markup` <b class="count">${count} to look at</b>`;
}

function isPressing({ attention }: Entry): boolean {
  return PRESSING.includes(attention);
}

function anchorOf(id: string): string {
  return `suite-${id}`;
}

function suite({ status, entries, tables }: Section, room: Room<Entry>): Markup {
  const { id, title, file } = status.suite;
  const anchor = anchorOf(id);
  const shown = entries.flatMap((entry) => room.markup(entry) ?? []);
  const left = entries.length - shown.length;
  return markup`<section class="suite" id="${anchor}" aria-labelledby="${anchor}-title">
    <h2 id="${anchor}-title">${title}</h2>
    <p class="sub"><code>${file}</code> · ${counted(entries.length, 'claim')}${toLookAt(entries)}</p>
    ${tables}
    ${entries.length === 0 ? undefined : markup`<h3>Claims</h3>`}
    <div class="claims">${shown}</div>
    ${left > 0 ? missing(left, id) : undefined}
  </section>`;
}

function missing(count: number, suiteId: string): Markup {
  const what = `${counted(count, 'claim is', 'claims are')} left out for want of room: `;
  return markup`<p class="note">${what}<code>assay status ${suiteId}</code> shows them.</p>`;
}

const STANDINGS_TOLD =
  'Words and standings follow from the evidence in the ledger alone. A claim is broken where every trial of the newest run ' +
  'failed, unstable where some did, stale once its evidence is older than it stays fresh, unproven without any; else it holds. ' +
  'It has the weakest standing of its cases, and a row the weakest of its claims.';

function about({ costs }: Told, { brief, leftOut }: Room<Entry>): Markup {
  const [first] = brief;
  const retests = [...Map.groupBy(costs, ({ target }) => target)].map(
    ([target, some]) => `A retest on ${target} costs ${costText(sumOf(some))}.`,
  );
  const shortened = `One line is shown of ${counted(brief.length, 'claim')}, so that this file stays small. The ledger has the rest: `;
  return markup`<section class="about" id="about" aria-labelledby="about-title">
    <h2 id="about-title">About this report</h2>
    <p>${STANDINGS_TOLD}</p>
    ${
      first === undefined
        ? undefined
        : markup`<p>${shortened}<code>assay explain ${claimId(first.claim)}</code> shows it, for instance.</p>`
    }
    ${
      leftOut === 0
        ? undefined
        : markup`<p>${counted(leftOut, 'claim is', 'claims are')} left out for want of room, the least pressing ones.</p>`
    }
    ${retests.length === 0 ? undefined : markup`<p>${retests.join(' ')}</p>`}
  </section>`;
}
