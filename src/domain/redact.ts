/** Takes secrets out of whatever is stored, printed or reported. */
export interface Redactor {
  readonly text: (text: string) => string;
  /** The same for every string in a value, member names included. */
  readonly value: <Value>(value: Value) => Value;
}

/** What stands where a secret stood. */
const MASK = '[redacted]';
/** Shorter secrets would make noise of every body; no real key is that short. */
const MIN_LENGTH = 6;

/** The names and most values of headers come with every answer: so many short texts are looked through only once. */
const MOST_KEPT = 1000;
const SHORT = 64;

/**
 * Redacts secrets by their value, in every spelling that a server could echo: raw, JSON-escaped (also `\u` and `\/`),
 * percent-encoded in either case, as HTML writes them (`&amp;`, `&#38;`), base64 and base64url at each of the three
 * alignments (so also in a Basic header), wrapped or not, and hex; and its beginning, where a text ends in the middle of it.
 */
export function makeRedactor(secrets: readonly string[]): Redactor {
  const spellings = secrets.filter((secret) => secret.length >= MIN_LENGTH).flatMap(spell);
  if (spellings.length === 0) return { text: (text) => text, value: (value) => value };
  const whole = anyOf(spellings.map((spelling) => spelling.lead + sourceOf(spelling)));
  const begun = anyOf(spellings.map((spelling) => spelling.lead + beginning(spelling)));
  // Where something is to be redacted, these find it too; without the lead, which may be empty, they look faster.
  const anywhere = new RegExp(anyOf(spellings.map(sourceOf)).source);
  const atEnd = new RegExp(anyOf(spellings.map(beginning)).source);
  const longest = Math.max(...secrets.map(({ length }) => length)) * LONGEST_CHARACTER;
  const text = (one: string): string => {
    if (one.length < MIN_LENGTH) return one;
    if (!anywhere.test(one) && !atEnd.test(one.slice(-longest))) return one; // as most are
    const masked = one.replace(whole, MASK);
    // Only at the end can there be a beginning.
    const end = Math.max(0, masked.length - longest);
    return masked.slice(0, end) + masked.slice(end).replace(begun, MASK);
  };
  const clean = new Set<string>();
  const textOnce = (one: string): string => {
    if (one.length > SHORT) return text(one);
    if (one.length < MIN_LENGTH || clean.has(one)) return one;
    const masked = text(one);
    if (masked === one && clean.size < MOST_KEPT) clean.add(one);
    return masked;
  };
  return { text, value: (value) => deep(value, textOnce) };
}

/** The pieces of a regular expression that finds a secret in one spelling. */
interface Spelling {
  /** Of what may stand before it and goes with it. */
  readonly lead: string;
  /** Of each of its characters. */
  readonly parts: readonly string[];
  /** Of what may stand between two characters. */
  readonly joint: string;
}

/** Longest first, so that no part of a longer spelling is left standing. */
function anyOf(sources: readonly string[]): RegExp {
  return new RegExp([...new Set(sources)].toSorted((a, b) => b.length - a.length).join('|'), 'g');
}

/** More than any character takes in an honest spelling, its escapes escaped again. */
const LONGEST_CHARACTER = 32;

/** What an escape can leave at the end of a text that is cut in the middle of it. */
const CUT_ESCAPE = String.raw`[\\%u0-9a-fA-F&#;xmpltgqo]{0,16}`;

/** A secret in one spelling, without what may stand before it. */
function sourceOf({ parts, joint }: Spelling): string {
  return parts.join(joint);
}

/** The beginning of a secret at the end of a text: an answer may be cut short in the middle of it. */
function beginning({ parts, joint }: Spelling): string {
  const least = parts.slice(0, MIN_LENGTH).join(joint);
  const more = parts
    .slice(MIN_LENGTH)
    .reduceRight((further, part) => `(?:${joint}${part}${further})?`, '');
  return `${least}${more}${joint}${CUT_ESCAPE}$`;
}

/** Most values hold no secret, and need no copy: it begins with the first member that is another one without it. */
function deep<Value>(value: Value, text: (one: string) => string): Value {
  if (typeof value === 'string') return text(value) as Value;
  if (typeof value !== 'object' || value === null) return value;
  const members = value as Readonly<Record<string, unknown>>;
  const keys = Object.keys(members);
  let copy: [string, unknown][] | undefined;
  for (let at = 0; at < keys.length; at++) {
    const key = keys[at] ?? '';
    const name = text(key);
    const one = deep(members[key], text);
    if (copy === undefined && name === key && one === members[key]) continue;
    copy ??= keys.slice(0, at).map((before) => [before, members[before]]);
    copy.push([name, one]);
  }
  if (copy === undefined) return value;
  return (Array.isArray(value) ? copy.map(([, one]) => one) : Object.fromEntries(copy)) as Value;
}

/** Patterns, as sources of a regular expression, of one secret in all its spellings. */
function spell(secret: string): readonly Spelling[] {
  const bytes = new TextEncoder().encode(secret);
  return [characters(secret), ...base64Spellings(bytes), hex(bytes)];
}

/**
 * Each character raw, as a JSON escape, as percent-encoded bytes, or as a reference of HTML, in any mixture. Backslashes
 * only escape, so those of the secret itself are left out, and any may stand before each character; those before the first
 * go as well, or what is left of an escape would spoil the JSON around it. Every repetition is bounded and none overlaps
 * the next, so that hostile text takes linear time.
 */
function characters(secret: string): Spelling {
  const bare = Array.from(secret.replaceAll('\\', ''), (character) => {
    const units = Array.from({ length: character.length }, (_, at) => character.charCodeAt(at));
    const escaped = units
      .map((unit) => `u${anyCase(unit.toString(16).padStart(4, '0'))}`)
      .join(String.raw`\\{1,8}`);
    const percent = Array.from(
      new TextEncoder().encode(character),
      (byte) => `%(?:25){0,8}${anyCase(byte.toString(16).padStart(2, '0'))}`,
    ).join('');
    const html = references(character);
    return `(?:${[literal(character), escaped, percent, ...html, ...control(character)].join('|')})`;
  });
  return bare.length < MIN_LENGTH
    ? { lead: '', parts: [literal(secret)], joint: '' }
    : { lead: LEAD, parts: bare, joint: BACKSLASHES };
}

/**
 * Backslashes before the first character of a secret, where no other stands before them: tried once for each run of them,
 * and not from each of them anew.
 */
const LEAD = String.raw`(?:(?<!\\)\\{1,64})?`;

/** Backslashes between two characters of a secret, themselves escaped or not. */
const BACKSLASHES = String.raw`(?:\\|u005[cC]|%(?:25){0,8}5[cC]|&(?:amp;){0,8}#(?:0{0,6}92|[xX]0{0,6}5[cC]);){0,16}`;

/** What pages write for a character: its number, or the name of one that they read as their own. */
function references(character: string): readonly string[] {
  const point = character.codePointAt(0) ?? 0;
  const number = `(?:0{0,6}${point}|[xX]0{0,6}${anyCase(point.toString(16))})`;
  const name = NAMES[character];
  return [`&(?:amp;){0,8}#${number};`, ...(name === undefined ? [] : [`&(?:amp;){0,8}${name};`])];
}

const NAMES: Readonly<Record<string, string>> = {
  '&': 'amp',
  '<': 'lt',
  '>': 'gt',
  '"': 'quot',
  "'": 'apos',
};

/** The letters that stand for a control character behind a backslash. */
function control(character: string): readonly string[] {
  const at = '\b\f\n\r\t'.indexOf(character);
  return at < 0 ? [] : [literal('bfnrt'.charAt(at))];
}

/**
 * The characters of a base64 text that depend on the secret alone, whatever stands before and after it:
 * with 0, 1 or 2 bytes before, the first and the last character may mix in foreign bits and are left out.
 */
function base64Spellings(bytes: Uint8Array): readonly Spelling[] {
  return [0, 1, 2].flatMap((before) => {
    const padded = new Uint8Array(before + bytes.length);
    padded.set(bytes, before);
    const whole = btoa(String.fromCharCode(...padded)).replace(/=+$/, '');
    const from = Math.ceil((before * 8) / 6);
    const to = Math.floor((padded.length * 8) / 6);
    const core = whole.slice(from, to);
    if (core.length < MIN_LENGTH) return [];
    return [{ lead: '', parts: Array.from(core, base64Character), joint: LINE_BREAK }];
  });
}

/** Base64 may be wrapped (RFC 2045), inside a JSON string as well. */
const LINE_BREAK = String.raw`(?:\s|\\{1,8}[nr]){0,8}`;

function base64Character(one: string): string {
  if (one === '+') return String.raw`(?:[+\-]|%(?:25){0,8}2[bB]|\\{1,8}u002[bB])`;
  if (one === '/') return String.raw`(?:[/_]|\\{1,8}/|%(?:25){0,8}2[fF]|\\{1,8}u002[fF])`;
  return one;
}

function hex(bytes: Uint8Array): Spelling {
  const parts = Array.from(bytes, (byte) => anyCase(byte.toString(16).padStart(2, '0')));
  return { lead: '', parts, joint: '' };
}

function anyCase(digits: string): string {
  return digits.replace(/[a-f]/g, (letter) => `[${letter}${letter.toUpperCase()}]`);
}

function literal(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}
