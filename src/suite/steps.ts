import { HOLE } from '../domain/captured.ts';
import type { Capture, Polling, Step } from '../domain/claim.ts';
import { durationMs } from '../domain/duration.ts';
import { pathProblem } from '../domain/path.ts';
import { mostPolls } from '../domain/steps.ts';
import type { Scope } from './expand.ts';
import { readExpectations, type Surroundings } from './expectation.ts';
import { conform } from './issues.ts';
import { refuseKeys, type StepKeys, unfilledStep } from './outline.ts';
import { buildRequest, type NamedRequests, requestOf } from './request.ts';
import { type Complain, explainedBy, placeOf, quoted } from './source.ts';
import { itemsOf, member, type Written, type WrittenMap } from './written.ts';

/** A polled request is sent again this long after an answer, unless the step says otherwise. */
const EVERY = '5s';

/** More polls than anyone waits for; a short `every` in a long `within` reaches it by accident. */
const MOST_POLLS = 1000;

/** The only members of an expectation in which a captured value can stand: elsewhere it could not be checked before a run. */
const COMPARED: readonly string[] = ['equals', 'in', 'contains'];

/** Reads the steps of one case, filled from its scope; nothing comes back where one of them cannot be sent. */
export function readSteps(
  items: readonly Written[],
  requests: NamedRequests,
  scope: Scope,
  home: Surroundings,
): readonly Step[] | undefined {
  const around = { ...home, complain: explainedBy('steps', home.complain) };
  const captured = items.map((item) => namesIn(member(item, 'capture')));
  const steps = items.flatMap((item, at): readonly Step[] => {
    const before = new Set(captured.slice(0, at).flat());
    const later = new Set(captured.slice(at).flat());
    const step = readStep(item, requests, { ...scope, captured: { before, later } }, around);
    return step === undefined ? [] : [step];
  });
  return steps.length === items.length ? steps : undefined;
}

function readStep(
  item: Written,
  requests: NamedRequests,
  scope: Scope,
  around: Surroundings,
): Step | undefined {
  const { complain, source } = around;
  const keys = conform(unfilledStep, item, complain);
  if (keys === undefined || item.kind !== 'map') return undefined;
  const written = member(item, 'request');
  if (written?.kind === 'map') refuseKeys(written, complain);
  // Merged over the first request, as a claim's, a poll would bear the body of what it waits for.
  const isWhole = written?.kind === 'map' && member(written, 'like') === undefined;
  const asked = requestOf(written, isWhole ? new Map() : requests, item.span, complain);
  const request = asked && buildRequest(asked, scope, complain);
  const expect = expectationsOf(item, 'expect', scope, around);
  const captures = capturesOf(item, scope, around);
  const polling = pollingOf(item, keys, scope, around);
  if (request === undefined) return undefined;
  const place = placeOf(source, item.span.start);
  return { request, expect, captures, ...(polling && { polling }), place };
}

function expectationsOf(
  item: Written,
  key: 'expect' | 'until',
  scope: Scope,
  around: Surroundings,
): Step['expect'] {
  const written = itemsOf(member(item, key));
  refuseCharged(written, around.complain);
  const sound = written.filter((one) => !isMisplaced(one, scope, around.complain));
  return readExpectations(sound, scope, around);
}

/** While a step is polled and the next ones wait, nobody can have the key to himself. */
function refuseCharged(items: readonly Written[], complain: Complain): void {
  for (const item of items) {
    const key = item.kind === 'map' ? item.members.get('charged')?.key : undefined;
    if (key === undefined) continue;
    const hint = 'give it a claim of its own, with a request';
    complain(key, 'what a step costs is not measured', { hint });
  }
}

/** A pattern, a path or a number that an answer chooses could not be checked when the suite is read. */
function isMisplaced(node: Written, scope: Scope, complain: Complain): boolean {
  if (node.kind === 'list') {
    return node.items.map((item) => isMisplaced(item, scope, complain)).some(Boolean);
  }
  if (node.kind === 'map') {
    const others = [...node.members].filter(([name]) => !COMPARED.includes(name));
    return others.map(([, { value }]) => isMisplaced(value, scope, complain)).some(Boolean);
  }
  if (typeof node.value !== 'string') return false;
  const captured = Array.from(node.value.matchAll(HOLE)).find(
    ([, name = '']) => scope.captured?.before.has(name) === true,
  );
  if (captured === undefined) return false;
  const message = `${captured[0]} is captured, and can only be compared with: ${COMPARED.join(', ')}`;
  complain(node.span, message);
  return true;
}

function capturesOf(item: WrittenMap, scope: Scope, around: Surroundings): readonly Capture[] {
  const { complain, source } = around;
  const capture = member(item, 'capture');
  if (capture?.kind !== 'map') return [];
  return [...capture.members].flatMap(([name, { key, value }]): readonly Capture[] => {
    const from = value.kind === 'scalar' ? value.value : undefined;
    if (typeof from !== 'string') return [];
    if (scope.values.has(name)) complain(key, `${quoted(name)} is declared by let or vary already`);
    if (scope.captured?.before.has(name) === true)
      complain(key, `${quoted(name)} is captured by an earlier step already`);
    // What is neither path nor header has been noted already.
    const wrong = from.startsWith('$') ? pathProblem(from) : undefined;
    if (wrong !== undefined) complain(value.span, wrong);
    return [{ name, from, place: placeOf(source, key.start) }];
  });
}

function pollingOf(
  item: WrittenMap,
  { every = EVERY, within }: StepKeys,
  scope: Scope,
  around: Surroundings,
): Polling | undefined {
  const { complain } = around;
  const keyOf = (name: string) => item.members.get(name)?.key;
  const [untilKey, withinKey] = [keyOf('until'), keyOf('within')];
  if (untilKey === undefined) {
    for (const name of ['every', 'within']) {
      const key = keyOf(name);
      if (key !== undefined) complain(key, `"${name}" means nothing without "until"`);
    }
    return undefined;
  }
  if (withinKey === undefined) {
    complain(untilKey, 'until needs a time after which nobody waits any longer', {
      hint: 'within: 10m',
    });
  }
  const until = expectationsOf(item, 'until', scope, around);
  refuseImages(item, complain);
  if (within === undefined) return undefined;
  const polling = { until, everyMs: durationMs(every), withinMs: durationMs(within) };
  if (mostPolls(polling) > MOST_POLLS) {
    const message = `these are up to ${mostPolls(polling)} polls; a step has at most ${MOST_POLLS}`;
    complain(keyOf('every') ?? withinKey ?? untilKey, message);
  }
  return polling;
}

function refuseImages(item: WrittenMap, complain: Complain): void {
  for (const one of itemsOf(member(item, 'until'))) {
    const image = one.kind === 'map' ? one.members.get('image') : undefined;
    if (image === undefined) continue;
    const hint = 'expect it of the step: images are fetched once it has settled';
    complain(image.key, 'no image of a polled answer is fetched', { hint });
  }
}

function namesIn(capture: Written | undefined): readonly string[] {
  return capture?.kind === 'map' ? [...capture.members.keys()] : [];
}
