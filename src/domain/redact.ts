/** Takes secrets out of whatever is stored, printed or reported. */
export interface Redactor {
  readonly text: (text: string) => string;
  /** The same for every string in a value, member names included. */
  readonly value: <Value>(value: Value) => Value;
}

/** What stands where a secret stood. */
export const MASK = '[redacted]';
/** Shorter secrets would make noise of every body; no real key is that short. */
const MIN_LENGTH = 6;

/**
 * Redacts secrets by their value, in every spelling that a server could echo: raw, JSON-escaped (also `\u` and `\/`),
 * percent-encoded in either case, base64 and base64url at each of the three alignments (so also in a Basic header), and hex.
 */
export function makeRedactor(secrets: readonly string[]): Redactor {
  const spellings = [
    ...new Set(secrets.filter((secret) => secret.length >= MIN_LENGTH).flatMap(spell)),
  ];
  if (spellings.length === 0) return { text: (text) => text, value: (value) => value };
  // Longest first, so that no part of a longer spelling is left standing.
  const sources = spellings.toSorted((a, b) => b.length - a.length);
  const pattern = new RegExp(sources.join('|'), 'g');
  const text = (one: string): string => one.replace(pattern, MASK);
  return { text, value: (value) => deep(value, text) };
}

function deep<Value>(value: Value, text: (one: string) => string): Value {
  if (typeof value === 'string') return text(value) as Value;
  if (Array.isArray(value)) return value.map((item: unknown) => deep(item, text)) as Value;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [text(key), deep(one, text)]),
  ) as Value;
}

/** Patterns, as sources of a regular expression, of one secret in all its spellings. */
function spell(secret: string): readonly string[] {
  const bytes = new TextEncoder().encode(secret);
  return [characters(secret), ...base64Spellings(bytes), hex(bytes)];
}

/** Each character raw, as a JSON escape, or as percent-encoded bytes, in any mixture. */
function characters(secret: string): string {
  return Array.from(secret, (character) => {
    const units = Array.from({ length: character.length }, (_, at) => character.charCodeAt(at));
    const escaped = units
      .map((unit) => `\\\\+u${anyCase(unit.toString(16).padStart(4, '0'))}`)
      .join('');
    const percent = Array.from(
      new TextEncoder().encode(character),
      (byte) => `%(?:25)*${anyCase(byte.toString(16).padStart(2, '0'))}`,
    ).join('');
    const short = '"\\/\b\f\n\r\t'.includes(character)
      ? [`\\\\+${literal(shortEscape(character))}`]
      : [];
    return `(?:${[literal(character), escaped, percent, ...short].join('|')})`;
  }).join('');
}

function shortEscape(character: string): string {
  const names: Readonly<Record<string, string>> = {
    '\b': 'b',
    '\f': 'f',
    '\n': 'n',
    '\r': 'r',
    '\t': 't',
  };
  return names[character] ?? character;
}

/**
 * The characters of a base64 text that depend on the secret alone, whatever stands before and after it:
 * with 0, 1 or 2 bytes before, the first and the last character may mix in foreign bits and are left out.
 */
function base64Spellings(bytes: Uint8Array): readonly string[] {
  return [0, 1, 2].flatMap((before) => {
    const padded = new Uint8Array(before + bytes.length);
    padded.set(bytes, before);
    const whole = btoa(String.fromCharCode(...padded)).replace(/=+$/, '');
    const from = Math.ceil((before * 8) / 6);
    const to = Math.floor((padded.length * 8) / 6);
    const core = whole.slice(from, to);
    if (core.length < MIN_LENGTH) return [];
    return [Array.from(core, (one) => base64Character(one)).join('')];
  });
}

function base64Character(one: string): string {
  if (one === '+') return '(?:[+\\-]|%2[bB]|\\\\u002[bB])';
  if (one === '/') return '(?:[/_]|\\\\+/|%2[fF]|\\\\u002[fF])';
  return one;
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => anyCase(byte.toString(16).padStart(2, '0'))).join('');
}

function anyCase(digits: string): string {
  return digits.replace(/[a-f]/g, (letter) => `[${letter}${letter.toUpperCase()}]`);
}

function literal(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}
