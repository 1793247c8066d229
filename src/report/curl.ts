import type { Sent } from '../domain/exchange.ts';

/**
 * A curl command that repeats a request; the key stands as `$NAME`, for the shell to fill.
 * Image payloads in the body were reduced when it was stored: those stand as their type, pixels, length and hash.
 */
export function curl(sent: Sent, keyName: string): string {
  const headers = Object.entries(sent.headers).map(
    ([name, value]) => `-H ${quoted(`${name}: ${value}`, keyName)}`,
  );
  // Without a type curl would declare a body as a form.
  if (sent.body !== undefined && sent.headers['content-type'] === undefined)
    headers.push(`-H 'content-type:'`);
  const parts = [
    `curl -X ${sent.method} ${quoted(sent.url, keyName)}`,
    ...headers,
    ...(sent.body === undefined ? [] : [`--data-raw ${quoted(sent.body, keyName)}`]),
  ];
  return parts.join(' \\\n  ');
}

/** One shell word: in quotes, but for the key, which the shell fills in. */
function quoted(text: string, keyName: string): string {
  if (text === '') return "''";
  return text
    .split(`$${keyName}`)
    .map((part) => (part === '' ? '' : word(part)))
    .join(`"$${keyName}"`);
}

const CONTROL = /\p{Cc}/gu;

/** Line ends and other signs that a terminal would not show as they are go into `$'…'`, which Bash, Zsh and POSIX.1-2024 know. */
function word(text: string): string {
  if (text.search(CONTROL) < 0) return `'${text.replaceAll("'", String.raw`'\''`)}'`;
  const escaped = text
    .replace(/[\\']/g, String.raw`\$&`)
    .replaceAll('\r', String.raw`\r`)
    .replaceAll('\n', String.raw`\n`)
    .replace(CONTROL, escapedControl);
  return `$'${escaped}'`;
}

/** Byte by byte, as it is written in UTF-8. */
function escapedControl(sign: string): string {
  return Array.from(
    new TextEncoder().encode(sign),
    (byte) => `\\x${byte.toString(16).padStart(2, '0')}`,
  ).join('');
}
