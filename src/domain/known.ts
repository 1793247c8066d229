import type { Need, Place } from './claim.ts';
import { isOver } from './instant.ts';
import type { Problem } from './problem.ts';

/** A contradiction between docs and service that somebody answers for, until a day: it keeps no gate shut meanwhile. */
export interface KnownContradiction {
  /** As it was written: `suite/claim[/name=value…]`. */
  readonly selector: string;
  readonly need: Need;
  readonly owner: string;
  readonly reason: string;
  readonly link: string;
  /** The last day on which it counts, in UTC, as YYYY-MM-DD. */
  readonly until: string;
  readonly place: Place;
}

/** Whether an entry has had its time. */
export function isExpired({ until }: KnownContradiction, nowMs: number): boolean {
  return isOver(until, nowMs);
}

/** The entry that names a case, if one does: no two of them do. */
export function entryFor(
  known: readonly KnownContradiction[],
  claim: string,
  aCase: string,
): KnownContradiction | undefined {
  return known.find(({ need }) => need.claim === claim && need.cases.includes(aCase));
}

/** A warning for each entry whose time is over: it keeps the gate shut. */
export function expiredEntries(
  known: readonly KnownContradiction[],
  nowMs: number,
): readonly Problem[] {
  return known
    .filter((entry) => isExpired(entry, nowMs))
    .map(({ selector, owner, until, place }) => ({
      severity: 'warning',
      message: `the entry of ${selector} by ${owner} has expired on ${until}: it keeps the gate shut`,
      place,
      hint: 'take it out, or decide anew',
      see: 'gates',
    }));
}
