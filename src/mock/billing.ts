import { refuse, type Refusal } from './errors.ts';
import type { Ask, Fault } from './faults.ts';
import type { Instants, Opening, Purse, Row, Token } from './purse.ts';

/** What another client of the same key asks for. */
const OTHER_MODEL = 'gpt-5-mini';

/** A generation, as far as money goes. */
export interface Billed {
  readonly token: Token;
  readonly model: string;
  readonly canonical: string;
  readonly requestId: string;
  readonly path: string;
  /** How many images were asked for. */
  readonly asked: number;
  /** A task that is carried out later is always paid for in advance. */
  readonly isTask: boolean;
}

/** How a generation ended. */
interface Ending {
  /** Images or films that the answer holds. */
  readonly made: number;
  readonly isFailed: boolean;
  readonly isStream: boolean;
}

/** The charge of one generation, from its reservation on. */
export interface Bill {
  /** Charges what it came to; to be called once the answer is on its way. */
  readonly settle: (ending: Ending) => void;
  /** Gives back what a task was charged, with a row of its own, because it failed in the end. */
  readonly giveBack: (why: string) => void;
}

/** What so many images cost, in units of quota: rounded half away from zero, and at least one where they cost anything. */
function quotaOf(ask: Ask, names: readonly string[], images: number): number {
  const perImage = Number(ask('price', ...names)) * Number(ask('quota.unit'));
  // Twelve digits undo what binary fractions add to 0.039 × 500,000: new-api reckons in decimals.
  const exact = Number((perImage * Number(ask('group.ratio')) * images).toPrecision(12));
  return exact > 0 ? Math.max(1, Math.round(exact)) : 0;
}

/** Reserves what a generation may cost, unless user and key are trusted; refuses it where the key has less left. */
export function openBill(purse: Purse, ask: Ask, billed: Billed): Bill | Refusal {
  const { token, model, canonical, requestId, asked, isTask } = billed;
  const names = [model, canonical];
  const isKept = ask('billing.refund', ...names) === 'lost';
  const openedAt = purse.now();
  const reserved =
    isTrusted(purse, ask, token) && !isTask && !isKept ? 0 : quotaOf(ask, names, asked);
  if (!token.isUnlimited && token.available < reserved) {
    return refuse('token-quota', String(token.available), String(reserved));
  }
  const counted = token.isUnlimited && ask('billing.unlimited') === 'uncounted' ? undefined : token;
  const spend = (quota: number, at: number): void => {
    if (quota !== 0) purse.spend(counted, quota, instants(ask, at));
  };
  spend(reserved, openedAt);
  const others = Number(ask('billing.others', ...names));
  if (others > 0) {
    spend(others, openedAt);
    const stranger = { token, model: OTHER_MODEL, requestId: strangersId(requestId, ask) };
    purse.write({ ...stranger, at: openedAt, type: 2, quota: others, other: {} });
  }

  const row = (type: Row['type'], quota: number, at: number, more: Partial<Row> = {}): void =>
    purse.write({
      type,
      quota,
      at: at + Number(ask('billing.row-delay', ...names)),
      token,
      model,
      requestId: ask('log.request-id') === 'logged' ? requestId : '',
      other: otherOf(ask, billed),
      ...more,
    });
  return {
    settle: (ending) => {
      const { counter, rows, type } = chargeOf(ask, billed, ending);
      const kept = ending.isFailed && isKept ? reserved : 0;
      const at = purse.now() + Number(ask('billing.settle', ...names));
      if (!ending.isFailed || counter > 0) purse.tally(counter, instants(ask, at).writtenAt);
      spend(counter + kept - reserved, at);
      for (const quota of rows) {
        row(type, quota, at, {
          completionTokens: ending.made * Number(ask('tokens')),
          useSeconds: Math.floor((purse.now() - openedAt) / 1000),
          isStream: ending.isStream,
        });
      }
    },
    giveBack: (why) => {
      if (isKept) return;
      const at = purse.now() + Number(ask('billing.settle', ...names));
      spend(-reserved, at);
      // The refund of a task is written long after its request, whose id is not known there any more (new-api: RecordTaskBillingLog).
      const other = { ...otherOf(ask, billed), task_id: `task_${requestId}`, reason: why };
      row(6, reserved, at, { requestId: '', other });
    },
  };
}

function isTrusted(purse: Purse, ask: Ask, token: Token): boolean {
  const trust = Number(ask('trust'));
  return (token.isUnlimited || token.available > trust) && purse.account().quota > trust;
}

/** By how much the counter moves for a generation, and what the rows say of it. */
function chargeOf(
  ask: Ask,
  { model, canonical, asked }: Billed,
  { made, isFailed }: Ending,
): { readonly counter: number; readonly rows: readonly number[]; readonly type: 2 | 5 } {
  const names = [model, canonical];
  const isMade = !isFailed && made > 0;
  const more = ask('billing.images', ...names) === 'plus-one' ? 1 : 0;
  const paid = ask('billing.failure', ...names) === 'charged' ? asked : 0;
  const quota = quotaOf(ask, names, isMade ? made + more : paid);
  if (isFailed && quota === 0) {
    return { counter: 0, rows: ask('log.errors') === 'logged' ? [0] : [], type: 5 };
  }
  const times = quota === 0 ? 1 : Number(ask('billing.times', ...names));
  const off = isMade ? Number(ask('billing.off', ...names)) : 0;
  const written = ask('billing.row', ...names);
  const rows = written === 'missing' ? [] : Array<number>(times).fill(quota);
  return {
    counter: quota * times + off,
    rows: written === 'empty' ? rows.map(() => 0) : rows,
    type: 2,
  };
}

/** Counters are written at every so many seconds of the clock, whatever was spent since the last time. */
function instants(ask: Ask, at: number): Instants {
  const everyMs = Number(ask('billing.batch')) * 1000;
  return { at, writtenAt: everyMs === 0 ? at : (Math.floor(at / everyMs) + 1) * everyMs };
}

function otherOf(ask: Ask, { model, canonical, path }: Billed): object {
  return {
    model_price: Number(ask('price', model, canonical)),
    group_ratio: Number(ask('group.ratio')),
    request_path: path,
    billing_source: 'wallet',
    ...(model !== canonical && { is_model_mapped: true, upstream_model_name: canonical }),
  };
}

/** An id of the same form and second, of a request that was never ours. */
function strangersId(requestId: string, ask: Ask): string {
  return ask('log.request-id') === 'logged' ? `${requestId.slice(0, 14)}1another1` : '';
}

/** What a key has to begin with. */
export function openingOf(ask: Ask): Opening {
  const isUnlimited = ask('token') === 'unlimited';
  return { isUnlimited, remain: isUnlimited ? 0 : Number(ask('token.quota')) };
}

/** By when all that faults delay has shown, and how often counters are written; 0 where they are written at once. */
export function delaysOf(faults: readonly Fault[]): {
  readonly withinMs: number;
  readonly batchMs: number;
} {
  const longest = (name: Fault['name']): number =>
    Math.max(
      0,
      ...faults.flatMap((fault) => (fault.name === name ? fault.values.map(Number) : [])),
    );
  const batchMs = longest('billing.batch') * 1000;
  const withinMs = longest('billing.settle') + Math.max(batchMs, longest('billing.row-delay'));
  return { withinMs, batchMs };
}
