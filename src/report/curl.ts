import type { Sent } from '../domain/exchange.ts';

/**
 * A curl command that repeats a request; the key stands as `$NAME`, for the shell to fill.
 * Image payloads in the body were reduced when it was stored: those stand as their type, pixels, length and hash.
 */
export function curl(sent: Sent, keyName: string): string {
  const headers = Object.entries(sent.headers).map(
    ([name, value]) => `-H ${quoted(`${name}: ${value}`, keyName)}`,
  );
  const parts = [
    `curl -X ${sent.method} ${quoted(sent.url, keyName)}`,
    ...headers,
    ...(sent.body === undefined ? [] : [`--data-raw ${quoted(sent.body, keyName)}`]),
  ];
  return parts.join(' \\\n  ');
}

/** One shell word: in single quotes, but for the key, which the shell fills in. */
function quoted(text: string, keyName: string): string {
  return text
    .split(`$${keyName}`)
    .map((part) => (part === '' ? '' : `'${part.replaceAll("'", String.raw`'\''`)}'`))
    .join(`"$${keyName}"`);
}
