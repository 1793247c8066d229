import { z } from 'zod';
import { OBSERVATIONS, STANDINGS } from '../domain/claim.ts';
import { kinds } from '../domain/expect/index.ts';
import { MOST_TRIALS } from '../domain/interval.ts';
import { day, duration, link, name, sentence } from './atoms.ts';
import { requestKeys } from './requestKeys.ts';

// Free of transforms, so that the same schema validates suites and is printed for editors.

const id = z.string().regex(/^[a-z0-9.-]+$/, 'an id has only a-z, 0-9, dots and dashes');
/** A string, or a map of locales of which the first serves the rest. */
const text = z
  .union([
    sentence,
    z
      .record(z.string(), sentence)
      .refine((byLocale) => Object.keys(byLocale).length > 0, 'expected at least one locale'),
  ])
  .meta({ id: 'text' });
const texts = z.union([text, z.array(text).min(1)]);
const selector = sentence.describe('[suite/]claim[/var=value…]');

const superseded = z
  .strictObject({ on: day, by: sentence, why: sentence })
  .describe('kept and searchable, run only when named');

const documented = z
  .strictObject({
    as: z
      .enum(['holds', 'broken', 'open'])
      .optional()
      .describe('what the docs say: they promise it, they say that it fails, they promise nothing'),
    under: sentence.optional().describe('the heading'),
    quote: sentence.optional().describe('words of the page'),
    asserted: day.optional().describe('the day on which the docs said so'),
  })
  .describe('what the docs say of it, where, and since when');

const fresh = duration.describe('the age at which holds becomes stale; 30d');
const cost = z
  .strictObject({ usd: z.number().min(0) })
  .describe('the worst that one request can cost');
const letKeys = z.record(name, z.unknown()).describe('what ${name} stands for');

/** What may be written of an expectation, by the name of its kind. */
export const expectationKeys: Readonly<Record<string, z.ZodType>> = Object.fromEntries(
  Object.values(kinds).map((kind) => [kind.name, kind.keys(z)]),
);
const expectation = z
  .strictObject(expectationKeys)
  .partial()
  .meta({ id: 'expectation', minProperties: 1, maxProperties: 1 });
const control = z.strictObject({ claim: selector.describe('this claim passes in this run') });
const given = z.union([expectation, control]);

const fold = z.union([
  z.enum(['all', 'any', 'none']),
  z.strictObject({ differ: z.enum(OBSERVATIONS) }),
]);

const captureFrom = z
  .string()
  .regex(
    /^(\$|header:[!#$%&'*+.^_`|~0-9A-Za-z-]+$)/,
    'expected a path such as $.id, or header:NAME',
  );

/** Every key of a step. */
export const stepKeys = z.strictObject({
  request: z
    .union([sentence, requestKeys])
    .optional()
    .describe('a name, or a mapping that stands by itself unless it is like another; the first'),
  expect: z.array(expectation).min(1).optional().describe('2xx is implied'),
  capture: z
    .record(name, captureFrom)
    .optional()
    .describe('name → path with exactly one node, or header:NAME; ${name} in later steps'),
  until: z
    .array(expectation)
    .min(1)
    .optional()
    .describe('sent again until an answer meets these; never: inconclusive'),
  every: duration.optional().describe('from one answer to the next sending; 5s'),
  within: duration.optional().describe('from the first sending; needed by until'),
});

const trials = z
  .strictObject({
    of: z.number().int().min(1).max(MOST_TRIALS).describe('the most trials of one run'),
    atLeast: z
      .number()
      .gt(0, 'expected a rate above 0')
      .lt(1, 'expected a rate below 1: no number of trials shows that all pass')
      .describe('the rate that is claimed: 0.9'),
    confidence: z
      .number()
      .min(0.5)
      .lt(1, 'expected a confidence below 1: no number of trials is certain')
      .describe('a wrong pass, and a wrong fail, is at most 1 - confidence likely'),
  })
  .describe('repeated, and decided by the interval over all trials');

const TWO_NUMBERS = 'between is two whole numbers, the smaller one first, as in [1, 64]';
const discover = z
  .strictObject({
    vary: name.describe('what is moved: ${name} of both claims'),
    between: z
      .array(z.number(TWO_NUMBERS).int(TWO_NUMBERS).min(0, TWO_NUMBERS), TWO_NUMBERS)
      .length(2, TWO_NUMBERS)
      .refine(([least = 0, most = 0]) => least < most, TWO_NUMBERS)
      .describe('the least and the most that may be sent'),
    over: selector.describe('the claim that rejects what is too much'),
  })
  .describe('how the real limit is searched (assay discover), on the claim that accepts');

/** Every key of a claim. */
export const claimKeys = z.strictObject({
  id: id.describe('unique in the suite'),
  says: sentence.describe('the sentence, falsifiable'),
  covers: z
    .array(z.union([z.number(), sentence]))
    .optional()
    .describe('numbers or names in your own list of sentences'),
  documented: documented.optional(),
  let: letKeys.optional(),
  vary: z
    .union([
      z.record(name, z.array(z.unknown()).min(1)),
      z.array(z.record(name, z.unknown())).min(1),
    ])
    .optional()
    .describe('name → list (their product), or a list of rows; each must hold'),
  request: z
    .union([sentence, requestKeys])
    .optional()
    .describe('a name, or a mapping merged over one; the first'),
  given: z.array(given).optional().describe('a precondition; unmet: inconclusive'),
  expect: z
    .array(expectation)
    .min(1)
    .optional()
    .describe('exactly one of expect, of, steps, untestable'),
  steps: z.array(stepKeys).min(1).optional().describe('several requests in order'),
  of: z
    .union([selector, z.record(selector, fold)])
    .optional()
    .describe('derived from other claims: selector → all, any, none or { differ }'),
  untestable: sentence.optional().describe('why no request can settle it'),
  fresh: fresh.optional(),
  cost: cost.optional(),
  trials: trials.optional(),
  discover: discover.optional(),
  superseded: superseded.optional(),
});

const words = z
  .partialRecord(z.enum([...STANDINGS, 'else']), text)
  .describe('standing or else → text');
const from = z.array(sentence).min(1).describe('targets whose evidence counts: each of them');

/** Every key of a table's row. */
const rowKeys = z.strictObject({
  row: texts.describe('its key cell, or a list for several key columns'),
  needs: z.array(selector).min(1).optional().describe('the weakest standing counts'),
  from: from.optional(),
  words: words.optional().describe("over the table's"),
  better: z
    .array(
      z.strictObject({
        word: text.describe('what the row says then'),
        needs: z.array(selector).min(1).describe('each must hold, on every target of the row'),
      }),
    )
    .min(1)
    .optional()
    .describe('stronger words for where the row holds: the first whose needs hold as well'),
  leave: sentence.optional().describe('why the row is not ours: its bytes stay'),
  override: z
    .strictObject({
      word: text.describe('what the row says meanwhile'),
      by: sentence.describe('who has decided it'),
      on: day.describe('the first day on which it counts'),
      until: day.describe('the last one; then the evidence rules again'),
      why: sentence,
      link: link.optional(),
    })
    .optional()
    .describe("a person's dated decision, over what the evidence says"),
});

/** Every key of a table. */
export const tableKeys = z.strictObject({
  under: text.describe('the heading above it, `A > B` for a path'),
  nth: z.number().int().min(1).optional().describe('which of several that match'),
  in: z.array(sentence).min(1).optional().describe('the locales that have it; all'),
  key: texts.describe('its key column, or a list of them'),
  owns: text.describe('the only column that is written'),
  from: from.optional(),
  words: words.optional(),
  rows: z.array(rowKeys),
});

/** Every key of a suite. */
export const suiteKeys = z.strictObject({
  suite: id.describe('its name; first part of every full claim id'),
  title: sentence.optional().describe('heading in reports'),
  page: text.optional().describe('the page, or one for each locale, below --pages'),
  rehearse: day.optional().describe('the mock world it is rehearsed in; the newest'),
  superseded: superseded.optional(),
  documented: documented.optional(),
  fresh: fresh.optional(),
  cost: cost.optional(),
  let: letKeys.optional(),
  requests: z
    .record(sentence, requestKeys)
    .optional()
    .describe('named requests; the first is the default'),
  claims: z.array(claimKeys),
  tables: z.array(tableKeys).optional(),
});
