import type { Expectation } from '../domain/claim.ts';
import { didYouMean } from '../domain/problem.ts';
import { type Complain, quoted } from './source.ts';
import {
  isGenerator,
  literal,
  movedTo,
  plain,
  type Written,
  type WrittenMap,
  type WrittenScalar,
  withMembers,
  withValue,
  withValues,
} from './written.ts';

/** What `${name}` stands for in one case: its row of `vary`, then its claim's `let`, then its suite's. */
export interface Scope {
  readonly values: ReadonlyMap<string, Written>;
  /** The names that were filled in somewhere. */
  readonly used: Set<string>;
  /** What was read of expectations in which nothing varies: they are the same for every case of their claim. */
  readonly settled: Map<Written, readonly Expectation[]>;
  /** The names that steps capture: those before the one that is read, which stay as they are until a run, and the others. */
  readonly captured?: { readonly before: ReadonlySet<string>; readonly later: ReadonlySet<string> };
  /** A name that stays as it is, and is filled when a limit is searched; values around it cannot be judged before that. */
  readonly open?: string;
}

const HOLE = /\$\{([^{}]*)\}/g;
const ALONE = /^\$\{([^{}]*)\}$/;

/** One value laid over another: mappings member by member; anything else, lists and generators included, replaces. */
export function merge(base: Written, over: Written): Written {
  if (base.kind !== 'map' || over.kind !== 'map' || isGenerator(base) || isGenerator(over)) {
    return over;
  }
  const members = new Map(base.members);
  for (const [name, member] of over.members) {
    const below = members.get(name);
    members.set(
      name,
      below === undefined ? member : { ...member, value: merge(below.value, member.value) },
    );
  }
  return { kind: 'map', members, span: over.span };
}

/** Puts in what each `${name}` stands for; `${target.…}` and what stands in `$literal` are left as they are. */
export function fill(node: Written, scope: Scope, complain: Complain): Written {
  return hasHole(node) ? filled(node, scope, complain) : node;
}

function filled(node: Written, scope: Scope, complain: Complain): Written {
  if (node.kind === 'list') {
    return { ...node, items: node.items.map((item) => filled(item, scope, complain)) };
  }
  if (node.kind === 'scalar') return fillScalar(node, scope, complain);
  if (literal(node) !== undefined) return node;
  return withMembers(node, (member, name) => {
    if (name.includes('${')) complain(member.key, 'a key cannot be filled in');
    return { ...member, value: filled(member.value, scope, complain) };
  });
}

function fillScalar(node: WrittenScalar, scope: Scope, complain: Complain): Written {
  const text = node.value;
  if (typeof text !== 'string' || !text.includes('${')) return node;
  const alone = ALONE.exec(text)?.[1];
  if (alone !== undefined && !isLeft(alone, scope)) {
    const value = lookUp(alone, node, scope, complain);
    return value === undefined ? node : movedTo(value, node.span);
  }
  const value = text.replace(HOLE, (hole, name: string) => {
    if (isLeft(name, scope)) return hole;
    const found = lookUp(name, node, scope, complain);
    if (found === undefined) return hole;
    const inner = plain(found);
    if (inner === null || typeof inner === 'object') {
      const what = inner === null ? 'nothing' : 'a list or a mapping';
      complain(node.span, `${hole} is ${what}, and cannot be part of a text`, {
        hint: 'let it stand alone in the string',
      });
    }
    return typeof inner === 'string' ? inner : JSON.stringify(inner);
  });
  return { ...node, value };
}

/** Whether there is anything to put in. */
export function hasHole(node: Written): boolean {
  if (node.kind === 'scalar') return typeof node.value === 'string' && node.value.includes('${');
  if (node.kind === 'list') return node.items.some(hasHole);
  for (const [name, { value }] of node.members) {
    if (name.includes('${') || hasHole(value)) return true;
  }
  return false;
}

function ofTarget(name: string): boolean {
  return name.startsWith('target.');
}

/** Whether a hole is filled later: `${target.…}`, what an earlier step captures, and what a search moves. */
function isLeft(name: string, { captured, open }: Scope): boolean {
  return ofTarget(name) || name === open || captured?.before.has(name) === true;
}

function lookUp(
  name: string,
  node: Written,
  scope: Scope,
  complain: Complain,
): Written | undefined {
  scope.used.add(name);
  const value = scope.values.get(name);
  if (value !== undefined) return value;
  const { before = [], later = new Set<string>() } = scope.captured ?? {};
  if (later.has(name)) {
    complain(node.span, `\${${name}} is captured by this step or a later one`, {
      hint: 'a step knows what the steps before it captured',
    });
    return undefined;
  }
  const near = didYouMean(name, [...scope.values.keys(), ...before]);
  complain(node.span, `\${${name}} is declared nowhere`, {
    hint: near.hint ?? 'declare it under let or vary, or send it as it stands: { $literal: … }',
  });
  return undefined;
}

/** Notes each `${name}` in what a name stands for: names are filled in once, so it would be sent as it stands. */
export function refuseHoles(node: Written, complain: Complain): void {
  if (node.kind === 'list') for (const item of node.items) refuseHoles(item, complain);
  if (node.kind === 'map' && literal(node) === undefined) {
    for (const { value } of node.members.values()) refuseHoles(value, complain);
  }
  if (node.kind !== 'scalar' || typeof node.value !== 'string') return;
  for (const [hole, name = ''] of node.value.matchAll(HOLE)) {
    if (ofTarget(name)) continue;
    complain(node.span, `${quoted(hole)} would stay as it is: names are filled in once`);
  }
}

/** Leaves out the members that are null; items of a list stay, and so does what stands in `$literal`. */
export function withoutNulls(node: Written): Written {
  if (node.kind === 'list') return withValues(node, withoutNulls);
  if (node.kind === 'scalar' || literal(node) !== undefined) return node;
  return withMembers(node, (member) =>
    member.value.kind === 'scalar' && member.value.value === null
      ? undefined
      : withValue(member, withoutNulls(member.value)),
  );
}

/** Each `{ $literal: x }` replaced by the bare x. */
export function withoutLiterals(node: Written): Written {
  if (node.kind === 'scalar') return node;
  return literal(node) ?? withValues(node, withoutLiterals);
}

/** Header names in lower case, so that a claim's header replaces the same one below it however it is spelt. */
export function withLowerHeaders(request: WrittenMap): WrittenMap {
  return withMembers(request, (member, name) => {
    if (name !== 'headers' || member.value.kind !== 'map') return member;
    const headers = [...member.value.members].map(
      ([header, value]) => [header.toLowerCase(), value] as const,
    );
    return { ...member, value: { ...member.value, members: new Map(headers) } };
  });
}
