import type { Basis, Case, Claim, Fold, Given, Part } from '../domain/claim.ts';
import { durationMs } from '../domain/duration.ts';
import { nearest } from '../domain/problem.ts';
import type { Scope } from './expand.ts';
import { readExpectations, readGiven, type Surroundings } from './expectation.ts';
import { defined } from './issues.ts';
import type { ClaimOutline, Header } from './outline.ts';
import { buildRequest, type NamedRequests, requestOf } from './request.ts';
import { placeOf, quoted } from './source.ts';
import { readSteps } from './steps.ts';
import { trialsOf } from './trials.ts';
import { itemsOf, member, type Written, type WrittenMap } from './written.ts';

/** What a claim takes from its suite. */
export interface Home {
  readonly id: string;
  readonly header: Header;
  /** What the suite's own names stand for. */
  readonly values: ReadonlyMap<string, Written>;
  readonly requests: NamedRequests;
}

/** A claim with its cases filled, or nothing where it rests on nothing that could be judged. */
export function claimOf(
  outline: ClaimOutline,
  home: Home,
  around: Surroundings,
): Claim | undefined {
  const { keys, written } = outline;
  const { header } = home;
  const basis = basisOf(outline, home, around);
  if (basis === undefined) return undefined;
  const superseded = keys.superseded;
  return {
    suite: home.id,
    id: keys.id,
    says: keys.says,
    covers: keys.covers ?? [],
    documented: {
      as: 'holds',
      ...defined(header.documented ?? {}),
      ...defined(keys.documented ?? {}),
    },
    basis,
    freshMs: durationMs(keys.fresh ?? header.fresh ?? '30d'),
    usd: keys.cost?.usd ?? header.cost?.usd ?? 0,
    ...(superseded === undefined ? {} : { superseded }),
    place: placeOf(around.source, (member(written, 'id') ?? written).span.start),
  };
}

const BASES = ['expect', 'of', 'steps', 'untestable'] as const;
const ONE_OF = 'a claim has one of expect, of, steps and untestable';

function basisOf(outline: ClaimOutline, home: Home, around: Surroundings): Basis | undefined {
  const { keys, written } = outline;
  const at = (member(written, 'id') ?? written).span;
  const [basis, second] = BASES.filter((name) => keys[name] !== undefined);
  if (basis === undefined) {
    // One that is written but wrong, or misspelt, has been noted already.
    if (![...written.members.keys()].some((name) => nearest(name, BASES) !== undefined))
      around.complain(at, `${ONE_OF}; this one has none`);
    return undefined;
  }
  if (second !== undefined) {
    const key = written.members.get(second)?.key ?? at;
    around.complain(key, `${ONE_OF}; this one has ${basis} already`);
    return undefined;
  }
  if (basis === 'steps') return { kind: 'sent', cases: stepCasesOf(outline, home, around) };
  if (basis === 'expect') return { kind: 'sent', cases: casesOf(outline, home, around) };
  for (const name of ['request', 'given', 'vary', 'let', 'cost', 'trials']) {
    const found = written.members.get(name);
    if (found !== undefined) {
      around.complain(
        found.key,
        `"${name}" means nothing beside "${basis}": this claim sends nothing`,
      );
    }
  }
  if (basis === 'untestable') return { kind: 'untestable', why: keys.untestable ?? '' };
  return { kind: 'derived', of: partsOf(outline, around) };
}

/** The cases of a claim that expects something of one request; in each, an `open` name stays as it is. */
export function casesOf(
  outline: ClaimOutline,
  home: Home,
  around: Surroundings,
  open?: string,
): readonly Case[] {
  const { keys, written } = outline;
  const { complain } = around;
  const at = (member(written, 'id') ?? written).span;
  const request = requestOf(member(written, 'request'), home.requests, at, complain);
  const items = itemsOf(member(written, 'expect'));
  const read = (name: string, scope: Scope): Case | undefined => {
    const sent = request && buildRequest(request, scope, complain);
    const given = readGiven(itemsOf(member(written, 'given')), scope, around);
    const expect = readExpectations(items, scope, around);
    refuseUncontrolled(written, items, given, expect, around);
    return sent && { claim: `${home.id}/${keys.id}`, name, request: sent, given, expect };
  };
  return perRow(outline, home, around, read, open);
}

function stepCasesOf(outline: ClaimOutline, home: Home, around: Surroundings): readonly Case[] {
  const { keys, written } = outline;
  const { complain } = around;
  const items = itemsOf(member(written, 'steps'));
  const request = written.members.get('request');
  if (request !== undefined)
    complain(request.key, '"request" means nothing beside "steps": each has its own');
  const givenItems = itemsOf(member(written, 'given'));
  for (const item of givenItems) {
    if (member(item, 'claim') !== undefined) continue;
    complain(item.span, 'beside steps, given names claims only', {
      hint: 'expect it of the step that it is about, or { claim: SELECTOR }',
    });
  }
  return perRow(outline, home, around, (name, scope) => {
    const given = readGiven(givenItems, scope, around);
    const steps = readSteps(items, home.requests, scope, around);
    for (const [at, { expect }] of (steps ?? []).entries())
      refuseUncontrolled(written, itemsOf(member(items[at], 'expect')), given, expect, around);
    const first = steps?.[0];
    if (steps === undefined || first === undefined) return undefined;
    const own = { request: first.request, given, expect: [], steps };
    return { claim: `${home.id}/${keys.id}`, name, ...own };
  });
}

/** The cases of a claim, each read in the scope of its row; a varied name that reaches none of them is noted. */
function perRow(
  outline: ClaimOutline,
  home: Home,
  around: Surroundings,
  read: (name: string, scope: Scope) => Case | undefined,
  open?: string,
): readonly Case[] {
  const shared: Omit<Scope, 'values'> = {
    used: new Set<string>(),
    settled: new Map(),
    ...(open !== undefined && { open }),
  };
  const trials = trialsOf(outline, around);
  const own = declaredValues(outline, home);
  const cases = outline.rows.flatMap(({ name, values }) => {
    const scope: Scope = { values: new Map([...own, ...values]), ...shared };
    const one = read(name, scope);
    return one === undefined ? [] : [trials === undefined ? one : { ...one, trials }];
  });
  refuseUnused(outline, shared.used, around);
  return cases;
}

/** What the names of a claim stand for but for its `vary`: its own `let`, over its suite's. */
export function declaredValues(
  { written }: ClaimOutline,
  home: Home,
): ReadonlyMap<string, Written> {
  return new Map([...home.values, ...namedValues(member(written, 'let'))]);
}

/** What `let` says that its names stand for. */
export function namedValues(node: Written | undefined): ReadonlyMap<string, Written> {
  if (node?.kind !== 'map') return new Map();
  return new Map([...node.members].map(([name, { value }]) => [name, value]));
}

/** A wrong key, or any other mishap, refuses too: without a control, `rejected: any` is met by it. */
function refuseUncontrolled(
  written: WrittenMap,
  items: readonly Written[],
  given: readonly Given[],
  expect: Case['expect'],
  { complain }: Surroundings,
): void {
  const controlled = given.some(({ kind }) => kind === 'claim');
  const any = expect.find(({ kind, value }) => kind === 'rejected' && value === 'any');
  if (any === undefined || controlled) return;
  if (itemsOf(member(written, 'given')).some((item) => member(item, 'claim') !== undefined)) return;
  const item = items.find((one) => member(one, 'rejected') !== undefined);
  const key = item?.kind === 'map' ? item.members.get('rejected')?.key : undefined;
  complain(
    key ?? written.span,
    '"rejected: any" is met by any mishap, unless a control claim passes',
    {
      hint: 'given: [ { claim: SELECTOR } ], or say the reason: rejected: { message: … }',
    },
  );
}

function refuseUnused(
  { written, rows }: ClaimOutline,
  used: ReadonlySet<string>,
  { complain }: Surroundings,
): void {
  const vary = member(written, 'vary');
  for (const name of new Set(rows.flatMap(({ values }) => [...values.keys()]))) {
    if (used.has(name)) continue;
    const key = [vary, ...itemsOf(vary)]
      .map((node) => (node?.kind === 'map' ? node.members.get(name)?.key : undefined))
      .find((span) => span !== undefined);
    complain(
      key ?? written.span,
      `${quoted(name)} reaches neither request nor expectations: all its cases would be one exchange`,
      { hint: `use it: "\${${name}}"` },
    );
  }
}

function partsOf({ keys, written }: ClaimOutline, around: Surroundings): readonly Part[] {
  const { of } = keys;
  const node = member(written, 'of');
  if (of === undefined || node === undefined) return [];
  const folds: readonly (readonly [string, Fold])[] =
    typeof of === 'string' ? [[of, 'all']] : Object.entries(of);
  return folds.flatMap(([selector, fold]): readonly Part[] => {
    const at = node.kind === 'map' ? (node.members.get(selector)?.key ?? node.span) : node.span;
    const need = around.resolve(selector, at);
    if (need === undefined) return [];
    if (typeof fold === 'object' && need.cases.length === 1) {
      around.complain(at, `differ compares several cases, and ${quoted(selector)} names one`);
    }
    return [{ need, fold }];
  });
}
