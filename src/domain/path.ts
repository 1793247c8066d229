import { FunctionExpressionType, JSONPathEnvironment, type JSONPathQuery } from 'json-p3';
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

const compiled = new Map<string, JSONPathQuery>();

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
export function* select(path: string, value: Json): Generator<Json> {
  // The library's eager query spreads its nodes over the stack, which a long list overflows.
  for (const node of compile(path).lazyQuery(value as JSONValue)) yield node.value as Json;
}

function compile(path: string): JSONPathQuery {
  const known = compiled.get(path);
  if (known !== undefined) return known;
  const made = environment.compile(path);
  // Its lazy query still lists all that one selector selects below one node, a million elements; its lazy selectors do not.
  for (const selector of made.segments.flatMap(({ selectors }) => selectors)) {
    Object.assign(selector, { resolve: (node: JSONPathNode) => selector.lazyResolve(node) });
  }
  compiled.set(path, made);
  return made;
}
