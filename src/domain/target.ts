import type { Json } from './claim.ts';
import type { UsageSourceName } from './usage.ts';

/** Only a live target can verify; a run against a mock is a rehearsal. */
export type Grade = 'live' | 'rehearsal';

/** One source of reference images that a target can fetch; braces in `url` (`{format}`, `{bytes}`, `{n}`) let it serve any. */
export interface ReferenceSource {
  readonly url?: string;
  /** `png`, `jpeg` or `webp`; any if absent. */
  readonly format?: string;
  /** Exact length; any if absent and the url has `{bytes}`. */
  readonly bytes?: number;
  /** A url that answers 404. */
  readonly missing?: string;
}

/** At most `count` requests in any window of `perMs`. */
export interface Pace {
  readonly count: number;
  readonly perMs: number;
}

/** What one run may spend on a target. */
export interface Budget {
  readonly usd?: number;
  readonly requests?: number;
}

/** Where a target's charges are read, and how long they may take to show. */
export interface UsageSettings {
  /** `none`: nowhere. */
  readonly source: UsageSourceName | 'none';
  /** The name of the variable that holds an access token; absent where the target's own key is enough. */
  readonly keyName?: string;
  /** The user that an access token belongs to: what `New-Api-User` carries. */
  readonly user?: number;
  /** Id of the key's token on the gateway, where it cannot be told from a list of masked keys. */
  readonly token?: number;
  /** After this long a charge that does not show is missing; by default what the gateway's batching and the source's staleness call for. */
  readonly withinMs?: number;
  /** How often a gateway that batches its counters writes them (new-api: BATCH_UPDATE_INTERVAL, 5 s by default). */
  readonly batchMs?: number;
}

/** What a run may cost without anybody being asked, in US dollars, where a target says nothing of it. */
export const DEFAULT_CONFIRM_USD = 1;

/** The deployment being judged. */
export interface Target {
  readonly name: string;
  readonly grade: Grade;
  /** Absent only for a rehearsal in this process, before its mock has started. */
  readonly baseUrl?: string;
  /** The name of the variable that holds the key: what explain prints as `$NAME`. */
  readonly keyName?: string;
  /** new-api's channel pin, appended to the key and never printed. */
  readonly channel?: number;
  readonly concurrency: number;
  readonly pace?: Pace;
  readonly timeoutMs: number;
  readonly budget: Budget;
  /** Whoever sits at a terminal is asked before a run that may cost more, in US dollars; 0 asks before each, absent means DEFAULT_CONFIRM_USD. */
  readonly confirmAboveUsd?: number;
  /** What `${target.name}` stands for; `host` is built in. */
  readonly let: Readonly<Record<string, Json>>;
  readonly references: readonly ReferenceSource[];
  /** Absent where nothing was said of it: then only a mock in this process shows what it charges. */
  readonly usage?: UsageSettings;
  /** A mock behind a live target may give evidence (tests). */
  readonly mock?: 'allowed';
  /** The day of the mock world, for a rehearsal. */
  readonly world?: string;
}

/** `mock@2026-03-30` for a rehearsal, whose world is part of the target; else the target's name. */
export function targetId(target: Pick<Target, 'name' | 'grade' | 'world'>): string {
  return target.grade === 'live' ? target.name : `${target.name}@${target.world ?? 'no-world'}`;
}

/** Where a target's key is used: worlds of a rehearsal at one address share its lane and its charges. */
export function keyPlace(target: Target): string {
  return target.baseUrl ?? targetId(target);
}
