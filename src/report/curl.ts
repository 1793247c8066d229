import type { Sent } from '../domain/exchange.ts';

/**
 * A curl command that repeats a request; the key stands as `$NAME`, for the shell to fill.
 * Image payloads in the body were reduced when it was stored: those stand as their type, pixels, length and hash.
 */
export function curl(sent: Sent, keyName: string): string {
  const headers = Object.entries(sent.headers).map(
    // Behind a colon without a value, curl sends no header at all.
    ([name, value]) => `-H ${quoted(value === '' ? `${name};` : `${name}: ${value}`, keyName)}`,
  );
  // Without a type curl would declare a body as a form.
  if (sent.body !== undefined && sent.headers['content-type'] === undefined)
    headers.push(`-H 'content-type:'`);
  const parts = [
    `curl ${options(sent)} ${quoted(sent.url, keyName)}`,
    ...headers,
    ...(sent.body === undefined ? [] : [`--data-raw ${quoted(sent.body, keyName)}`]),
  ];
  return parts.join(' \\\n  ');
}

/** Told of HEAD by `-X`, curl waits for a body; and brackets in a URL are a range to it, unless they are taken as they stand. */
function options({ method, url, body }: Sent): string {
  const verb = method === 'HEAD' && body === undefined ? '--head' : `-X ${method}`;
  return /[[\]{}]/.test(url) ? `${verb} --globoff` : verb;
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
