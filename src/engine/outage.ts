import type { Cause } from '../domain/cause.ts';
import type { Outcome } from '../domain/exchange.ts';
import { isHtml } from '../domain/seen.ts';

/** One transport fault that all cases share, said once. */
export interface Outage {
  readonly cause: Cause;
  readonly detail: string;
}

/** Watches the exchanges of a run for the moment at which going on would only repeat the same fault. */
export interface Watch {
  /** Takes in what an exchange came to, after its retries. */
  readonly see: (outcome: Outcome) => void;
  /** The outage, once there is one; it does not end within a run. */
  readonly outage: () => Outage | undefined;
  /** What the base URL looks wrong for, if every answer was an HTML page. */
  readonly hint: () => string | undefined;
}

/** So many exchanges in a row without an answer are an outage, even of a target that has answered before. */
const SILENT_EXCHANGES = 3;

/** A watch at the beginning of a run. */
export function makeWatch(): Watch {
  let silent = 0;
  let answers = 0;
  let pages = 0;
  let outage: Outage | undefined;
  return {
    see: (outcome) => {
      if (outcome.kind === 'answered') {
        silent = 0;
        answers += 1;
        // This family of gateways answers unknown paths with 200 and its web interface.
        if (outcome.status === 200 && isHtml(outcome)) pages += 1;
        return;
      }
      if (!isShared(outcome.cause)) return;
      silent += 1;
      // A target that has never answered and refuses the connection, retries included, will refuse the next one too.
      const hopeless = outcome.cause === 'unreachable' && answers === 0;
      if (hopeless || silent >= SILENT_EXCHANGES) {
        outage ??= { cause: outcome.cause, detail: outcome.detail };
      }
    },
    outage: () => outage,
    hint: () =>
      answers > 0 && pages === answers
        ? 'every answer was an HTML page, as a web interface gives it: is the base URL that of the API?'
        : undefined,
  };
}

/** Whether a cause is a fault of the way to the target, which other requests share. */
export function isShared(cause: Cause): boolean {
  return cause === 'unreachable' || cause === 'timeout' || cause === 'disconnected';
}
