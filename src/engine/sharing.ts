import type { Case, Claim, Request } from '../domain/claim.ts';
import { caseId } from '../domain/claim.ts';
import { requestPrint } from '../domain/digest.ts';
import { type Target, targetId } from '../domain/target.ts';
import type { Sha256 } from './ports.ts';
import { type Price, priceAtWorst, priceOnce } from './price.ts';
import { type Repetition, repetition } from './repetition.ts';

/** A case as a plan holds it. */
export interface PlannedCase {
  readonly claim: Claim;
  /** With `${target.…}` filled in what it expects. */
  readonly case: Case;
  readonly written: Case;
  /** Of the case as it was written. */
  readonly digest: string;
  /** The fingerprint of what the docs say of it. */
  readonly sentence: string;
  /** True if nobody chose it: another case's `given` pulled it in. */
  readonly isControl: boolean;
}

/** Requests that are equal, sent once for all their cases. */
export interface PlannedExchange {
  /** Its fingerprint: unique in the plan, and the same in each plan of the same suites. */
  readonly id: string;
  readonly target: Target;
  /** As written: generators are run when it is sent. */
  readonly request: Request;
  /** Controls before the cases that ask for them. */
  readonly cases: readonly PlannedCase[];
  /** Ids of the exchanges whose verdicts its cases wait for; they stand earlier in the plan. */
  readonly after: readonly string[];
  /** Worst case of one sending, in US dollars: the highest that one of its claims declares; of steps, one of each. */
  readonly usd: number;
  /** Of one sending: more than one only for a case with steps. */
  readonly requests: number;
  /** Of one trial, with every retry and poll. */
  readonly worst: Price;
  /**
   * What a usage source is asked about it: what it is charged, for which it has its key alone, or only its rows of the
   * log, which name the model behind an alias; absent where no case asks for either.
   */
  readonly measures?: 'charge' | 'rows';
}

/** A case that can be sent, with the keys of the cases it waits for. */
export interface ReadyCase extends PlannedCase {
  readonly key: string;
  readonly target: Target;
  readonly request: Request;
  readonly controls: readonly string[];
}

interface Group {
  readonly id: string;
  /** Orders groups of one price; it is that of the first case. */
  readonly name: string;
  readonly cases: readonly ReadyCase[];
  readonly usd: number;
  readonly trials: Repetition;
}

/**
 * The exchanges of some cases: equal requests on one target are shared (suite-format, "One exchange, many claims"),
 * controls come before those who ask, and otherwise the cheapest come first, so that a budget cuts the dearest.
 * The order of claims and members in files has no say.
 */
export function share(ready: readonly ReadyCase[], sha256: Sha256): readonly PlannedExchange[] {
  const apart = new Set<string>();
  for (;;) {
    const groups = grouped(ready, apart, sha256);
    const early = asksEarly(groups);
    if (early.length > 0) {
      for (const key of early) apart.add(key);
      continue;
    }
    const ordered = order(groups);
    if (ordered.kind === 'ordered') return ordered.groups.map((group) => planned(group, groups));
    // Two exchanges that wait for each other, through different cases: those who ask are sent on their own.
    for (const group of ordered.cycle) {
      for (const { key, controls } of group.cases) if (controls.length > 0) apart.add(key);
    }
  }
}

/** Cases that would be judged with the first trials of a control that takes more of them: they are sent on their own, behind it. */
function asksEarly(groups: Groups): readonly string[] {
  return [...new Set(groups.values())].flatMap(({ cases }) => {
    const repeated = cases.filter((one) => one.case.trials !== undefined).map(({ key }) => key);
    if (repeated.length === 0) return [];
    const early = cases.filter(({ controls }) => controls.some((key) => repeated.includes(key)));
    return early.map(({ key }) => key);
  });
}

/** Group of each case, by the case's key. */
type Groups = ReadonlyMap<string, Group>;

function grouped(ready: readonly ReadyCase[], apart: ReadonlySet<string>, sha256: Sha256): Groups {
  const shared = Map.groupBy(
    ready.toSorted((a, b) => compare(a.key, b.key)),
    (one) => identity(one, apart, sha256),
  );
  const groups = new Map<string, Group>();
  for (const [identical, cases] of shared) {
    const id = sha256(identical).slice(0, 32);
    const usd = Math.max(...cases.map((one) => priceOnce(one.case, one.claim.usd).usd));
    const group = { id, name: nameOf(cases), cases, usd, trials: repetition(cases) };
    for (const { key } of cases) groups.set(key, group);
  }
  return groups;
}

/** Equal requests on the same target are the same exchange; steps share nothing. */
function identity(one: ReadyCase, apart: ReadonlySet<string>, sha256: Sha256): string {
  const { request, target, key, digest } = one;
  if (one.case.steps !== undefined) return `${targetId(target)} ${digest} ${key}`;
  const own = apart.has(key) ? ` ${key}` : '';
  return `${targetId(target)} ${requestPrint(request, sha256)}${own}`;
}

type Order =
  | { readonly kind: 'ordered'; readonly groups: readonly Group[] }
  | { readonly kind: 'cyclic'; readonly cycle: readonly Group[] };

function order(groups: Groups): Order {
  const done = new Set<Group>();
  const open: Group[] = [];
  const visit = (group: Group): readonly Group[] | undefined => {
    if (done.has(group)) return undefined;
    if (open.includes(group)) return open.slice(open.indexOf(group));
    open.push(group);
    for (const before of controlsOf(group, groups)) {
      const cycle = visit(before);
      if (cycle !== undefined) return cycle;
    }
    open.pop();
    done.add(group);
    return undefined;
  };
  for (const group of dearestLast(groups)) {
    const cycle = visit(group);
    if (cycle !== undefined) return { kind: 'cyclic', cycle };
  }
  return { kind: 'ordered', groups: [...done] };
}

/** Who waits for a dear control is as dear as that: sent early it would take the budget from cheaper ones. */
function dearestLast(groups: Groups): readonly Group[] {
  return [...new Set(groups.values())]
    .map((group) => ({ group, usd: dearest(group, groups) }))
    .toSorted((a, b) => a.usd - b.usd || cheapestFirst(a.group, b.group))
    .map(({ group }) => group);
}

/** The price of the dearest of a group and all that must be sent before it. */
function dearest(group: Group, groups: Groups): number {
  if (!group.cases.some(waits)) return priceOf(group);
  return Math.max(...[...reach(group, groups)].map(priceOf));
}

function waits({ controls }: ReadyCase): boolean {
  return controls.length > 0;
}

/** A group and all that must be sent before it. */
function reach(group: Group, groups: Groups, reached = new Set<Group>()): ReadonlySet<Group> {
  if (reached.has(group)) return reached;
  reached.add(group);
  for (const control of controlsOf(group, groups)) reach(control, groups, reached);
  return reached;
}

function controlsOf(group: Group, groups: Groups): readonly Group[] {
  if (!group.cases.some(waits)) return [];
  const controls = group.cases.flatMap((one) =>
    one.controls.flatMap((key) => groups.get(key) ?? []),
  );
  return [...new Set(controls)].filter((control) => control !== group).toSorted(cheapestFirst);
}

function planned(group: Group, groups: Groups): PlannedExchange {
  const [first] = group.cases;
  if (first === undefined) throw new Error(`no case in ${group.id}`);
  const measures = measuresOf(group.cases);
  return {
    id: group.id,
    target: first.target,
    request: first.request,
    cases: controlsFirst(group.cases),
    after: controlsOf(group, groups).map(({ id }) => id),
    usd: group.usd,
    requests: priceOnce(first.case, group.usd).requests,
    worst: priceAtWorst(first.case, Math.max(...group.cases.map(({ claim }) => claim.usd))),
    ...(measures !== undefined && { measures }),
  };
}

/** A planned exchange for only some of its cases, as its later trials are; what the others asked to be measured is not any more. */
export function onlyFor(whole: PlannedExchange, cases: readonly PlannedCase[]): PlannedExchange {
  if (cases.length === whole.cases.length) return whole;
  const { measures: _, ...rest } = whole;
  const measures = measuresOf(cases);
  return { ...rest, cases, ...(measures !== undefined && { measures }) };
}

function measuresOf(cases: readonly PlannedCase[]): PlannedExchange['measures'] {
  if (cases.some((one) => one.case.steps !== undefined)) return undefined;
  if (cases.some((one) => namesKind(one, 'charged'))) return 'charge';
  return cases.some((one) => namesKind(one, 'alias')) ? 'rows' : undefined;
}

function namesKind({ case: { given, expect } }: PlannedCase, name: string): boolean {
  return given.some(({ kind }) => kind === name) || expect.some(({ kind }) => kind === name);
}

function controlsFirst(cases: readonly ReadyCase[]): readonly ReadyCase[] {
  if (!cases.some(waits)) return cases;
  const byKey = new Map(cases.map((one) => [one.key, one]));
  const sorted = new Set<ReadyCase>();
  const visit = (one: ReadyCase): void => {
    if (sorted.has(one)) return;
    for (const key of one.controls) {
      const control = byKey.get(key);
      if (control !== undefined) visit(control);
    }
    sorted.add(one);
  };
  cases.forEach(visit);
  return [...sorted];
}

function cheapestFirst(a: Group, b: Group): number {
  return priceOf(a) - priceOf(b) || compare(a.name, b.name);
}

/** Of as many trials as it takes at least. */
function priceOf({ usd, trials }: Group): number {
  return usd * trials.least;
}

function nameOf([first]: readonly ReadyCase[]): string {
  return first === undefined ? '' : `${caseId(first.case.claim, first.case.name)} ${first.key}`;
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
