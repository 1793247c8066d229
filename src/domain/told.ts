import { becauseOf, isOverridden, isProven, type SaidRow, type SaidTable } from './word.ts';
import type { Remembered } from './standing.ts';

/** The word of one row in one page, as the evidence has it now, and why. */
export interface SaidWord {
  /** Its suite, page, heading and key: the same from one day to the next, and another one in the suite that supersedes its own. */
  readonly name: string;
  readonly suite: string;
  /** "" for a suite without a page. */
  readonly page: string;
  readonly locale: string;
  readonly under: string;
  readonly row: string;
  readonly word: string;
  readonly because: string;
  /** Ids. */
  readonly evidence: readonly string[];
  /** When the oldest of it was observed; ISO 8601. */
  readonly observedAt?: string;
  /** Whose evidence counts. */
  readonly targets: readonly string[];
  /** Whether anything is known that may change the word in the page (word.ts, `isProven`), or a person has decided it. */
  readonly isSettled: boolean;
}

/** That a row says another word than its receiver was last told. */
export interface Change extends Omit<SaidWord, 'word' | 'isSettled'> {
  /** Another one each time that a row changes, also where it changes to and fro; the same until it was told. */
  readonly id: string;
  readonly from: string;
  readonly to: string;
}

/** Changes that go to a receiver in one request. */
export interface Message {
  /** The same for the same changes. */
  readonly id: string;
  /** When it was first meant to be sent; ISO 8601. */
  readonly at: string;
  readonly changes: readonly Change[];
}

/** What one receiver knows. */
export interface Told {
  /** By the name of its row: the word that it was last told, or may have been, and how often that has changed. */
  readonly words: ReadonlyMap<string, { readonly word: string; readonly changes: number }>;
  /** Messages of which nobody knows whether they have arrived. */
  readonly doubtful: readonly Message[];
}

/** What a receiver does not know: rows that are new to it, and changes of those that it knows. */
interface News {
  readonly unknown: readonly SaidWord[];
  readonly changes: readonly Change[];
}

/** The word of every row in every page; rows that are not ours have none. */
export function wordsOf(tables: readonly SaidTable[], remembered: Remembered): readonly SaidWord[] {
  return tables.flatMap((table) => {
    const { suite, page, locale, under, nth } = table;
    const isTableProven = isProven(table, remembered);
    return table.rows.flatMap((said, at): readonly SaidWord[] => {
      if (said.word === undefined) return [];
      const row = said.key.join(' · ');
      const heading = nth === undefined ? under : `${under} (${nth})`;
      const { evidence, observedAt } = said.stand;
      return [
        {
          name: `${suite}: ${page === '' ? '' : `${page} · `}${heading} › ${row}`,
          suite,
          page,
          locale,
          under,
          row,
          word: said.word,
          because: [...expiry(said, table, at), ...becauseOf(said)].join('; '),
          evidence,
          ...(observedAt !== undefined && { observedAt }),
          targets: said.from,
          isSettled: isTableProven || isOverridden(said),
        },
      ];
    });
  });
}

/** That a person's decision has had its time is why the word changes, whatever the evidence says now. */
function expiry({ isExpired }: SaidRow, { table }: SaidTable, at: number): readonly string[] {
  const override = table.rows[at]?.override;
  if (isExpired !== true || override === undefined) return [];
  return [`the override by ${override.by} has expired on ${override.until}`];
}

/** What a receiver that knows this much does not know yet of today's words. */
export function newsOf(
  told: Told,
  words: readonly SaidWord[],
  sha256: (text: string) => string,
): News {
  const unknown: SaidWord[] = [];
  const changes: Change[] = [];
  for (const said of words) {
    const known = told.words.get(said.name);
    if (known === undefined) unknown.push(said);
    else if (known.word !== said.word && said.isSettled) {
      const { word: to, isSettled: _, ...rest } = said;
      const from = known.word;
      const parts = [said.name, said.targets, from, to, known.changes + 1];
      changes.push({ id: shortHash(parts, sha256), ...rest, from, to });
    }
  }
  return { unknown, changes };
}

/** Changes as the messages in which they go, page by page, each as long as it `fits` its receiver; a single change always goes. */
export function messagesOf(
  changes: readonly Change[],
  at: string,
  fits: (changes: readonly Change[]) => boolean,
  sha256: (text: string) => string,
): readonly Message[] {
  const messages: Message[] = [];
  let rest = byPage(changes).flatMap((page) => page.changes);
  while (rest.length > 0) {
    const count = mostThatFit(rest, fits);
    const some = rest.slice(0, count);
    messages.push({
      id: shortHash(
        some.map(({ id }) => id),
        sha256,
      ),
      at,
      changes: some,
    });
    rest = rest.slice(count);
  }
  return messages;
}

/** How many of the first changes go into one message: found by doubling, and then by halving, since to write one down takes its time. */
function mostThatFit(
  changes: readonly Change[],
  fits: (changes: readonly Change[]) => boolean,
): number {
  const areFitting = (count: number) => fits(changes.slice(0, count));
  let most = 1;
  while (2 * most <= changes.length && areFitting(2 * most)) most *= 2;
  let tooMany = Math.min(2 * most, changes.length + 1);
  while (tooMany - most > 1) {
    const between = Math.floor((most + tooMany) / 2);
    if (areFitting(between)) most = between;
    else tooMany = between;
  }
  return most;
}

/** The changes of one page. */
interface ChangedPage {
  /** The name of the suite, where that has no page. */
  readonly title: string;
  readonly page: string;
  readonly locale: string;
  readonly changes: readonly Change[];
}

/** Changes by page, in the order in which their pages first come. */
export function byPage(changes: readonly Change[]): readonly ChangedPage[] {
  const pages = Map.groupBy(changes, ({ page, suite }) => (page === '' ? suite : page));
  return Array.from(pages, ([title, some]) => ({
    title,
    page: some[0]?.page ?? '',
    locale: some[0]?.locale ?? '',
    changes: some,
  }));
}

function shortHash(parts: readonly unknown[], sha256: (text: string) => string): string {
  return sha256(JSON.stringify(parts)).slice(0, 32);
}
