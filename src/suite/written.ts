import type { Json } from '../domain/claim.ts';
import type { Span } from './source.ts';

/** Levels of nesting, deeper than any suite; a cap, so that no file can exhaust the stack. */
export const MOST_DEPTH = 60;

/** What is said of a file that exceeds it. */
export const TOO_DEEP = `this is nested deeper than ${MOST_DEPTH} levels`;

/** Names that would reach an object's prototype. */
export const FORBIDDEN_KEYS: readonly string[] = ['__proto__', 'constructor', 'prototype'];

/** A value as it was written: what YAML or a module made of it, and where it stands. */
export type Written = WrittenScalar | WrittenList | WrittenMap;

/** Text, a number, true, false or null. */
export interface WrittenScalar {
  readonly kind: 'scalar';
  readonly value: string | number | boolean | null;
  readonly span: Span;
}

/** A list. */
interface WrittenList {
  readonly kind: 'list';
  readonly items: readonly Written[];
  readonly span: Span;
}

/** A mapping; its keys are text. */
export interface WrittenMap {
  readonly kind: 'map';
  readonly members: ReadonlyMap<string, Member>;
  readonly span: Span;
}

/** One member of a mapping. */
export interface Member {
  readonly key: Span;
  readonly value: Written;
  /** A key in `{ … }` that no colon follows: often the second half of a sentence. */
  readonly bare: boolean;
}

/** The bare value, as JSON. */
export function plain(node: Written): Json {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'list') return node.items.map(plain);
  const members: Record<string, Json> = {}; // no reader lets a name through that would reach the prototype
  for (const [name, { value }] of node.members) members[name] = plain(value);
  return members;
}

/** The same value as though it stood elsewhere: what `${name}` stands for is shown where it is used. */
export function movedTo(node: Written, span: Span): Written {
  if (node.kind === 'scalar') return { ...node, span };
  if (node.kind === 'list') {
    return { kind: 'list', items: node.items.map((item) => movedTo(item, span)), span };
  }
  return withMembers(node, (one) => ({ ...one, key: span, value: movedTo(one.value, span) }), span);
}

/** A mapping with each member changed, or left out where nothing comes back. */
export function withMembers(
  node: WrittenMap,
  change: (member: Member, name: string) => Member | undefined,
  span: Span = node.span,
): WrittenMap {
  const members = new Map<string, Member>();
  for (const [name, before] of node.members) {
    const changed = change(before, name);
    if (changed !== undefined) members.set(name, changed);
  }
  return { kind: 'map', members, span };
}

/** The member of that name, if the value is a mapping that has one. */
export function member(node: Written | undefined, name: string): Written | undefined {
  return node?.kind === 'map' ? node.members.get(name)?.value : undefined;
}

/** The items of a list; of anything else, none. */
export function itemsOf(node: Written | undefined): readonly Written[] {
  return node?.kind === 'list' ? node.items : [];
}

/** A generator is a mapping with a key that starts with `$`; it merges as one value. */
export function isGenerator(node: Written): boolean {
  return node.kind === 'map' && [...node.members.keys()].some((name) => /^\$(?!\{)/.test(name));
}

/** A value that goes out, or is compared, exactly as it stands: `{ $literal: … }`. */
export function literal(node: Written): Written | undefined {
  return node.kind === 'map' && node.members.size === 1
    ? node.members.get('$literal')?.value
    : undefined;
}
