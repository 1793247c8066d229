import { type Claim, type Need, type Override, type Row, type Suite, textFor } from './claim.ts';
import { instantMs, isOver } from './instant.ts';
import type { Problem } from './problem.ts';

/** Whether an override does not count yet, counts, or has had its time; its days are in UTC, and it counts on both. */
export function overrideState(
  { on, until }: Override,
  nowMs: number,
): 'coming' | 'in force' | 'expired' {
  if (nowMs < instantMs(on)) return 'coming';
  return isOver(until, nowMs) ? 'expired' : 'in force';
}

/** Who has decided, until when, why, and where that was discussed. */
export function overrideText({ by, until, why, link }: Override): string {
  return `override by ${by} until ${until}: ${why}${link === undefined ? '' : ` (${link})`}`;
}

/** An overridden row, as a reader knows it: its page (the first that has the table), heading and key. */
interface OverriddenRow {
  readonly name: string;
  readonly row: Row;
  readonly override: Override;
}

/** Every row with an override, in force or not. */
export function overriddenRows(suites: readonly Suite[]): readonly OverriddenRow[] {
  return suites.flatMap(({ pages, tables }) =>
    tables.flatMap((table) =>
      table.rows.flatMap((row) => {
        if (row.override === undefined) return [];
        const locale = table.locales?.[0] ?? Object.keys(pages)[0] ?? '';
        const page = pages[locale] ?? '';
        const key = row.key.map((text) => textFor(text, locale)).join(' · ');
        const name = `${page} · ${textFor(table.under, locale)} › ${key}`;
        return [{ name, row, override: row.override }];
      }),
    ),
  );
}

/** A warning for each override whose time is over, so that nobody takes it for one that counts. */
export function expiredOverrides(suites: readonly Suite[], nowMs: number): readonly Problem[] {
  return overriddenRows(suites)
    .filter(({ override }) => overrideState(override, nowMs) === 'expired')
    .map(({ name, override: { by, until, place } }) => ({
      severity: 'warning',
      message: `the override of ${name} by ${by} has expired on ${until}: the evidence rules again`,
      place,
      hint: 'take it out, or decide anew',
      see: 'tables',
    }));
}

/** Whether a need rests on a claim, itself or through those that it is derived of. */
export function restsOn(
  need: Need,
  id: string,
  claims: (id: string) => Claim | undefined,
): boolean {
  if (need.claim === id) return true;
  const basis = claims(need.claim)?.basis;
  return basis?.kind === 'derived' && basis.of.some((part) => restsOn(part.need, id, claims));
}
