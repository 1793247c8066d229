import type { Json } from '../claim.ts';
import { type GatewayError, gatewayError } from '../gatewayError.ts';
import { found, patternProblem } from '../pattern.ts';
import { type Kind, type Miss, type ValueOf, type Zod, shown } from './kind.ts';
import { takesIn } from './status.ts';

const message = (z: Zod) =>
  z.union([
    z.string().min(1),
    z.array(z.string().min(1)).min(1),
    z.strictObject({ matches: z.string().min(1) }),
  ]);
const keys = (z: Zod) =>
  z
    .union([
      z.literal('any'),
      z
        .strictObject({
          message: message(z)
            .optional()
            .describe('text or texts that the message contains, or { matches: pattern }'),
          status: z.number().int().min(400).max(599).optional(),
          type: z.string().optional(),
          code: z.union([z.string(), z.number()]).optional(),
          param: z.string().optional(),
        })
        .refine(
          (value) => Object.keys(value).length > 0,
          'say why it is rejected, or write: rejected: any',
        ),
    ])
    .describe('the request is refused for this reason');

type Rejected = ValueOf<typeof keys>;

/** A refusal for the stated reason; any other refusal misses it. */
export const rejected: Kind<Rejected> = {
  name: 'rejected',
  keys,
  check(value) {
    const text = value === 'any' ? undefined : value.message;
    return typeof text === 'object' && !Array.isArray(text)
      ? patternProblem(text.matches)
      : undefined;
  },
  judge(value, seen) {
    const parsed = seen.json();
    const error = parsed.kind === 'json' ? gatewayError(parsed.value) : undefined;
    const { status } = seen.answer;
    const said = error === undefined ? String(status) : `${status} ${shown(error.message)}`;
    if (value === 'any') {
      return takesIn('4xx', status) ? [] : [{ expected: 'a refusal (4xx)', actual: said }];
    }
    if (status < 400) return [{ expected: `a refusal: ${reason(value)}`, actual: said }];
    const { status: _, ...reasons } = value;
    if (error === undefined && Object.keys(reasons).length > 0) {
      return [
        { expected: `a refusal: ${reason(value)}`, actual: `${status} without an error object` },
      ];
    }
    return misses(value, status, error ?? { message: '' });
  },
  names(value, special) {
    if (value === 'any') return false;
    if (special.kind === 'status') return value.status === special.status;
    return (
      special.kind === 'reason' && value.code !== undefined && String(value.code) === special.reason
    );
  },
};

function misses(
  value: Exclude<Rejected, 'any'>,
  status: number,
  error: GatewayError,
): readonly Miss[] {
  const missed: Miss[] = [];
  if (value.status !== undefined && value.status !== status) {
    missed.push({ what: 'status', expected: String(value.status), actual: String(status) });
  }
  if (value.message !== undefined && !says(value.message, error.message)) {
    missed.push({
      what: 'message',
      expected: wording(value.message),
      actual: shown(error.message),
    });
  }
  for (const word of ['type', 'code', 'param'] as const) {
    const wanted = value[word];
    if (wanted !== undefined && String(wanted) !== error[word]) {
      missed.push({ what: word, expected: shown(wanted), actual: shown(error[word]) });
    }
  }
  return missed;
}

function says(wanted: ValueOf<typeof message>, actual: string): boolean {
  if (typeof wanted === 'string') return actual.includes(wanted);
  return Array.isArray(wanted)
    ? wanted.every((text) => actual.includes(text))
    : found(wanted.matches, actual);
}

function wording(wanted: ValueOf<typeof message>): string {
  if (typeof wanted === 'string') return `a message with ${shown(wanted)}`;
  return Array.isArray(wanted)
    ? `a message with ${wanted.map((text) => shown(text)).join(' and ')}`
    : `a message that matches ${wanted.matches}`;
}

function reason(value: Exclude<Rejected, 'any'>): string {
  if (value.message !== undefined) return wording(value.message);
  return shown(value as Json);
}
