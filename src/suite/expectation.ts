import type { Expectation, Given, Json, Need } from '../domain/claim.ts';
import { kinds } from '../domain/expect/index.ts';
import { didYouMean } from '../domain/problem.ts';
import { fill, hasHole, type Scope, withoutLiterals, withoutNulls } from './expand.ts';
import { conform } from './issues.ts';
import { expectationKeys } from './schema.ts';
import type { Shapes } from './shapes.ts';
import { type Complain, explainedBy, placeOf, quoted, type Source, type Span } from './source.ts';
import { keyHint } from './traps.ts';
import { type Member, plain, type Written } from './written.ts';

/** What the reading of expectations needs from the suite around them. */
export interface Surroundings {
  readonly source: Source;
  readonly complain: Complain;
  readonly shapes: Shapes;
  /** The cases that a selector names; nothing where it names none, which is noted. */
  readonly resolve: (selector: string, at: Span) => Need | undefined;
}

/** The expectations of one case, filled and checked; those with problems are noted and left out. */
export function readExpectations(
  items: readonly Written[],
  scope: Scope,
  around: Surroundings,
): readonly Expectation[] {
  const explained = explainedHere(around);
  return items.flatMap((item) => {
    const known = scope.settled.get(item);
    if (known !== undefined) return known;
    const only = onlyMember(item, explained.complain);
    if (only === undefined) return [];
    const read = readExpectation(only, Object.keys(kinds), scope, explained);
    if (!hasHole(item)) scope.settled.set(item, read);
    return read;
  });
}

/** The preconditions of one case: expectations, and claims that must pass in the same run. */
export function readGiven(
  items: readonly Written[],
  scope: Scope,
  around: Surroundings,
): readonly Given[] {
  const explained = explainedHere(around);
  return items.flatMap((item): readonly Given[] => {
    const only = onlyMember(item, explained.complain);
    if (only === undefined) return [];
    if (only.name === 'charged') {
      explained.complain(only.key, 'what it cost is no precondition', {
        hint: 'give it a claim of its own, and name that: given: [ { claim: SELECTOR } ]',
      });
      return [];
    }
    if (only.name !== 'claim') {
      return readExpectation(only, [...Object.keys(kinds), 'claim'], scope, explained);
    }
    const { value, span } = asScalar(fill(only.value, scope, around.complain));
    if (typeof value !== 'string') {
      explained.complain(span, 'expected a selector: [suite/]claim[/var=value…]');
      return [];
    }
    const need = around.resolve(value, span);
    return need === undefined
      ? []
      : [{ kind: 'claim', need, place: placeOf(around.source, only.key.start) }];
  });
}

function explainedHere(around: Surroundings): Surroundings {
  return { ...around, complain: explainedBy('expectations', around.complain) };
}

interface Named extends Member {
  readonly name: string;
}

function onlyMember(item: Written, complain: Complain): Named | undefined {
  if (item.kind !== 'map') {
    const hint = item.kind === 'scalar' ? { hint: 'write, say, { status: 200 }' } : {};
    complain(item.span, 'an expectation is a mapping with one key', hint);
    return undefined;
  }
  const [first, second] = item.members;
  if (first === undefined) {
    complain(item.span, 'this expectation is empty');
    return undefined;
  }
  if (second !== undefined) {
    const trap = keyHint(second[0], second[1]);
    const own = Object.hasOwn(kinds, second[0]) ? 'begin another item of the list' : undefined;
    const hint = trap ?? own;
    complain(
      second[1].key,
      `an expectation has one key, and this is a second one: ${quoted(second[0])}`,
      hint === undefined ? {} : { hint },
    );
    return undefined;
  }
  return { name: first[0], ...first[1] };
}

function readExpectation(
  { name, key, value }: Named,
  allowed: readonly string[],
  scope: Scope,
  around: Surroundings,
): readonly Expectation[] {
  const { complain, source } = around;
  const kind = Object.hasOwn(kinds, name) ? kinds[name] : undefined;
  const keys = expectationKeys[name];
  if (kind === undefined || keys === undefined) {
    complain(key, `unknown expectation ${quoted(name)}`, didYouMean(name, allowed));
    return [];
  }
  if (value.kind === 'scalar' && value.value === null) {
    complain(key, `no value is written for ${quoted(name)}`);
    return [];
  }
  const filled = withoutLiterals(withoutNulls(fill(value, scope, complain)));
  // A case may leave an expectation out: its variable stands for null.
  if (filled.kind === 'scalar' && filled.value === null && value.kind === 'scalar') return [];
  const parsed =
    scope.open === undefined
      ? (conform(keys, filled, complain) as Json | undefined)
      : plain(filled);
  if (parsed === undefined) return [];
  const files = kind.files?.(parsed) ?? [];
  const shapes = files.map((file) => shapeOf(file, filled, around));
  if (shapes.includes(undefined)) return [];
  // What is itself the name of a file has that one shape; what names several has them by name.
  const byFile = Object.fromEntries(files.map((file, index) => [file, shapes[index] ?? null]));
  const shape = filled.kind === 'scalar' ? shapes[0] : byFile;
  const wrong = scope.open === undefined ? kind.check?.(parsed, shape) : undefined;
  if (wrong !== undefined) {
    const refused = spanOf(filled, (one) => wrong.startsWith(JSON.stringify(one)));
    complain(filled.kind === 'scalar' ? filled.span : (refused ?? key), wrong);
    return [];
  }
  const place = placeOf(source, key.start);
  const read: Expectation = { kind: name, value: parsed, place };
  return [files.length === 0 || shape === undefined ? read : { ...read, shape }];
}

/** The JSON Schema in a file; one that is missing, or is none, is noted where it is named. */
function shapeOf(
  file: string,
  within: Written,
  { shapes, complain }: Surroundings,
): Json | undefined {
  const shape = shapes(file);
  if ('json' in shape) return shape.json;
  const at = spanOf(within, (value) => value === file) ?? within.span;
  complain(at, shape.message, shape.hint === undefined ? {} : { hint: shape.hint });
  return undefined;
}

/** Where the first such value stands: a check quotes first the one that it refuses. */
function spanOf(node: Written, isIt: (value: unknown) => boolean): Span | undefined {
  if (node.kind === 'scalar') return isIt(node.value) ? node.span : undefined;
  const values =
    node.kind === 'list' ? node.items : [...node.members.values()].map(({ value }) => value);
  for (const value of values) {
    const span = spanOf(value, isIt);
    if (span !== undefined) return span;
  }
  return undefined;
}

function asScalar(node: Written): { readonly value: unknown; readonly span: Span } {
  return { value: node.kind === 'scalar' ? node.value : undefined, span: node.span };
}
