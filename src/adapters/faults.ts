import type { Cause } from '../domain/cause.ts';
import type { Unanswered } from '../domain/exchange.ts';

/** Thrown by a connector, so that a refused address is told from a broken one. */
export class Refused extends Error {
  readonly code = 'REFUSED';
}

const CAUSE_OF: Readonly<Record<string, Cause>> = {
  REFUSED: 'guarded',
  ERR_BUFFER_TOO_LARGE: 'oversized',
  UND_ERR_HEADERS_OVERFLOW: 'oversized',
  UND_ERR_HEADERS_TIMEOUT: 'timeout',
  UND_ERR_BODY_TIMEOUT: 'timeout',
  UND_ERR_CONNECT_TIMEOUT: 'unreachable',
  UND_ERR_INVALID_ARG: 'malformed',
  UND_ERR_NOT_SUPPORTED: 'malformed',
  HTTPParserError: 'malformed',
  // undici asserts that a status is no less than 100.
  ERR_ASSERTION: 'malformed',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'malformed',
};

/** Why there is no answer, from what Node, undici or zlib threw; `connected` tells a refused connection from a broken one. */
export function faultOf(error: unknown, connected: boolean): Unanswered {
  const code = codeOf(error);
  return { kind: 'unanswered', cause: causeOf(code, connected), detail: detailOf(error, code) };
}

function causeOf(code: string, connected: boolean): Cause {
  // zlib: it was not compressed as it said.
  if (code.startsWith('Z_')) return 'malformed';
  return CAUSE_OF[code] ?? (connected ? 'disconnected' : 'unreachable');
}

/** undici's parser gives its errors a name of their own, and often no code. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  if (error.name === 'HTTPParserError') return error.name;
  return 'code' in error && typeof error.code === 'string' ? error.code : '';
}

/** Several addresses of one name fail as one error without a message: the first of them says enough. */
function detailOf(error: unknown, code: string): string {
  if (error instanceof AggregateError) {
    const first: unknown = error.errors[0];
    return detailOf(first, codeOf(first));
  }
  // An assertion shows the code that made it, from its second line on.
  const [message = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
  if (message === '') return code;
  return code === '' || code === 'REFUSED' || message.includes(code)
    ? message
    : `${message} (${code})`;
}
