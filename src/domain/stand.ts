import { STANDINGS, type Standing } from './claim.ts';
import { compareInstants } from './instant.ts';

/** What the ledger says of something now, and why. */
export interface Stand {
  readonly standing: Standing;
  /** The evidence ids, or what is missing. */
  readonly because: string;
  readonly evidence: readonly string[];
  /** When the oldest evidence it rests on was observed; ISO 8601. */
  readonly observedAt?: string;
}

/** The weakest of some stands, as a claim has of its cases and a row of its claims; nothing at all is unproven. */
export function weakest(stands: readonly Stand[]): Stand {
  const [first] = stands;
  if (first === undefined)
    return { standing: 'unproven', because: 'nothing is claimed', evidence: [] };
  if (stands.length === 1) return standOf(first);
  const rank = Math.min(...stands.map(({ standing }) => STANDINGS.indexOf(standing)));
  const deciding = stands.filter(({ standing }) => STANDINGS.indexOf(standing) === rank);
  const shownReasons = [...new Set(deciding.map(({ because }) => because))];
  return {
    standing: STANDINGS[rank] ?? 'unproven',
    because:
      shownReasons.slice(0, 3).join('; ') +
      (shownReasons.length > 3 ? `; and ${shownReasons.length - 3} more` : ''),
    ...restingOn(deciding),
  };
}

/** A stand alone, without what was observed. */
function standOf({ standing, because, evidence, observedAt }: Stand): Stand {
  return { standing, because, evidence, ...(observedAt !== undefined && { observedAt }) };
}

/** All evidence that some stands rest on, and when the oldest of it was observed. */
export function restingOn(stands: readonly Stand[]): Pick<Stand, 'evidence' | 'observedAt'> {
  const oldest = oldestOf(stands.flatMap(({ observedAt }) => observedAt ?? []));
  return {
    evidence: [...new Set(stands.flatMap(({ evidence }) => evidence))],
    ...(oldest !== undefined && { observedAt: oldest }),
  };
}

function oldestOf(instants: readonly string[]): string | undefined {
  let oldest: string | undefined;
  for (const at of instants) {
    const later = oldest === undefined ? -1 : compareInstants(at, oldest) || (at < oldest ? -1 : 1);
    if (later < 0) oldest = at;
  }
  return oldest;
}
