import type { RetestCost } from '../../domain/cost.ts';
import type { Payload } from '../../domain/exchange.ts';
import type { TriedDay } from '../../domain/history.ts';
import type { CaseNow } from '../../domain/newest.ts';
import type { Run } from '../../domain/run.ts';
import type { ClaimStatus, SuiteStatus } from '../../domain/status.ts';
import type { Exhibit } from '../explain.ts';

/** Everything that an HTML report tells. */
export interface Told {
  /** The moment that it speaks of; ISO 8601. */
  readonly at: string;
  /** Version of Assay. */
  readonly tool: string;
  /** The run that it is about; absent where it is about how everything stands. */
  readonly run?: Run;
  readonly isRehearsal: boolean;
  readonly statuses: readonly SuiteStatus[];
  /** What else somebody has to know: runs that were killed, decisions whose time is over. */
  readonly asides: readonly string[];
  readonly costs: readonly RetestCost[];
  /** The days of each history, from the first to the last, as YYYY-MM-DD in UTC. */
  readonly days: readonly string[];
  readonly history: (status: ClaimStatus) => readonly TriedDay[];
  readonly cases: (status: ClaimStatus) => readonly CaseNow[];
  /** The evidence to be shown in full, where it is kept: what decides first. */
  readonly exhibits: (status: ClaimStatus) => readonly Exhibit[];
  /** A small copy of an image as a `data:` URL; undefined where none was kept, or none can be made. */
  readonly thumbnail: (payload: Payload) => string | undefined;
}
