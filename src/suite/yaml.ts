import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Pair,
  parseDocument,
  Scalar,
  type YAMLError,
  type YAMLMap,
} from 'yaml';
import { type Complain, placeOf, quoted, type Source, type Span } from './source.ts';
import { looksSexagesimal, trapHint } from './traps.ts';
import { FORBIDDEN_KEYS, type Member, MOST_DEPTH, TOO_DEEP, type Written } from './written.ts';

/** Values that aliases may repeat; more come from an alias bomb. */
const MOST_REPEATED = 50_000;

/** Reads one YAML document, or nothing where YAML itself refuses it; every problem is noted. */
export function readYaml(source: Source, complain: Complain): Written | undefined {
  const document = parse(source, complain);
  if (document === undefined) return undefined;
  if (document.contents === null) {
    complain({ start: 0, end: 1 }, 'this file is empty');
    return undefined;
  }
  return readNodes(document.contents, source, complain);
}

function parse(source: Source, complain: Complain): Document.Parsed | undefined {
  let document: Document.Parsed;
  try {
    document = parseDocument(source.text, {
      prettyErrors: false,
      uniqueKeys: false, // told by the reader below, with both lines
    });
  } catch (error) {
    // The parser recurses, so a file can exhaust its stack; whatever it throws is about the file.
    complain({ start: 0, end: 1 }, `this is no YAML: ${saidPlainly((error as Error).message)}`);
    return undefined;
  }
  const { yaml } = document.directives ?? {};
  if (yaml?.explicit === true && yaml.version !== '1.2') {
    complain({ start: 0, end: 1 }, `suites are YAML 1.2, not ${yaml.version}`);
    return undefined;
  }
  const errors = [...document.errors, ...document.warnings];
  for (const { code, message, pos } of withoutEchoes(errors)) {
    const { column } = placeOf(source, pos[0]);
    const line = source.text.slice(pos[0] - column + 1).split('\n', 1)[0] ?? '';
    const hint = trapHint(code, line, column - 1);
    const several = code === 'MULTIPLE_DOCS';
    complain(
      { start: pos[0], end: several ? pos[0] + 3 : pos[1] },
      several ? 'a second document begins here; a file holds one' : saidPlainly(message),
      hint === undefined ? {} : { hint },
    );
  }
  return errors.length === 0 ? document : undefined;
}

/** The parser passes on what the engine says when its stack is full. */
function saidPlainly(message: string): string {
  return message.includes('call stack') ? TOO_DEEP : message;
}

/** One slip makes a chain of unexpected tokens, to the end of the file; the first is the one to mend. */
function withoutEchoes(errors: readonly YAMLError[]): readonly YAMLError[] {
  const first = errors.find(({ code }) => code === 'UNEXPECTED_TOKEN');
  return errors.filter((error) => error.code !== 'UNEXPECTED_TOKEN' || error === first);
}

/** Turns nodes of the parser into written values, aliases followed, each value with its place. */
function readNodes(root: unknown, source: Source, complain: Complain): Written | undefined {
  const anchors = new Map<string, unknown>();
  let repeated = 0;
  let insideAlias = 0;
  let exceeded = false;

  function read(node: unknown, depth: number): Written {
    const span = spanOf(node);
    if (insideAlias > 0) repeated += 1;
    if (exceeded || isTooMuch(span, depth)) return { kind: 'scalar', value: null, span };
    if (isAlias(node)) return follow(node.source, span, depth);
    if (insideAlias === 0) remember(node);
    if (isSeq(node)) {
      return { kind: 'list', items: node.items.map((item) => read(item, depth + 1)), span };
    }
    if (isMap(node)) return { kind: 'map', members: members(node, depth), span };
    return { kind: 'scalar', value: isScalar(node) ? scalar(node, span) : null, span };
  }

  function isTooMuch(span: Span, depth: number): boolean {
    if (depth <= MOST_DEPTH && repeated <= MOST_REPEATED) return false;
    exceeded = true;
    complain(span, depth > MOST_DEPTH ? TOO_DEEP : 'its aliases repeat too many values');
    return true;
  }

  function remember(node: unknown): void {
    const anchor = (node as { anchor?: string } | null)?.anchor;
    if (anchor !== undefined) anchors.set(anchor, node);
  }

  function follow(name: string, span: Span, depth: number): Written {
    if (!anchors.has(name)) {
      complain(span, `no anchor &${name} stands above this alias`);
      return { kind: 'scalar', value: null, span };
    }
    insideAlias += 1;
    const value = read(anchors.get(name), depth + 1);
    insideAlias -= 1;
    return value;
  }

  function members(map: YAMLMap, depth: number): ReadonlyMap<string, Member> {
    const found = new Map<string, Member>();
    for (const pair of map.items) {
      const key = spanOf(pair.key);
      const name = keyName(pair, key);
      if (name === undefined) continue;
      const twin = found.get(name);
      if (twin !== undefined) {
        const { line } = placeOf(source, twin.key.start);
        complain(key, `${quoted(name)} is already written in line ${line}`);
        continue;
      }
      const value: Written =
        pair.value === null
          ? { kind: 'scalar', value: null, span: key }
          : read(pair.value, depth + 1);
      found.set(name, { key, value, bare: pair.value === null });
    }
    return found;
  }

  function keyName(pair: Pair, span: Span): string | undefined {
    if (!isScalar(pair.key) || pair.key.anchor !== undefined) {
      complain(span, 'a key is plain text', {
        hint: 'quote it: "${…}" begins a mapping otherwise',
      });
      return undefined;
    }
    if (insideAlias === 0 && plainSixty(pair.key)) warnOfSixty(span);
    const name = pair.key.source ?? '';
    if (!FORBIDDEN_KEYS.includes(name)) return name;
    complain(span, `${quoted(name)} cannot be a key`);
    return undefined;
  }

  function scalar(node: Scalar, span: Span): string | number | boolean | null {
    const { value } = node;
    if (typeof value === 'string') {
      if (plainSixty(node)) warnOfSixty(span);
      return value;
    }
    if (typeof value === 'number') {
      const exact = Number.isInteger(value) ? Number.isSafeInteger(value) : Number.isFinite(value);
      if (!exact) complain(span, 'no number in JSON can hold this', { hint: 'quote it' });
      return exact ? value : 0;
    }
    if (typeof value === 'boolean' || value === null) return value;
    complain(span, 'this is neither text, a number, true, false nor null');
    return null;
  }

  function warnOfSixty(span: Span): void {
    complain(span, 'older readers of YAML take this for a number in base 60', {
      severity: 'warning',
      hint: `quote it: "${source.text.slice(span.start, span.end)}"`,
    });
  }

  const written = read(root, 0);
  return exceeded ? undefined : written;
}

function plainSixty(node: Scalar): boolean {
  return (
    node.type === Scalar.PLAIN && typeof node.value === 'string' && looksSexagesimal(node.value)
  );
}

/** A mapping in several lines is shown by its first key, a list by its dash, anything else by itself. */
function spanOf(node: unknown): Span {
  if (isScalar(node)) return offsets(node);
  if (isSeq(node) && node.flow !== true) {
    const { start } = offsets(node);
    return { start, end: start + 1 };
  }
  const first = isMap(node) && node.flow !== true ? node.items[0]?.key : undefined;
  return offsets(isScalar(first) ? first : node);
}

function offsets(node: unknown): Span {
  const range = (node as { range?: readonly number[] | null } | null)?.range;
  const start = range?.[0] ?? 0;
  return { start, end: Math.max(start, range?.[1] ?? start) };
}
