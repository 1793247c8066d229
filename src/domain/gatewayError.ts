import type { Json } from './claim.ts';

/** What an error answer says, from any of the shapes that this family of gateways uses. */
export interface GatewayError {
  /** Without the ` (request id: …)` that the gateway appends. */
  readonly message: string;
  readonly type?: string;
  readonly code?: string;
  readonly param?: string;
}

/**
 * Reads `{ error: { message, type, code, param } }` (OpenAI and native routes; Anthropic wraps the same; Gemini puts one
 * into a list), `{ code, message, data: null }` (task routes), `{ description, type, code }` (Midjourney) and a message
 * with nothing that an answer would have (proxies before a gateway). Source: new-api.
 */
export function gatewayError(value: Json): GatewayError | undefined {
  if (Array.isArray(value)) {
    const [only, ...more] = value as readonly Json[];
    return isMapping(only) && more.length === 0 && only['error'] !== undefined
      ? gatewayError(only)
      : undefined;
  }
  if (!isMapping(value)) return undefined;
  const inner = value['error'];
  if (typeof inner === 'string') return { message: withoutRequestId(inner) };
  if (isMapping(inner)) return fields(inner, inner['message']);
  if (value['code'] !== undefined && typeof value['message'] === 'string') {
    return fields(value, value['message']);
  }
  if (typeof value['message'] === 'string' && isBare(value)) return fields(value, value['message']);
  if (typeof value['description'] === 'string') return fields(value, value['description']);
  return undefined;
}

/** What may stand beside the message of an error that has no code. */
const BESIDE_MESSAGE = ['message', 'type', 'param', 'status', 'success', 'request_id', 'data'];

function isBare(value: Readonly<Record<string, Json>>): boolean {
  return Object.keys(value).every((key) => BESIDE_MESSAGE.includes(key)) && !value['data'];
}

function fields(from: Readonly<Record<string, Json>>, message: Json | undefined): GatewayError {
  return {
    message: typeof message === 'string' ? withoutRequestId(message) : '',
    ...word('type', from['type']),
    ...word('code', from['code']),
    ...word('param', from['param']),
  };
}

function word<Name extends string>(
  name: Name,
  value: Json | undefined,
): Partial<Record<Name, string>> {
  if (typeof value !== 'string' && typeof value !== 'number') return {};
  return { [name]: String(value) } as Record<Name, string>;
}

/** A gateway behind a gateway appends one each. Read from the end: a pattern with `\s*` in front takes quadratic time. */
function withoutRequestId(message: string): string {
  let kept = message;
  for (;;) {
    const trimmed = kept.trimEnd();
    const suffix = trimmed.lastIndexOf('(request id: ');
    if (suffix < 0 || trimmed.indexOf(')', suffix) !== trimmed.length - 1) return kept;
    kept = trimmed.slice(0, suffix).trimEnd();
  }
}

/** Whether a JSON value is an object. */
export function isMapping(value: Json | undefined): value is Readonly<Record<string, Json>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
