import type { Behaviour } from './behaviour.ts';

/** What requests cost, and when and how that shows in counters and log. */
export const BILLING_BEHAVIOURS = {
  price: {
    subjects: ['<model>'],
    values: ['<decimal>'],
    honest: '0.04',
    says: 'US dollars for one image of this model',
  },
  'group.ratio': {
    values: ['<decimal>'],
    honest: '1',
    says: "what the user's group multiplies prices by",
  },
  'quota.unit': {
    values: ['<number>'],
    honest: '500000',
    says: 'units of quota that make one US dollar',
  },
  'quota.display': {
    values: ['USD', 'CNY', 'TOKENS'],
    honest: 'USD',
    says: 'in what the dashboard tells amounts: dollars, yuan, or units of quota',
  },
  token: {
    values: ['limited', 'unlimited'],
    honest: 'limited',
    says: 'whether the quota of a key has a limit',
  },
  'token.quota': {
    values: ['<number>'],
    honest: '1000000000',
    says: 'units of quota that a key has to begin with; one that has none left is 401',
  },
  trust: {
    values: ['<number>'],
    honest: '5000000',
    says: 'where user and key have more than this, nothing is reserved before a request',
  },

  'billing.settle': {
    subjects: ['<model>'],
    values: ['<number>'],
    honest: '0',
    says: 'milliseconds from the end of the answer until it is charged, or its reservation given back',
  },
  'billing.batch': {
    values: ['<number>'],
    honest: '0',
    says: 'counters are written every so many seconds, while rows of the log come at once; 0: both at once',
  },
  redis: {
    values: ['fresh', 'stale'],
    honest: 'fresh',
    says: 'stale: for 60 seconds /api/usage/token/ shows the total_used that Redis has',
  },
  'billing.unlimited': {
    values: ['counted', 'uncounted'],
    honest: 'counted',
    says: 'uncounted: a key without limit never counts what it spends, as in one-api',
  },
  'billing.row': {
    subjects: ['<model>'],
    values: ['written', 'missing', 'empty'],
    honest: 'written',
    says: 'the row of the log for a request that is charged; empty: it says 0',
  },
  'billing.row-delay': {
    subjects: ['<model>'],
    values: ['<number>'],
    honest: '0',
    says: 'milliseconds by which the row comes after the counter',
  },
  'billing.off': {
    subjects: ['<model>'],
    values: ['<number>'],
    honest: '0',
    says: 'units of quota by which the counter moves more than the row says, where images were made',
  },
  'billing.failure': {
    subjects: ['<model>'],
    values: ['free', 'charged'],
    honest: 'free',
    says: 'a request that fails, or that is answered without an image',
  },
  'billing.refund': {
    subjects: ['<model>'],
    values: ['given', 'lost'],
    honest: 'given',
    says: 'what was taken for a request that fails; lost: it is taken of a trusted key as well, and kept',
  },
  'billing.times': {
    subjects: ['<model>'],
    values: ['1', '2'],
    honest: '1',
    says: 'how often a request is charged, each time with a row',
  },
  'billing.images': {
    subjects: ['<model>'],
    values: ['own', 'plus-one'],
    honest: 'own',
    says: 'the images that are charged: those that were made, or one more',
  },
  'billing.others': {
    subjects: ['<model>'],
    values: ['<number>'],
    honest: '0',
    says: 'units of quota that another client spends on the same key while a generation is under way',
  },

  'log.request-id': {
    values: ['logged', 'absent'],
    honest: 'logged',
    says: 'the request id in rows of the log; older builds keep none',
  },
  'log.other': {
    values: ['text', 'object'],
    honest: 'text',
    says: '`other` of a row: JSON as text, or an object',
  },
  'log.errors': {
    values: ['absent', 'logged'],
    honest: 'absent',
    says: 'a row of type 5 for a request that fails (new-api: ERROR_LOG_ENABLED)',
  },
  'log.key': {
    values: ['header', 'query'],
    honest: 'header',
    says: 'where /api/log/token looks for the key; older builds: in ?key=',
  },
  usage: {
    subjects: ['management', 'dashboard', 'token'],
    values: ['open', 'throttled', 'refused', 'absent'],
    honest: 'open',
    says: 'the endpoints that show what was charged; absent: as a build without them',
  },
  'limit.critical': {
    values: ['<number>'],
    honest: '20',
    says: 'requests in 20 minutes to /api/usage/token/ and /api/log/token together',
  },
  'limit.api': {
    values: ['<number>'],
    honest: '180',
    says: 'requests in 180 seconds to the rest of /api and to the dashboard',
  },
} as const satisfies Record<string, Behaviour>;
