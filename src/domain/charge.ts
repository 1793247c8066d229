import { type Exchange, isFine } from './exchange.ts';
import { arrived, doubtful, joinRows, type Joined, net, requestIds } from './rows.ts';
import type { LogRow, Measured } from './usage.ts';
import type { Untold } from './verdict.ts';

/** What can come of a charge, counter and log held against each other and against the answer; a closed list. */
const CHARGE_OUTCOMES = [
  'aligned', // counter and log agree, and what was charged is what may be
  'aligned late', // the same, but only after the bound of batching and staleness
  'log only', // the log shows a charge, and the counter did not move
  'counter only', // the counter moved, and the log shows no charge
  'mismatch', // both moved, and differ
  'charged on failure', // a request that failed was charged
  'charged twice', // one request, two charges
  'refund missing', // the counter kept, of a request that failed, what no row accounts for
] as const;
export type ChargeOutcome = (typeof CHARGE_OUTCOMES)[number];

/** Later than the bound by more than this, counter and log agree late. */
const LATE_MS = 2000;

/** What an exchange was charged, as far as its measurement tells. */
export interface Charge extends Joined {
  /** By how much the counter moved, in units of quota; absent where none is shown. */
  readonly delta?: number;
  /** What the own rows of the log come to, refunds taken off; absent where no log is shown. */
  readonly logged?: number;
  /** Own consume rows that no refund undid. */
  readonly charges: number;
  /** What holds of it; none where it cannot be told. */
  readonly outcomes: readonly ChargeOutcome[];
  /** Why it cannot be told: unsettled, disturbed, or of an attempt without an answer. */
  readonly untold?: Untold;
  /** What it cost in all its attempts; absent where that cannot be told. */
  readonly cost?: { readonly quota: number; readonly usd: number };
}

/** What a measurement shows of an exchange; what brought no 2xx has failed. */
export function chargeOf(exchange: Exchange, usage: Measured): Charge {
  const { counter, rows, quotaPerUsd } = usage;
  const joined = joinRows(rows ?? [], exchange);
  const facts: Facts = {
    ...joined,
    ...(counter && { delta: counter.after - counter.before }),
    ...(rows && { logged: net(joined.own) }),
    charges: chargesIn(joined.own),
  };
  const untold = whyUntold(facts, exchange, usage);
  const outcomes = untold === undefined ? outcomesOf(facts, exchange, usage) : [];
  const { delta = 0, logged = 0 } = facts;
  // What the counter of an unlimited key does not show is paid all the same.
  const quota = Math.max(delta, logged);
  const isKnown = untold === undefined && doubtful(exchange).length === 0 && (counter ?? rows);
  return {
    ...facts,
    outcomes,
    ...(untold && { untold }),
    ...(isKnown && { cost: { quota, usd: quota / quotaPerUsd } }),
  };
}

type Facts = Pick<Charge, keyof Joined | 'delta' | 'logged' | 'charges'>;

function whyUntold(facts: Facts, exchange: Exchange, usage: Measured): Untold | undefined {
  const disturbance = disturbanceOf(facts, exchange, usage);
  if (disturbance !== undefined) return { cause: 'disturbed', detail: disturbance };
  if (!usage.isSettled) {
    return { cause: 'unsettled', detail: 'counter or log still moved when the time was up' };
  }
  // One-api counts nothing of a key without limit, and then only a log shows what that spends.
  if (usage.isUnlimited === true && usage.rows === undefined && usage.counter?.after === 0) {
    return { cause: 'unmeasured', detail: 'the counter of this key without limit never moved' };
  }
  const inDoubt = doubtful(exchange).length;
  if (facts.unclear.length > 0 || (inDoubt > 0 && !agree(facts))) {
    const detail = `${count(Math.max(1, inDoubt), 'attempt')} brought no answer that says whether it was charged`;
    return { cause: 'unmeasured', detail };
  }
  return undefined;
}

/** What shows that the key was not the exchange's own, if anything does. */
function disturbanceOf(facts: Facts, exchange: Exchange, usage: Measured): string | undefined {
  const { delta = 0, logged = 0, foreign, by, charges: rows } = facts;
  const [first] = foreign;
  if (first !== undefined) {
    const surplus = net(foreign);
    const what = surplus < 0 ? GIVEN_BACK : `another client used the key${orAlias(facts)}`;
    return `${what}: ${count(foreign.length, 'row')} of ${first.model}, ${surplus} beyond ours`;
  }
  if (delta < 0 || logged < 0) return `${GIVEN_BACK}: ${Math.min(delta, logged)}`;
  if (isFine(exchange) && hasStrayRefund(facts)) return `${GIVEN_BACK}, or of this charge`;
  if (isFine(exchange) && hasFallen(facts, usage)) {
    return `${GIVEN_BACK}, or of this charge: the counter had risen by more than ${delta}`;
  }
  const { length } = arrived(exchange);
  return by === 'time and model' && rows > length
    ? `${rows} rows for ${count(length, 'request')}, and no request id that tells ours from another client's`
    : undefined;
}

/** One-api logs no request ids, and the model that was called, whatever was asked for. */
function orAlias({ own, foreign }: Facts): string {
  const isNamed = own.length > 0 || foreign.some(({ requestId }) => requestId !== undefined);
  return isNamed ? '' : ', or its log names models behind their aliases';
}

const GIVEN_BACK = 'something from before was given back';

/** Of a task that failed long after its request, the refund bears no id (new-api): beside a fine answer it may be of any. */
function hasStrayRefund({ own, charges: rows }: Facts): boolean {
  const without = own.filter(({ requestId }) => requestId === undefined);
  const logsIds = without.length < own.length;
  return without.some(({ kind }) => kind === 'refund') && (logsIds || rows === 0);
}

/** A counter that has been higher and is now behind the log: another client's reservation was in it before. */
function hasFallen({ delta = 0, logged = 0 }: Facts, { counter }: Measured): boolean {
  return counter !== undefined && counter.peak > counter.after && delta < logged;
}

/** Whether counter and log are both shown, and say the same. */
function agree({ delta, logged }: Facts): boolean {
  return delta !== undefined && delta === logged;
}

function outcomesOf(
  facts: Facts,
  exchange: Exchange,
  { settledMs, boundMs }: Measured,
): readonly ChargeOutcome[] {
  const { delta, logged } = facts;
  const hasFailed = !isFine(exchange);
  const isCharged = (delta ?? 0) !== 0 || (logged ?? 0) !== 0;
  const named = new Set<ChargeOutcome>();
  for (const { isFailed, rows } of pools(facts, exchange)) {
    if (isFailed && net(rows) > 0) named.add('charged on failure');
    if (!isFailed && facts.by === 'time and model' && chargesIn(rows) > 1) {
      // No more rows than attempts, so one that failed has one of them.
      named.add('charged on failure');
    } else if (isCharged && chargesIn(rows) > 1) named.add('charged twice');
  }
  if (delta !== undefined && logged !== undefined && delta !== logged) {
    if (delta === 0) named.add('log only');
    else if (hasFailed && delta > logged) named.add('refund missing');
    else if (logged === 0) named.add('counter only');
    else named.add(isDouble(facts, exchange) ? 'charged twice' : 'mismatch');
  }
  // Without a log there is no telling whether it was charged, or not given back.
  if (logged === undefined && hasFailed && delta !== undefined && delta > 0) {
    named.add('charged on failure');
  }
  if (named.size === 0 && agree(facts)) {
    const isLate = delta !== 0 && settledMs > boundMs + LATE_MS;
    named.add(isLate ? 'aligned late' : 'aligned');
  }
  return CHARGE_OUTCOMES.filter((outcome) => named.has(outcome));
}

/** One request and one row, and a counter that moved by twice as much. */
function isDouble({ delta, logged = 0, charges: rows }: Facts, exchange: Exchange): boolean {
  return delta === 2 * logged && rows === 1 && arrived(exchange).length === 1;
}

/** Own rows by the attempt that they are of; all together where no request id tells. */
function pools(
  { own, by }: Facts,
  exchange: Exchange,
): readonly { readonly isFailed: boolean; readonly rows: readonly LogRow[] }[] {
  const { attempts } = exchange;
  const hasFailed = !isFine(exchange);
  if (by === 'time and model') return [{ isFailed: hasFailed, rows: own }];
  return attempts.map((attempt, at) => {
    const ids = requestIds(attempt);
    const rows = own.filter(({ requestId = '' }) => ids.includes(requestId));
    return { isFailed: hasFailed || at < attempts.length - 1, rows };
  });
}

/** Consume rows that no refund undid; an empty one counts only for a charge that no other shows. */
function chargesIn(rows: readonly LogRow[]): number {
  const refunds = rows.filter(({ kind }) => kind === 'refund').map(({ quota }) => quota);
  const left = rows.filter(({ kind, quota }) => {
    if (kind !== 'consume') return false;
    const at = refunds.indexOf(quota);
    if (at >= 0) refunds.splice(at, 1);
    return at < 0;
  });
  const telling = left.filter(({ quota }) => quota > 0);
  return (telling.length > 0 ? telling : left).length;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

/** What counter and log show, as a reader wants it: `counter +50000, log 50000 ($0.10)`. */
export function movedBy({ delta, logged, by, own }: Charge, { quotaPerUsd }: Measured): string {
  const worth = (quota: number) => ` (${dollars(quota, quotaPerUsd)})`;
  const isSame = delta === logged;
  const shown = [
    ...(delta === undefined
      ? []
      : [`counter ${delta < 0 ? '' : '+'}${delta}${isSame ? '' : worth(delta)}`]),
    ...(logged === undefined ? [] : [`log ${logged}${worth(logged)}`]),
    ...(own.length > 0 && by === 'time and model' ? [`joined by ${by}`] : []),
  ];
  return shown.join(', ');
}

/** Units of quota in US dollars, as far as a millionth: `$0.10`, `$0.006376`. */
export function dollars(quota: number, quotaPerUsd: number): string {
  return `$${(quota / quotaPerUsd).toFixed(6).replace(/0{1,4}$/, '')}`;
}
