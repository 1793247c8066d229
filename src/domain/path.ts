import { FunctionExpressionType, JSONPathEnvironment, JSONPathQuery } from 'json-p3';
import type { JSONPathNode, JSONValue } from 'json-p3';
import { MAX_DEPTH } from './body.ts';
import type { Json } from './claim.ts';
import { found, patternProblem } from './pattern.ts';

const environment = new JSONPathEnvironment({ maxRecursionDepth: 2 * MAX_DEPTH });
// The library's own `match` and `search` use the engine's backtracking RegExp, which a hostile body can stall.
for (const [name, around] of [
  ['match', (pattern: string) => `^(?:${pattern})$`],
  ['search', (pattern: string) => pattern],
] as const) {
  environment.functionRegister.set(name, {
    argTypes: [FunctionExpressionType.ValueType, FunctionExpressionType.ValueType],
    returnType: FunctionExpressionType.LogicalType,
    call: (text: unknown, pattern: unknown) =>
      typeof text === 'string' &&
      typeof pattern === 'string' &&
      patternProblem(around(pattern)) === undefined &&
      found(around(pattern), text),
  });
}

/** One step down a plain path: to a member by its name, or to an item by its index. */
type Step = string | number;

/** A path of plain names and indexes, as most are: it selects one value at most, and needs no library to be followed. */
const PLAIN = /^\$(?:\.[A-Za-z_]\w*|\[(?:0|[1-9]\d{0,8})\])*$/;
const STEP = /\.(\w+)|\[(\d+)\]/g;

const compiled = new Map<string, JSONPathQuery | readonly Step[]>();

/** What is wrong with an RFC 9535 path, or undefined where it parses. */
export function pathProblem(path: string): string | undefined {
  try {
    compile(path);
    return undefined;
  } catch (error) {
    return `${JSON.stringify(path)} is no JSON path (RFC 9535): ${(error as Error).message}`;
  }
}

/** The values of all nodes that an RFC 9535 path selects in a body that was let through by its depth, in order, one by one. */
export function select(path: string, value: Json): Iterable<Json> {
  const way = compile(path);
  return way instanceof JSONPathQuery ? queried(way, value) : followed(way, value);
}

function* queried(query: JSONPathQuery, value: Json): Generator<Json> {
  // The library's eager query spreads its nodes over the stack, which a long list overflows.
  for (const node of query.lazyQuery(value as JSONValue)) yield node.value as Json;
}

function followed(steps: readonly Step[], value: Json): readonly Json[] {
  let node: Json = value;
  for (const step of steps) {
    if (typeof node !== 'object' || node === null) return [];
    if (Array.isArray(node) !== (typeof step === 'number') || !Object.hasOwn(node, step)) return [];
    node = (node as Readonly<Record<Step, Json>>)[step] as Json;
  }
  return [node];
}

function compile(path: string): JSONPathQuery | readonly Step[] {
  const known = compiled.get(path);
  if (known !== undefined) return known;
  const made = PLAIN.test(path) ? stepsOf(path) : compileQuery(path);
  compiled.set(path, made);
  return made;
}

function stepsOf(path: string): readonly Step[] {
  return Array.from(path.matchAll(STEP), ([, name, index]) => name ?? Number(index));
}

function compileQuery(path: string): JSONPathQuery {
  const query = environment.compile(path);
  // Its lazy query still lists all that one selector selects below one node, a million elements; its lazy selectors do not.
  for (const selector of query.segments.flatMap(({ selectors }) => selectors)) {
    Object.assign(selector, { resolve: (node: JSONPathNode) => selector.lazyResolve(node) });
  }
  return query;
}
