import { readPlaces, type Stretch } from './places.ts';
import { type Complain, quoted, type Source, type Span } from './source.ts';
import { FORBIDDEN_KEYS, type Member, MOST_DEPTH, TOO_DEEP, type Written } from './written.ts';

/** More than any suite holds; a cap, so that no module can hold the loader up. */
const MOST_VALUES = 500_000;

/**
 * Reads what a module exports as though it had been written, or nothing where it cannot be; every problem is noted. The
 * text of the module only tells where things stand, as far as it says so itself.
 */
export function readValue(value: unknown, source: Source, complain: Complain): Written | undefined {
  const places = readPlaces(source.text);
  let count = 0;
  let exceeded = false;

  function read(one: unknown, span: Span, within: Stretch, depth: number): Written {
    count += 1;
    if (exceeded || isTooMuch(span, depth)) return { kind: 'scalar', value: null, span };
    if (Array.isArray(one)) {
      const items = Array.from(one, (item: unknown) => read(item, span, within, depth + 1));
      return { kind: 'list', items, span };
    }
    if (isPlainObject(one)) return readMembers(one, span, within, depth);
    return { kind: 'scalar', value: scalar(one, span), span };
  }

  function readMembers(
    object: Readonly<Record<string, unknown>>,
    span: Span,
    within: Stretch,
    depth: number,
  ): Written {
    const members = new Map<string, Member>();
    for (const [name, one] of Object.entries(object)) {
      if (one === undefined) continue; // TypeScript's way to leave a member out
      const key = within.key(name) ?? span;
      if (FORBIDDEN_KEYS.includes(name)) complain(key, `${quoted(name)} cannot be a key`);
      else if (depth === 0 && name === 'claims' && Array.isArray(one))
        members.set(name, { key, value: readClaims(one, key), bare: false });
      else members.set(name, { key, value: read(one, key, within, depth + 1), bare: false });
    }
    return { kind: 'map', members, span };
  }

  function readClaims(claims: readonly unknown[], span: Span): Written {
    const stretches = places.claims(claims.map(idOf));
    const items = claims.map((claim, index) => {
      const stretch = stretches[index];
      return read(claim, stretch?.span ?? span, stretch ?? places.nowhere, 2);
    });
    return { kind: 'list', items, span };
  }

  function isTooMuch(span: Span, depth: number): boolean {
    if (depth <= MOST_DEPTH && count <= MOST_VALUES) return false;
    exceeded = true;
    complain(span, depth > MOST_DEPTH ? TOO_DEEP : `it holds more than ${MOST_VALUES} values`);
    return true;
  }

  function scalar(one: unknown, span: Span): string | number | boolean | null {
    if (typeof one === 'boolean' || one === null) return one;
    if (typeof one === 'string' && one.isWellFormed()) return one;
    if (typeof one === 'number') {
      const exact = Number.isInteger(one) ? Number.isSafeInteger(one) : Number.isFinite(one);
      if (exact) return one;
    }
    complain(span, `no suite can hold ${described(one)}`);
    return null;
  }

  try {
    const written = read(value, places.start, places.whole, 0);
    return exceeded ? undefined : written;
  } catch (error) {
    // A getter of the module's may throw anything.
    const said = error instanceof Error ? String(error) : 'one of its members throws';
    complain(places.start, `its default export cannot be read: ${said}`);
    return undefined;
  }
}

function isPlainObject(one: unknown): one is Readonly<Record<string, unknown>> {
  if (typeof one !== 'object' || one === null) return false;
  const prototype: unknown = Object.getPrototypeOf(one);
  return prototype === Object.prototype || prototype === null;
}

function idOf(claim: unknown): string | undefined {
  return isPlainObject(claim) && typeof claim['id'] === 'string' ? claim['id'] : undefined;
}

function described(one: unknown): string {
  if (typeof one === 'string') return 'a text with half a surrogate pair';
  if (typeof one === 'number') return `the number ${one}`;
  if (typeof one !== 'object' || one === null)
    return one === undefined ? 'undefined' : `a ${typeof one}`;
  return `an object that is no plain one: ${one.constructor?.name ?? 'without a name'}`;
}
