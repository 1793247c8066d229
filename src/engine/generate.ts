import { type Captured, fillAddress, HOLE, textOf } from '../domain/captured.ts';
import type { Case, Expectation, Given, Json, Request, Step } from '../domain/claim.ts';
import { canonicalOnce } from '../domain/digest.ts';
import type { Target } from '../domain/target.ts';
import type { WriteImage } from './ports.ts';
import { offer, type ReferenceNeed } from './references.ts';

/** A value with its generators and `${target.…}` filled, or the sentence that says what the target lacks for it. */
export type Generated<Value> =
  | { readonly kind: 'filled'; readonly value: Value }
  | { readonly kind: 'missing'; readonly missing: string };

const ONLY_HOLE = /^\$\{([^{}]+)\}$/;
const OF_TARGET = 'target.';

/** What holes are filled from, in one pass: nothing that an answer says is ever filled itself. */
interface Source {
  readonly target: Target;
  readonly captured: Captured;
  /** Without it a mapping is a mapping: expectations know no generators. */
  readonly writeImage?: WriteImage;
  /** Whether longer texts than anybody reads are only named: what is sent is not what is kept of it. */
  readonly isAbridged?: boolean;
}

/** Before any step was taken, captured names stay as they are. */
const NOTHING_CAPTURED: Captured = new Map();

/** Longer texts are kept by their head and their length; a million characters in each line would fill a ledger. */
const MOST_KEPT_CHARACTERS = 16_384;
const HEAD_CHARACTERS = 64;

/** What a `$text` says that names nothing else. */
const WORD = 'word ';

/** Side of an `$image` that names no size. */
const IMAGE_SIDE = 64;

/** Fills a request for a target, and with what earlier steps captured: the fourth step of suite-format, "Requests". */
export function generateRequest(
  request: Request,
  target: Target,
  writeImage: WriteImage,
  captured: Captured = NOTHING_CAPTURED,
  isAbridged = false,
): Generated<Request> {
  if (!isOpenOnce(request)) return { kind: 'filled', value: request };
  return generated(() => {
    const from: Source = { target, captured, writeImage, isAbridged };
    const text = (value: string) => fillText(value, from);
    const address = (value: string) => fillAddress(value, captured, (name) => ofTarget(name, from));
    const texts = (record: Readonly<Record<string, string>>) =>
      Object.fromEntries(Object.entries(record).map(([name, value]) => [name, text(value)]));
    return {
      ...request,
      ...(request.path === undefined ? {} : { path: address(request.path) }),
      ...(request.url === undefined ? {} : { url: address(request.url) }),
      query: texts(request.query),
      headers: texts(request.headers),
      ...contents(request, from),
    };
  });
}

/** What a request carries, filled; each part keeps its form, as checked when the suite was read. */
function contents({ json, form, body }: Request, from: Source): Partial<Request> {
  // A mapping is a file to a form: only a generator may make one, and never an answer.
  const captured = new Map([...from.captured].map(([name, value]) => [name, textOf(value)]));
  const asText = { ...from, captured };
  return {
    ...(json === undefined ? {} : { json: fill(json, from) }),
    ...(form === undefined ? {} : { form: asMapping(fill(form, asText)) }),
    ...(body === undefined ? {} : { body: asMapping(fill({ ...body }, asText)) }),
  };
}

/** Whether a request has a text that is made for it. */
export function hasText(request: Request): boolean {
  return isOpenOnce(request) && canonicalOnce(request).includes('"$text"');
}

/** The case as it is judged on a target: `${target.…}` in its expectations and preconditions filled. */
export function generateExpectations(aCase: Case, target: Target): Generated<Case> {
  const { steps = [] } = aCase;
  const written = [
    ...aCase.given,
    ...aCase.expect,
    ...steps.flatMap(({ expect, polling }) => [...expect, ...(polling?.until ?? [])]),
  ];
  if (!written.some((one) => 'value' in one && isOpen(one.value))) {
    return { kind: 'filled', value: aCase };
  }
  const from: Source = { target, captured: NOTHING_CAPTURED };
  const filled = <T extends Expectation>(expectation: T): T => ({
    ...expectation,
    value: fill(expectation.value, from),
  });
  const filledStep = ({ polling, ...step }: Step): Step => ({
    ...step,
    expect: step.expect.map(filled),
    ...(polling && { polling: { ...polling, until: polling.until.map(filled) } }),
  });
  return generated(() => ({
    ...aCase,
    given: aCase.given.map((given): Given => ('need' in given ? given : filled(given))),
    expect: aCase.expect.map(filled),
    ...(aCase.steps && { steps: aCase.steps.map(filledStep) }),
  }));
}

/** Whether there may be something to fill in a value; most are as they go out, and need no copy. */
function isOpen(value: unknown): boolean {
  if (typeof value === 'string') return value.includes('${');
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return value.some(isOpen);
  return Object.keys(value).some(
    (key) => key.startsWith('$') || isOpen((value as Readonly<Record<string, unknown>>)[key]),
  );
}

const known = new WeakMap<object, boolean>();

/** The same, of a request, for which a plan asks before its exchange does. */
function isOpenOnce(request: Request): boolean {
  const open = known.get(request) ?? isOpen(request);
  known.set(request, open);
  return open;
}

/** Thrown and caught in this file only: what the target lacks is found deep inside a value. */
class Missing extends Error {}

function generated<Value>(make: () => Value): Generated<Value> {
  try {
    return { kind: 'filled', value: make() };
  } catch (error) {
    if (error instanceof Missing) return { kind: 'missing', missing: error.message };
    throw error;
  }
}

function fill(value: Json, from: Source): Json {
  if (typeof value === 'string') {
    const name = ONLY_HOLE.exec(value)?.[1];
    const whole = name === undefined ? undefined : lookUp(name, from);
    return whole ?? fillText(value, from);
  }
  if (typeof value !== 'object' || value === null) return value;
  if (isList(value)) return value.map((item) => fill(item, from));
  const { writeImage } = from;
  const generator = Object.keys(value)[0];
  if (writeImage !== undefined && generator?.startsWith('$') === true) {
    const written = value[generator] ?? null;
    if (generator === '$literal') return written;
    return run(generator, asMapping(fill(written, from)), from, writeImage);
  }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fill(item, from)]));
}

function run(
  generator: string,
  keys: Readonly<Record<string, Json>>,
  { target, isAbridged }: Source,
  writeImage: WriteImage,
): Json {
  switch (generator) {
    case '$references':
      return references(keys, numberOf(keys['count']) ?? 1, target);
    case '$reference':
      return references(keys, 1, target)[0] ?? '';
    case '$image':
      return image(keys, writeImage);
    case '$text':
      return textOfLength(keys, isAbridged === true);
    default:
      throw new Missing(`no generator is called "${generator}"`);
  }
}

function references(
  keys: Readonly<Record<string, Json>>,
  count: number,
  target: Target,
): readonly string[] {
  const bytes = numberOf(keys['bytes']);
  const need: ReferenceNeed = {
    count,
    ...(typeof keys['format'] === 'string' ? { format: keys['format'] } : {}),
    ...(bytes === undefined ? {} : { bytes }),
    skip: numberOf(keys['skip']) ?? 0,
    missing: keys['missing'] === true,
  };
  const offered = offer(target.references, need);
  if ('lacks' in offered) throw new Missing(offered.lacks);
  return offered.urls;
}

function textOfLength(keys: Readonly<Record<string, Json>>, isAbridged: boolean): string {
  const text = textOf(keys['of'] ?? WORD);
  const characters = numberOf(keys['characters']) ?? 0;
  return isAbridged && characters > MOST_KEPT_CHARACTERS
    ? `${repeated(text, HEAD_CHARACTERS)}… <${characters} characters>`
    : repeated(text, characters);
}

/** So many characters of a text that is said again and again; a character is a code point, and none is cut in two. */
function repeated(text: string, characters: number): string {
  const signs = Array.from(text);
  const whole = Math.floor(characters / signs.length);
  return text.repeat(whole) + signs.slice(0, characters % signs.length).join('');
}

function image(keys: Readonly<Record<string, Json>>, writeImage: WriteImage): Json {
  const format = keys['format'] ?? 'png';
  if (format !== 'png' && format !== 'jpeg' && format !== 'webp') {
    throw new Missing(`no $image can be ${JSON.stringify(format)}`);
  }
  const bytes = numberOf(keys['bytes']);
  const base64 = Buffer.from(
    draw(writeImage, {
      format,
      width: numberOf(keys['width']) ?? IMAGE_SIDE,
      height: numberOf(keys['height']) ?? IMAGE_SIDE,
      ...(bytes === undefined ? {} : { bytes }),
    }),
  ).toString('base64');
  if (keys['as'] === 'data-uri') return `data:image/${format};base64,${base64}`;
  if (keys['as'] !== 'file') return base64;
  return { filename: `image.${format}`, type: `image/${format}`, ...named(keys), base64 };
}

/** What a file is called and declared as, where the suite says so. */
function named(keys: Readonly<Record<string, Json>>): Readonly<Record<string, Json>> {
  const names = ['filename', 'type'];
  return Object.fromEntries(Object.entries(keys).filter(([name]) => names.includes(name)));
}

function draw(writeImage: WriteImage, asked: Parameters<WriteImage>[0]): Uint8Array {
  try {
    return writeImage(asked);
  } catch (error) {
    throw new Missing(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

function fillText(text: string, from: Source): string {
  return text.replace(HOLE, (hole, name: string) => {
    const value = lookUp(name, from);
    return value === undefined ? hole : textOf(value);
  });
}

/** What a hole stands for; nothing for a name that no step has captured yet. */
function lookUp(name: string, from: Source): Json | undefined {
  return ofTarget(name, from) ?? from.captured.get(name);
}

function ofTarget(name: string, { target }: Source): Json | undefined {
  return name.startsWith(OF_TARGET) ? declared(name.slice(OF_TARGET.length), target) : undefined;
}

function declared(name: string, target: Target): Json {
  const value = Object.hasOwn(target.let, name) ? target.let[name] : undefined;
  if (value !== undefined) return value;
  if (name === 'host') return hostname(target);
  throw new Missing(`target declares no "${name}"`);
}

/** A rehearsal in this process has no address before its mock has started; it will be a loopback one. */
function hostname(target: Target): string {
  return target.baseUrl === undefined ? '127.0.0.1' : new URL(target.baseUrl).hostname;
}

function isList(value: object): value is readonly Json[] {
  return Array.isArray(value);
}

function asMapping(value: Json): Readonly<Record<string, Json>> {
  return typeof value === 'object' && value !== null && !isList(value) ? value : {};
}

function numberOf(value: Json | undefined): number | undefined {
  return typeof value === 'number' ? value : undefined;
}
