import type { Pace } from '../../domain/target.ts';
import type { UsageSourceName } from '../../domain/usage.ts';
import type { Ask, UsageSource } from '../../engine/ports.ts';
import { dashboard } from './dashboard.ts';
import { management } from './management.ts';
import { listedPrice, readPricing } from './pricing.ts';
import { makeReader, once, unread } from './read.ts';
import { readStatus } from './status.ts';
import { CACHE_MS, token } from './token.ts';

/** What a usage source shows, and how often it lets itself be asked. */
interface SourceFacts {
  readonly sees: UsageSource['sees'];
  /** Of all its endpoints together, and of whoever asks from this machine. */
  readonly pace: Pace;
  /** The longest that its counter may show what is no longer true, in milliseconds. */
  readonly staleMs: number;
}

/** What new-api allows to one address on its other endpoints: GlobalAPIRateLimit, by default. */
export const PUBLIC_PACE: Pace = { count: 180, perMs: 180_000 };

/** What each usage source is; the limits are new-api's defaults (middleware/rate-limit.go), and come as an empty 429. */
export const SOURCES: Readonly<Record<UsageSourceName, SourceFacts>> = {
  management: { sees: { counter: true, log: true }, pace: PUBLIC_PACE, staleMs: 0 },
  dashboard: { sees: { counter: true, log: false }, pace: PUBLIC_PACE, staleMs: 0 },
  token: {
    sees: { counter: true, log: true },
    pace: { count: 20, perMs: 20 * 60_000 },
    staleMs: CACHE_MS,
  },
};

/** How a gateway is asked what it charged. */
export interface Reach {
  readonly baseUrl: string;
  /** The target's own key, without a channel pin. */
  readonly key: string;
  /** Of the user's account: for `management` only. */
  readonly accessToken?: string;
  /** The user's id: for `management` only. */
  readonly user?: number;
  /** The id of the key's token: for `management` only, which else looks for it. */
  readonly token?: number;
  readonly timeoutMs: number;
  /** Held to the pace of the source. */
  readonly ask: Ask;
  /** For `/api/status` and `/api/pricing`, held to `PUBLIC_PACE`: they cost none of a scarce source's readings. */
  readonly askPublic: Ask;
}

const noAccess = () =>
  Promise.resolve(
    unread('unauthorized', 'there is no access token to ask the management API with'),
  );
const NO_ACCESS = { counter: noAccess, rows: noAccess };

/** A usage source by its name. */
export function makeUsageSource(name: UsageSourceName, reach: Reach): UsageSource {
  let asked = 0;
  const counted =
    (ask: Ask): Ask =>
    async (request, signal) => {
      const answer = await ask(request, signal);
      // Unanswered and throttled: the pace kept it back. A gateway that throttles answers.
      if (answer.outcome.kind === 'answered' || answer.outcome.cause !== 'throttled') asked += 1;
      return answer;
    };
  const { baseUrl, timeoutMs } = reach;
  const read = makeReader(baseUrl, timeoutMs, counted(reach.ask));
  const readPublic = makeReader(baseUrl, timeoutMs, counted(reach.askPublic));
  const status = once((signal) => readStatus(readPublic, signal));
  const pricing = once((signal) => readPricing(readPublic, signal));

  const own = (): Pick<UsageSource, 'counter' | 'rows'> & { readonly staleMs?: () => number } => {
    switch (name) {
      case 'management':
        return reach.accessToken === undefined
          ? NO_ACCESS
          : management(read, { ...reach, accessToken: reach.accessToken });
      case 'dashboard':
        return dashboard(read, reach.key, status);
      case 'token':
        return token(read, reach.key);
      default:
        name satisfies never;
        throw new Error(`no usage source ${String(name)}`);
    }
  };
  const { counter, rows, staleMs } = own();

  return {
    name,
    sees: SOURCES[name].sees,
    get staleMs() {
      return staleMs?.() ?? SOURCES[name].staleMs;
    },
    isScarce: SOURCES[name].pace !== PUBLIC_PACE,
    async counting(signal) {
      const told = await status(signal);
      if (told.kind === 'unread') return told;
      const { quotaPerUsd, isBatching } = told.value;
      return { kind: 'read', value: { quotaPerUsd, isBatching } };
    },
    counter,
    rows,
    async listedPerImage(model, signal) {
      const told = await status(signal);
      if (told.kind === 'unread') return told;
      const models = await pricing(signal);
      if (models.kind === 'unread') return models;
      const usd = listedPrice(models.value, model);
      if (usd.kind === 'unread' || usd.value === undefined) return usd;
      // Not rounded to whole units, which comes after a group's ratio and the number of images; only to what a float can tell.
      return { kind: 'read', value: Math.round(usd.value * told.value.quotaPerUsd * 1e6) / 1e6 };
    },
    asked: () => asked,
  };
}
