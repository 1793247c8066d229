import { z } from 'zod';
import type { Case, Expectation, Given, Json } from './claim.ts';
import type { Answered, Exchange, Fetched, Outcome, Payload } from './exchange.ts';
import { kinds } from './expect/index.ts';
import type { Judged, Kind, Seen } from './expect/kind.ts';
import { type Controls, judge } from './judge.ts';
import { look } from './seen.ts';
import type { Verdict } from './verdict.ts';

/** For tests only: an answer with a JSON body, or with a text as it stands. */
export function answered(
  status: number,
  body: Json,
  more: {
    readonly headers?: Readonly<Record<string, string>>;
    readonly payloads?: readonly Payload[];
    readonly cut?: boolean;
  } = {},
): Answered {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const { headers = {}, payloads = [], cut = false } = more;
  return {
    kind: 'answered',
    status,
    headers,
    body: { text, bytes: text.length, payloads, cut },
  };
}

/** For tests only: an exchange of attempts with these outcomes, the last of which took `ms`. */
export function exchangeOf(
  outcomes: Outcome | readonly Outcome[],
  more: { readonly fetched?: Readonly<Record<string, Fetched>>; readonly ms?: number } = {},
): Exchange {
  const { fetched = {}, ms = 12 } = more;
  return {
    id: 'x1',
    sent: { method: 'POST', url: 'http://127.0.0.1/v1', headers: {} },
    attempts: [outcomes].flat().map((outcome) => ({ at: '2026-04-01T00:00:00Z', ms, outcome })),
    fetched,
  };
}

/** For tests only: a whole PNG, unless told otherwise; its hash is made of one digit. */
export function payload(more: Partial<Payload> & { readonly digit?: string } = {}): Payload {
  const { digit = 'a', ...rest } = more;
  return {
    type: 'image/png',
    width: 1024,
    height: 1024,
    bytes: 1234,
    sha256: digit.repeat(64),
    ...rest,
  };
}

/** For tests only: what stands in a reduced body for a payload. */
export function token({ type, width, height, bytes, sha256 }: Payload): string {
  return `<${type},${width}x${height},${bytes},sha256:${sha256}>`;
}

/** For tests only: Gemini's answer with these parts. */
export function gemini(parts: readonly Json[], more: Readonly<Record<string, Json>> = {}): Json {
  return { candidates: [{ content: { parts }, finishReason: 'STOP' }], ...more };
}

/** For tests only: a part with an inline image. */
export function inline(one: Payload, mimeType: string = one.type): Json {
  return { inlineData: { mimeType, data: token(one) } };
}

/** For tests only: an expectation written on line 7. */
export function expectation(kind: string, value: Json, shape?: Json): Expectation {
  const place = { file: 'suites/s.yaml', line: 7, column: 9 };
  return shape === undefined ? { kind, value, place } : { kind, value, place, shape };
}

/** For tests only: a case that expects these, each written as in a suite. */
export function caseOf(
  expect: readonly Readonly<Record<string, Json>>[],
  given: readonly Given[] = [],
): Case {
  return {
    claim: 's/c',
    name: '',
    request: { method: 'POST', path: '/v1', query: {}, headers: {}, auth: 'bearer' },
    given,
    expect: expect.flatMap((one) =>
      Object.entries(one).map(([kind, value]) => expectation(kind, value)),
    ),
  };
}

/** For tests only: a kind by its name. */
export function kindOf(name: string): Kind<unknown> {
  const kind = kinds[name];
  if (kind === undefined) throw new Error(`no kind ${name}`);
  return kind as Kind<unknown>;
}

/** For tests only: what one expectation, as written, says of an answer; its value must fit the kind's keys. */
export function judgedBy(name: string, value: Json, answer: Answered, shape?: Json): Judged {
  const kind = kindOf(name);
  return kind.judge(kind.keys(z).parse(value), seenOf(answer), shape);
}

/** For tests only: an answer as expectations look at it. */
export function seenOf(answer: Answered, fetched?: Readonly<Record<string, Fetched>>): Seen {
  return look(exchangeOf(answer, fetched === undefined ? {} : { fetched }), answer);
}

/** For tests only: why a value as written is no value of its kind: refused by the keys or by the check. */
export function problemOf(name: string, value: Json, shape?: Json): string | undefined {
  const kind = kindOf(name);
  const parsed = kind.keys(z).safeParse(value);
  if (!parsed.success) return `keys: ${parsed.error.issues[0]?.message}`;
  return kind.check?.(parsed.data, shape);
}

/** For tests only: an expectation as it is written, by the name of its kind. */
export type Written = Readonly<Record<string, Json>>;

/** For tests only: a run that says nothing of any control yet. */
export const none: Controls = () => undefined;

/** For tests only: what an outcome says of a case that expects these, with no control. */
export function verdict(outcome: Outcome, expected: readonly Written[]): Verdict {
  return judge(caseOf(expected), exchangeOf(outcome), none).verdict;
}

/** For tests only: an error object with this code. */
export function error(code: string, message = 'm'): Json {
  return { error: { message, code, type: 't' } };
}
