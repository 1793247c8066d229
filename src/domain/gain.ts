import { type Claim, type Need, type Row, type Suite, caseId, needsOf } from './claim.ts';
import { needStand } from './derived.ts';
import { overrideState } from './override.ts';
import type { Remembered } from './standing.ts';

/** What deciding a claim is worth where no table needs it, in rows. */
const CLAIM_GAIN = 0.1;

/** A target for whose evidence tables ask: by name, and all of them in a rehearsal, which stands in for each. */
export interface GainTarget {
  readonly id: string;
  readonly name: string;
  readonly isRehearsal: boolean;
}

/**
 * What deciding each due case (`suite/claim/case`) is worth, in rows of tables: a row whose word can change, or be kept from
 * going stale, is shared out among the due cases that it waits for. A row that a person has decided gains nothing, nor does
 * one that stays broken by a claim that is not due.
 */
export function gains(
  due: ReadonlySet<string>,
  suites: readonly Suite[],
  targetOf: (suite: Suite) => GainTarget,
  remembered: Remembered,
): ReadonlyMap<string, number> {
  const found = new Map(Array.from(due, (id) => [id, CLAIM_GAIN]));
  for (const suite of suites) {
    const target = targetOf(suite);
    for (const row of suite.tables.flatMap(({ rows }) => rows)) {
      if (!isOurs(row, target, remembered)) continue;
      const waiting = new Set(needsOf(row).flatMap((need) => dueBehind(need, due, remembered)));
      if (waiting.size === 0 || staysBroken(row, due, target, remembered)) continue;
      for (const id of waiting) found.set(id, (found.get(id) ?? 0) + 1 / waiting.size);
    }
  }
  return found;
}

function isOurs(row: Row, { name, isRehearsal }: GainTarget, { now }: Remembered): boolean {
  if (row.leave !== undefined || !(isRehearsal || row.from.includes(name))) return false;
  return row.override === undefined || overrideState(row.override, now) !== 'in force';
}

function staysBroken(
  { needs }: Row,
  due: ReadonlySet<string>,
  { id }: GainTarget,
  remembered: Remembered,
): boolean {
  return needs.some(
    (need) =>
      dueBehind(need, due, remembered).length === 0 &&
      needStand(need, id, remembered).standing === 'broken',
  );
}

/** The due cases that a need comes down to, those of a derived claim's parts included. */
function dueBehind(
  { claim, cases }: Need,
  due: ReadonlySet<string>,
  remembered: Remembered,
): readonly string[] {
  const basis: Claim['basis'] | undefined = remembered.claim(claim)?.basis;
  if (basis?.kind === 'derived')
    return basis.of.flatMap((part) => dueBehind(part.need, due, remembered));
  return cases.map((name) => caseId(claim, name)).filter((id) => due.has(id));
}
