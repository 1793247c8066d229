import type { Behaviour } from './behaviour.ts';
import { ERROR_NAMES } from './errors.ts';

const ENCODINGS = ['none', 'raw', 'json', 'percent', 'base64', 'basic'];

/** How an error is worded, and how any answer travels. */
export const TRANSPORT_BEHAVIOURS = {
  message: {
    subjects: ERROR_NAMES,
    values: ['own', 'other', '<text>'],
    honest: 'own',
    says: 'the message of an error',
  },
  status: {
    subjects: ERROR_NAMES,
    values: ['own', '<status>'],
    honest: 'own',
    says: 'the status of an error',
  },
  type: {
    subjects: ERROR_NAMES,
    values: ['own', '<text>'],
    honest: 'own',
    says: 'the type of an error',
  },
  code: {
    subjects: ERROR_NAMES,
    values: ['own', '<text>'],
    honest: 'own',
    says: 'the code of an error',
  },

  fail: {
    values: ['none', '<status>'],
    honest: 'none',
    says: 'every generation is answered with this status, whatever was asked',
  },
  'fail.body': {
    values: ['json', 'empty', 'html'],
    honest: 'json',
    says: 'the body of such an answer',
  },
  'retry-after': {
    values: ['absent', '<text>'],
    honest: 'absent',
    says: 'Retry-After of such an answer',
  },
  throttle: {
    values: ['<number>'],
    honest: '0',
    says: 'only the first so many generations fail, with 429 unless fail says otherwise',
  },
  delay: { values: ['<number>'], honest: '0', says: 'milliseconds before an answer begins' },
  trickle: {
    values: ['<number>'],
    honest: '0',
    says: 'milliseconds between the sixteen pieces of a body',
  },
  answer: {
    values: [
      'own',
      'bare',
      'html',
      'empty',
      'truncated',
      'never',
      'stalled',
      'reset',
      'cut',
      'endless',
    ],
    honest: 'own',
    says: 'how a generation is answered; bare: at once, with a small JSON object',
  },
  padding: {
    values: ['<number>'],
    honest: '0',
    says: 'bytes of white space after the body, compressed with it',
  },
  headers: { values: ['<number>'], honest: '0', says: 'bytes of an additional header' },
  encoding: {
    values: ['identity', 'gzip', 'broken'],
    honest: 'identity',
    says: 'the content encoding; broken: gzip is declared, and it is not',
  },
  redirect: {
    values: ['none', '<text>'],
    honest: 'none',
    says: 'where a generation redirects to',
  },
  'echo.body': {
    values: [...ENCODINGS, 'split'],
    honest: 'none',
    says: 'the key stands in the body; split: over two chunks',
  },
  seed: {
    values: ['<number>'],
    honest: '1',
    says: 'what comes by chance follows from it: any behaviour may have a share of the generations, as in shape=text@0.1',
  },
  'echo.header': { values: ENCODINGS, honest: 'none', says: 'the key stands in a header' },
} as const satisfies Record<string, Behaviour>;
