import type { Cause } from './cause.ts';

/** The places in which a gateway of this family shows what it charged. */
export const USAGE_SOURCES = ['management', 'dashboard', 'token'] as const;
export type UsageSourceName = (typeof USAGE_SOURCES)[number];

/** One row of a key's consumption log. */
export interface LogRow {
  /** `error` rows charge nothing; `other` is what is no charge at all: a top-up, an act of management. */
  readonly kind: 'consume' | 'refund' | 'error' | 'other';
  /** In the gateway's integer units, as charged or given back; never negative. */
  readonly quota: number;
  /** By the gateway's clock; ISO 8601. */
  readonly at: string;
  /** As it was asked for: an alias stays one. */
  readonly model: string;
  /** Absent in builds that do not log it. */
  readonly requestId?: string;
  /** The model behind an alias (`other.upstream_model_name`). */
  readonly upstreamModel?: string;
  /** What a user's group multiplies prices by (`other.group_ratio`). */
  readonly groupRatio?: number;
}

/** How a key's counter moved, in the gateway's integer units of quota. */
export interface Counter {
  /** Before the request was sent. */
  readonly before: number;
  /** Once it had settled. */
  readonly after: number;
  /** The highest that was seen in between: a reservation that is given back is no charge. */
  readonly peak: number;
}

/** What a usage source showed of the charge of one exchange. */
export interface Measured {
  readonly kind: 'measured';
  readonly source: UsageSourceName;
  /** Units of quota that make one US dollar. */
  readonly quotaPerUsd: number;
  /** Absent where the source shows no counter. */
  readonly counter?: Counter;
  /** Every row that the key's log gained, newest first, whosever it is; absent where the source shows no log. */
  readonly rows?: readonly LogRow[];
  /** From the end of the answer until counter and log first stood as they then stayed, in milliseconds. */
  readonly settledMs: number;
  /** Before this, in milliseconds, the gateway's batching and the source's staleness explain any difference. */
  readonly boundMs: number;
  /** False where counter or log still moved when the time was up. */
  readonly isSettled: boolean;
  /** What the gateway's price list asks for one image of the model, in units of quota, before any group's ratio; absent where it lists none. */
  readonly listedPerImage?: number;
  /** Whether the key has no limit: some builds never count what such a key spends. */
  readonly isUnlimited?: boolean;
}

/** Why a charge could not be measured. */
export interface Unmeasured {
  readonly kind: 'unmeasured';
  readonly source: UsageSourceName | 'none';
  readonly cause: Cause;
  readonly detail: string;
  /** Rows of the log that were read all the same, where only they were asked for. */
  readonly rows?: readonly LogRow[];
}

/** What a usage source showed of an exchange, or why it showed nothing. */
export type Usage = Measured | Unmeasured;

/** What was shown of an exchange once it was kept: a charge may take longer to settle than a process lives. */
export interface Settlement {
  /** Id of the exchange. */
  readonly exchange: string;
  readonly usage: Usage;
  /** What the exchange cost after all, in US dollars: measured, or the declared worst case. */
  readonly usd: number;
}
