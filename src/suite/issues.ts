import { z } from 'zod';
import type { Json } from '../domain/claim.ts';
import { didYouMean, nearest } from '../domain/problem.ts';
import { locate } from './positions.ts';
import { type Complain, quoted, type Remark } from './source.ts';
import { keyHint } from './traps.ts';
import { plain, plainMembers, type Written, withMembers } from './written.ts';

type Issue = z.core.$ZodIssue;

/** How to go on with a mapping that has problems, so that the rest of it can be judged as well. */
export interface Recovery {
  /** What stands in for members that are missing or wrong. */
  readonly instead?: Readonly<Record<string, Json>>;
  /** Members without which the rest would only seem wrong. */
  readonly vital?: readonly string[];
  /** Members that are judged by themselves: null stands for what is in them, for each item of a list. */
  readonly apart?: readonly string[];
}

/**
 * The value as a schema lets it through, or nothing; every issue is noted where it was written.
 * Members of a mapping that have issues are noted and then passed over, unless they are vital.
 */
export function conform<Value>(
  schema: z.ZodType<Value>,
  written: Written,
  complain: Complain,
  { instead = {}, vital = [], apart = [] }: Recovery = {},
): Value | undefined {
  const parsed = schema.safeParse(plainApart(written, apart));
  if (parsed.success) return parsed.data;
  const { issues } = parsed.error;
  note(issues, schema, written, [], complain);
  const wrong = issues.flatMap(({ path }) => path.slice(0, 1).map(String));
  const unknown = issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys' && issue.path.length === 0 ? issue.keys : [],
  );
  if (written.kind !== 'map' || wrong.some((name) => vital.includes(name))) return undefined;
  const sound = withMembers(written, (member, name) =>
    wrong.includes(name) || unknown.includes(name) ? undefined : member,
  );
  return schema.safeParse({ ...instead, ...(plainApart(sound, apart) as object) }).data;
}

function plainApart(written: Written, apart: readonly string[]): Json {
  if (written.kind !== 'map' || apart.length === 0) return plain(written);
  return plainMembers(written, (value, name) => {
    if (!apart.includes(name)) return plain(value);
    if (value.kind === 'map') return null;
    return value.kind === 'list' ? value.items.map(() => null) : value.value;
  });
}

/** The same keys without undefined: zod types an optional key as possibly undefined, and those that are there are not. */
export function defined<Value extends object>(
  value: Value,
): { [Key in keyof Value]: Exclude<Value[Key], undefined> } {
  return value as { [Key in keyof Value]: Exclude<Value[Key], undefined> };
}

function note(
  issues: readonly Issue[],
  schema: z.ZodType,
  written: Written,
  above: readonly PropertyKey[],
  complain: Complain,
): void {
  const mistaken = new Set(
    issues.flatMap(({ code, path }) => (code === 'unrecognized_keys' ? [path.join()] : [])),
  );
  const meant = new Set(
    issues.flatMap((issue) =>
      issue.code === 'unrecognized_keys' ? meantBy(issue, schema, above) : [],
    ),
  );
  for (const issue of issues) {
    // What a mapping lacks is often what its unknown key was meant to be.
    if (issue.code === 'custom' && mistaken.has(issue.path.join())) continue;
    const path = [...above, ...issue.path];
    const spot = locate(written, path);
    const last = String(path.at(-1));
    if (!spot.whole) {
      // It is there, misspelt, and said to be so.
      if (!meant.has(issue.path.join())) complain(spot.node.span, `${quoted(last)} is missing`);
    } else if (issue.code === 'unrecognized_keys') {
      noteKeys(issue.keys, schema, spot.node, path, complain);
    } else if (issue.code === 'invalid_key') {
      complain(spot.key, issue.issues[0]?.message ?? `${quoted(last)} cannot be a key`, {
        ...didYouMean(last, keysAt(schema, path.slice(0, -1))),
      });
    } else if (issue.code === 'invalid_union') {
      const entered = enteredBranch(issue.errors);
      if (entered !== undefined) note(entered, schema, written, path, complain);
      // A schema's own words say more than all that its branches would have taken.
      else if (!issue.message.startsWith('Invalid ')) complain(spot.node.span, issue.message);
      else complainOf(issue.errors.flat(), spot.node, complain);
    } else {
      complainOf([issue], spot.node, complain);
    }
  }
}

/** The paths of the keys that unknown ones are most like. */
function meantBy(
  { keys, path }: Extract<Issue, { code: 'unrecognized_keys' }>,
  schema: z.ZodType,
  above: readonly PropertyKey[],
): readonly string[] {
  const known = keysAt(schema, [...above, ...path]);
  return keys.map((key) => [...path, nearest(key, known) ?? ''].join());
}

function noteKeys(
  keys: readonly string[],
  schema: z.ZodType,
  node: Written,
  path: readonly PropertyKey[],
  complain: Complain,
): void {
  for (const key of keys) {
    const member = node.kind === 'map' ? node.members.get(key) : undefined;
    if (member === undefined) continue;
    const trap = keyHint(key, member);
    const remark: Remark =
      trap === undefined ? didYouMean(key, keysAt(schema, path)) : { hint: trap };
    complain(member.key, `unknown key ${quoted(key)}`, remark);
  }
}

/** The branch of a union whose form was meant: the value got past its type, and fails further in. */
function enteredBranch(branches: readonly (readonly Issue[])[]): readonly Issue[] | undefined {
  return branches
    .filter((issues) =>
      issues.some(({ path, code }) => path.length > 0 || code === 'unrecognized_keys'),
    )
    .toSorted((a, b) => a.length - b.length)[0];
}

function complainOf(issues: readonly Issue[], node: Written, complain: Complain): void {
  const wants = [...new Set(issues.flatMap(expected))];
  const written = node.kind === 'scalar' ? node.value : undefined;
  if (wants.length === 0) {
    complain(node.span, issues[0]?.message ?? 'this fits no form that is allowed here');
    return;
  }
  const words = issues.flatMap((issue) => (issue.code === 'invalid_value' ? issue.values : []));
  const hint: Remark =
    typeof written === 'string'
      ? didYouMean(
          written,
          words.filter((word) => typeof word === 'string'),
        )
      : written !== undefined && written !== null && wants.includes('text')
        ? { hint: `quote it: "${written}"` }
        : {};
  const but = words.length > 0 && node.kind === 'scalar' ? '' : `, not ${kindOf(node)}`;
  complain(node.span, `expected ${wants.join(' or ')}${but}`, hint);
}

const TYPES: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping',
  record: 'a mapping',
};

/** What one issue asks for, or nothing where its own message says it better. */
function expected(issue: Issue): readonly string[] {
  // A schema's own words say more than the type that it found missing.
  if (!/^(Invalid|Too) /.test(issue.message)) return [];
  if (issue.code === 'invalid_type') return [TYPES[issue.expected] ?? issue.expected];
  if (issue.code === 'invalid_value') return issue.values.map(String);
  if (issue.code === 'too_small') return [limit(issue.origin, 'at least', Number(issue.minimum))];
  if (issue.code === 'too_big') return [limit(issue.origin, 'at most', Number(issue.maximum))];
  if (issue.code === 'invalid_union') return issue.errors.flat().flatMap(expected);
  return [];
}

function limit(origin: string, bound: string, count: number): string {
  if (origin === 'string')
    return count === 1 ? 'text that is not empty' : `${bound} ${count} characters`;
  if (origin === 'array') return `${bound} ${count} ${count === 1 ? 'item' : 'items'}`;
  return `${bound} ${count}`;
}

function kindOf(node: Written): string {
  if (node.kind === 'list') return node.items.length === 0 ? 'an empty list' : 'a list';
  if (node.kind === 'map') return 'a mapping';
  if (node.value === null) return 'nothing';
  if (typeof node.value === 'string') return node.value === '' ? 'empty text' : 'text';
  return String(node.value);
}

/** The keys that a schema knows at a path, whichever branches of its unions lead there. */
function keysAt(schema: z.core.$ZodType, path: readonly PropertyKey[]): readonly string[] {
  const [step, ...rest] = path;
  if (schema instanceof z.ZodOptional) return keysAt(schema.unwrap(), path);
  if (schema instanceof z.ZodUnion) return schema.options.flatMap((option) => keysAt(option, path));
  if (schema instanceof z.ZodArray) return step === undefined ? [] : keysAt(schema.element, rest);
  if (schema instanceof z.ZodRecord) {
    if (step !== undefined) return keysAt(schema.valueType, rest);
    return schema.keyType instanceof z.ZodEnum ? schema.keyType.options.map(String) : [];
  }
  if (!(schema instanceof z.ZodObject)) return [];
  if (step === undefined) return Object.keys(schema.shape);
  const inner = schema.shape[String(step)];
  return inner === undefined ? [] : keysAt(inner, rest);
}
