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
  return plainMembers(node, plain);
}

/** The bare members of a mapping, each value made bare in the way that is asked for. */
export function plainMembers(
  { members }: WrittenMap,
  bare: (value: Written, name: string) => Json,
): Record<string, Json> {
  const found: Record<string, Json> = {}; // no reader lets a name through that would reach the prototype
  for (const [name, { value }] of members) found[name] = bare(value, name);
  return found;
}

/** The same value as though it stood elsewhere: what `${name}` stands for is shown where it is used. */
export function movedTo(node: Written, span: Span): Written {
  if (node.kind === 'scalar') return { ...node, span };
  if (node.kind === 'list') {
    return { kind: 'list', items: node.items.map((item) => movedTo(item, span)), span };
  }
  return withMembers(node, (one) => ({ ...one, key: span, value: movedTo(one.value, span) }), span);
}

/** A mapping with each member changed, or left out where nothing comes back; the very same one where nothing changes. */
export function withMembers(
  node: WrittenMap,
  change: (member: Member, name: string) => Member | undefined,
  span: Span = node.span,
): WrittenMap {
  let members: Map<string, Member> | undefined;
  for (const [name, before] of node.members) {
    const after = change(before, name);
    if (after === before) continue;
    members ??= new Map(node.members);
    if (after === undefined) members.delete(name);
    else members.set(name, after);
  }
  if (members === undefined && span === node.span) return node;
  return { kind: 'map', members: members ?? node.members, span };
}

/** A list or a mapping with each value in it changed; the very same one where nothing changes. */
export function withValues(
  node: WrittenList | WrittenMap,
  change: (value: Written) => Written,
): WrittenList | WrittenMap {
  if (node.kind === 'map') return withMembers(node, (one) => withValue(one, change(one.value)));
  const items = node.items.map(change);
  return items.every((item, index) => item === node.items[index]) ? node : { ...node, items };
}

/** A member of another value; the very same one where it has that value. */
export function withValue(one: Member, value: Written): Member {
  return value === one.value ? one : { ...one, value };
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
  if (node.kind !== 'map') return false;
  for (const name of node.members.keys()) {
    if (name.startsWith('$') && !name.startsWith('${')) return true;
  }
  return false;
}

/** A value that goes out, or is compared, exactly as it stands: `{ $literal: … }`. */
export function literal(node: Written): Written | undefined {
  return node.kind === 'map' && node.members.size === 1
    ? node.members.get('$literal')?.value
    : undefined;
}
