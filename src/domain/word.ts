import {
  type Better,
  type Need,
  type Override,
  type Row,
  type Suite,
  type Table,
  textFor,
} from './claim.ts';
import { needStand } from './derived.ts';
import { overrideState, overrideText } from './override.ts';
import { type Stand, weakest } from './stand.ts';
import { type Remembered, everDecided } from './standing.ts';

/** A stronger word that a row has, or falls short of, and why. */
interface SaidBetter {
  readonly word: string;
  readonly needs: readonly string[];
  readonly stand: Stand;
}

/** A row of a status table with what it may say: its key and word in one locale, and why. */
export interface SaidRow {
  readonly key: readonly string[];
  /** Absent for a row that is not ours. */
  readonly word?: string;
  readonly from: readonly string[];
  readonly needs: readonly string[];
  /** What the evidence says, also where a person has decided otherwise; of a better word that stands, its needs included. */
  readonly stand: Stand;
  /** The better words of a row that holds, in order, as far as the first that stands: only the last of them can. */
  readonly better: readonly SaidBetter[];
  readonly leave?: string;
  /** The decision that gives the word; absent unless it is in force now. */
  readonly override?: Override;
  /** An override of it has had its time, and its word must not stay in the page. */
  readonly isExpired?: true;
}

/** A status table as it may stand in one page. */
export interface SaidTable {
  readonly suite: string;
  readonly locale: string;
  /** "" for a suite without a page. */
  readonly page: string;
  readonly under: string;
  readonly nth?: number;
  readonly keyColumns: readonly string[];
  readonly owns: string;
  readonly rows: readonly SaidRow[];
  readonly table: Table;
}

/**
 * The tables of a suite in every locale, each word following from what is remembered alone.
 * `rehearsal` names the target whose evidence stands in for every `from`, to show what the tables would say.
 */
export function saidTables(
  suite: Suite,
  remembered: Remembered,
  rehearsal?: string,
): readonly SaidTable[] {
  const stands = new Map(
    suite.tables.flatMap(({ rows }) =>
      rows.map((row) => [row, rowStand(row, remembered, rehearsal)]),
    ),
  );
  return Object.entries(suite.pages).flatMap(([locale, page]) =>
    suite.tables
      .filter(({ locales }) => locales === undefined || locales.includes(locale))
      .map((table): SaidTable => ({
        suite: suite.id,
        locale,
        page,
        under: textFor(table.under, locale),
        ...(table.nth !== undefined && { nth: table.nth }),
        keyColumns: table.key.map((column) => textFor(column, locale)),
        owns: textFor(table.owns, locale),
        rows: table.rows.map((row) =>
          said(row, stands.get(row), locale, remembered.now, rehearsal),
        ),
        table,
      })),
  );
}

/** How a row stands, and the better words that were looked at, whose last one it may have earned. */
interface RowStand {
  readonly stand: Stand;
  readonly better: readonly (Better & { readonly stand: Stand })[];
}

/** The weakest of a row's claims over each target in `from`; where they hold, the first better word whose needs hold as well. */
function rowStand(row: Row, remembered: Remembered, rehearsal: string | undefined): RowStand {
  const from = rehearsal === undefined ? row.from : [rehearsal];
  const standOf = (needs: readonly Need[]) =>
    weakest(from.flatMap((target) => needs.map((need) => needStand(need, target, remembered))));
  const own = standOf(row.needs);
  const looked: (Better & { readonly stand: Stand })[] = [];
  if (own.standing !== 'holds') return { stand: own, better: looked };
  for (const one of row.better ?? []) {
    const stand = standOf(one.needs);
    looked.push({ ...one, stand });
    if (stand.standing === 'holds') return { stand: weakest([own, stand]), better: looked };
  }
  return { stand: own, better: looked };
}

function said(
  row: Row,
  found: RowStand | undefined,
  locale: string,
  now: number,
  rehearsal: string | undefined,
): SaidRow {
  if (found === undefined) throw new Error('a row without a stand');
  const { stand, better } = found;
  const state = row.override && overrideState(row.override, now);
  const override = state === 'in force' ? row.override : undefined;
  const earned = better.find((one) => one.stand.standing === 'holds');
  const word = override?.word ?? earned?.word ?? row.words[stand.standing] ?? row.words.else;
  return {
    key: row.key.map((text) => textFor(text, locale)),
    ...(row.leave === undefined && word !== undefined && { word: textFor(word, locale) }),
    from: rehearsal === undefined ? row.from : [rehearsal],
    needs: row.needs.map((need) => need.claim),
    stand,
    better: better.map((one) => ({
      word: textFor(one.word, locale),
      needs: one.needs.map((need) => need.claim),
      stand: one.stand,
    })),
    ...(row.leave !== undefined && { leave: row.leave }),
    ...(override !== undefined && { override }),
    ...(state === 'expired' && { isExpired: true }),
  };
}

/** Whether a row has its word from a person's decision, or had it, so that the word is written whatever is proven. */
export function isOverridden({ override, isExpired }: SaidRow): boolean {
  return override !== undefined || isExpired === true;
}

/** Why a row says what it says, and nothing better: what its author or a person has decided, and what the evidence says all the same. */
export function becauseOf({ leave, override, stand, better }: SaidRow): readonly string[] {
  if (leave !== undefined) return [leave];
  const missed = better
    .filter((one) => one.stand.standing !== 'holds')
    .map((one) => `falls short of "${one.word}": ${one.stand.because}`);
  if (override === undefined) return [stand.because, ...missed];
  return [
    overrideText(override),
    `the evidence says ${stand.standing}: ${stand.because}`,
    ...missed,
  ];
}

/**
 * Whether some live run has decided anything of a table's rows by now. The others are left as they are, for nothing is
 * known that could change a word: so a rehearsal, a mock in disguise, a wrong key or an outage alone never rewrites a page.
 */
export function isProven({ rows }: SaidTable, remembered: Remembered): boolean {
  return rows.some(({ from, needs }) =>
    from.some((target) => needs.some((claim) => isDecided(claim, target, remembered))),
  );
}

function isDecided(id: string, target: string, remembered: Remembered): boolean {
  const basis = remembered.claim(id)?.basis;
  if (basis?.kind === 'derived')
    return basis.of.some(({ need }) => isDecided(need.claim, target, remembered));
  return everDecided(id, target, remembered);
}
