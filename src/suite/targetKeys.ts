import { z } from 'zod';
import { duration, name } from './atoms.ts';
import { USAGE_SOURCES } from '../domain/usage.ts';
import { imageBytes, imageFormat } from './generators.ts';

const reference = z
  .strictObject({
    url: z
      .string()
      .regex(/^https?:\/\//, 'a url begins with http:// or https://')
      .optional(),
    format: imageFormat,
    bytes: imageBytes,
    missing: z
      .string()
      .regex(/^https?:\/\//, 'a url begins with http:// or https://')
      .optional(),
  })
  .refine(
    (entry) => (entry.url === undefined) !== (entry.missing === undefined),
    'exactly one of url and missing',
  );

const PACE = 'expected a pace such as 60/min, 2/s or 100/h';

const variable = z
  .string('a key is never written here: say env:NAME')
  .regex(/^env:[A-Za-z_][A-Za-z0-9_]*$/, 'a key is never written here: say env:NAME');

const TOKEN_ID = "the id of the key's token is a whole number, from 1 on";

const usage = z.strictObject({
  source: z.enum([...USAGE_SOURCES, 'none']),
  key: variable.optional().describe('the variable that holds an access token'),
  user: z.number().int().min(1).optional().describe('whose access token it is'),
  token: z
    .number(TOKEN_ID)
    .int(TOKEN_ID)
    .min(1, TOKEN_ID)
    .optional()
    .describe("the id of the key's token"),
  within: duration.optional().describe('after this long a charge that does not show is missing'),
  batch: duration.optional().describe('how often a gateway that batches writes its counters'),
});

/** Every key of a target. */
export const targetKeys = z.strictObject({
  grade: z.enum(['live', 'rehearsal']),
  baseUrl: z.string().optional(),
  key: variable.optional(),
  channel: z.number().int().min(0).optional().describe("new-api's channel pin"),
  concurrency: z.number().int().min(1).max(1000).optional(),
  pace: z
    .string(PACE)
    .regex(/^[1-9]\d{0,5}\/(s|min|h)$/, PACE)
    .optional(),
  timeout: duration.optional(),
  budget: z
    .strictObject({
      usd: z.number().min(0).optional(),
      requests: z.number().int().min(1).optional(),
    })
    .optional(),
  confirmAboveUsd: z
    .number()
    .min(0)
    .optional()
    .describe('ask on a terminal before a run that may cost more; 1 if absent, 0 asks before each'),
  let: z
    .record(
      name.refine((written) => written !== 'host', '${target.host} is built in'),
      z.unknown(),
    )
    .optional(),
  references: z.array(reference).optional(),
  mock: z.literal('allowed').optional(),
  usage: usage.optional(),
});

/** Every key of a file of targets. */
export const targetsKeys = z.strictObject({
  targets: z.record(
    z.string().regex(/^[a-z0-9.-]+$/, 'a name has only a-z, 0-9, dots and dashes'),
    targetKeys,
  ),
});
