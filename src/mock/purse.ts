/** How long Redis keeps what a token had used (new-api: SYNC_FREQUENCY). */
const CACHED_MS = 60_000;
/** Rows of the log that are remembered at least; older ones go, so many at a time. */
const KEPT_ROWS = 5000;
/** What the user has to begin with, in units of quota: more than any test spends. */
const WEALTH = 1e12;

/** What the gateway keeps of one key. Amounts are in units of quota. */
export interface Token {
  readonly id: number;
  readonly name: string;
  /** Without `sk-`, and without the channel that it is pinned to. */
  readonly key: string;
  readonly isUnlimited: boolean;
  /** As the database has it; of an unlimited token less than nothing may remain. */
  used: number;
  remain: number;
  /** What remains once every batch is written. */
  available: number;
  /** What Redis says was used, and until when it says so; refreshed from the database after that. */
  cached: { readonly used: number; readonly until: number };
}

/** One row of the consumption log. */
export interface Row {
  /** By the gateway's clock, in milliseconds. */
  readonly at: number;
  /** 2 consumes, 5 is an error, 6 gives back (new-api: LogType). */
  readonly type: 2 | 5 | 6;
  readonly token: Token;
  readonly model: string;
  readonly quota: number;
  /** Empty where the build keeps none. */
  readonly requestId: string;
  readonly completionTokens?: number;
  readonly useSeconds?: number;
  readonly isStream?: boolean;
  readonly other: object;
}

/** When a spending is known to the gateway, and when its database has it: later, where it batches. */
export interface Instants {
  readonly at: number;
  readonly writtenAt: number;
}

/** The user's account: what is left, what requests have cost, and how many there were. */
interface Account {
  quota: number;
  used: number;
  requests: number;
}

/** The money of a gateway with one user: tokens, counters and log, as they stand at the moment of asking. */
export interface Purse {
  readonly now: () => number;
  readonly account: () => Readonly<Account>;
  /** Oldest first. */
  readonly tokens: () => readonly Token[];
  /** The token of a key as it was sent; one that is new is opened. */
  readonly tokenOf: (key: string) => Token;
  /** Newest first. */
  readonly rows: () => readonly Row[];
  /** What Redis says that a token has used; `isFresh` reads the database and sets the cache. */
  readonly cachedUse: (token: Token, isFresh: boolean) => number;
  /** Takes from the wallet and, if it counts, from the token; a negative quota gives back. */
  readonly spend: (token: Token | undefined, quota: number, instants: Instants) => void;
  /** Counts a request, and what it cost, in the user's statistics. */
  readonly tally: (quota: number, writtenAt: number) => void;
  readonly write: (row: Row) => void;
}

/** What is known of a token when it is opened. */
export type Opening = Pick<Token, 'isUnlimited' | 'remain'>;

/** A purse in which nothing was spent. What is due later is done when something is asked for, so it needs no timer. */
export function createPurse(clock: () => number, open: () => Opening): Purse {
  const account: Account = { quota: WEALTH, used: 0, requests: 0 };
  const tokens = new Map<string, Token>();
  const rows: Row[] = [];
  const due: { readonly at: number; readonly happen: () => void }[] = [];

  const catchUp = (): void => {
    const now = clock();
    while (due[0] !== undefined && due[0].at <= now) due.shift()?.happen();
  };
  /** What is due at the same instant happens in the order in which it was told. */
  const happenAt = (at: number, happen: () => void): void => {
    catchUp();
    let place = due.length;
    while (place > 0 && (due[place - 1]?.at ?? 0) > at) place -= 1;
    due.splice(place, 0, { at, happen });
    catchUp();
  };
  const tokenOf = (sent: string): Token => {
    catchUp();
    const key = sent.replace(/^sk-/, '');
    const known = tokens.get(key);
    if (known !== undefined) return known;
    const id = tokens.size + 1;
    const { isUnlimited, remain } = open();
    const cached = { used: 0, until: 0 };
    const token = { id, name: `token-${id}`, key, isUnlimited, used: 0, remain, cached };
    const opened: Token = { ...token, available: remain };
    tokens.set(key, opened);
    return opened;
  };

  return {
    now: clock,
    account: () => (catchUp(), account),
    tokens: () => (catchUp(), [...tokens.values()]),
    tokenOf,
    rows: () => (catchUp(), rows.toReversed()),
    cachedUse: (token, isFresh) => {
      catchUp();
      if (isFresh || token.cached.until <= clock()) {
        token.cached = { used: token.used, until: clock() + CACHED_MS };
      }
      return token.cached.used;
    },
    spend: (token, quota, { at, writtenAt }) => {
      if (token !== undefined) happenAt(at, () => (token.available -= quota));
      happenAt(writtenAt, () => {
        account.quota -= quota;
        if (token === undefined) return;
        token.used += quota;
        token.remain -= quota;
      });
    },
    tally: (quota, writtenAt) =>
      happenAt(writtenAt, () => {
        account.used += quota;
        account.requests += 1;
      }),
    write: (row) =>
      happenAt(row.at, () => {
        rows.push(row);
        if (rows.length > 2 * KEPT_ROWS) rows.splice(0, KEPT_ROWS);
      }),
  };
}
