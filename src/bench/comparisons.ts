import type { Billing, Load } from './written.ts';

/** What a comparison measures of ours, and of its reference where that is a process. */
type Measure =
  /** How long the whole process takes, in milliseconds. */
  | 'wall'
  /** The peak of its resident memory, in MiB. */
  | 'peak'
  /** The same, above that of a run of one small claim. */
  | 'growth';

/** What both sides do. */
export type Task =
  | { readonly kind: 'version' }
  | {
      readonly kind: 'run';
      readonly load: Load;
      /** How long the server takes for an answer, in milliseconds. */
      readonly delayMs: number;
    }
  | {
      readonly kind: 'billing';
      readonly load: Billing;
      /** How long the gateway takes for an answer, in milliseconds. */
      readonly delayMs: number;
    }
  /** Loads so many claims, with the cache of what was read before, or without. */
  | { readonly kind: 'load'; readonly claims: number; readonly isWarm: boolean }
  /** Asks a ledger of so many nights, in each of which so many claims were tried; with its index, or without. */
  | {
      readonly kind: 'remember';
      /** `due`: the day after the last night; `stale`: what is due once all of it is out of date. */
      readonly verb: 'status' | 'due' | 'stale';
      readonly claims: number;
      readonly nights: number;
      readonly isIndexed: boolean;
    };

/** What ours is held against: a process, or a fixed measure of the same unit. */
export type Reference =
  | 'node -e 0'
  | 'bare undici'
  | 'yaml alone'
  | 'lines alone'
  | { readonly name: string; readonly is: number };

/** What one line of the bench compares; aims and numbers are those of the performance table in the design. */
export interface Comparison {
  readonly id: string;
  readonly what: string;
  readonly measure: Measure;
  readonly must: number;
  readonly reach: number;
  readonly rounds: number;
  readonly reference: Reference;
  readonly task: Task;
  /** It takes minutes, and is measured only where it is asked for. */
  readonly isLong?: true;
}

const ONE_SECOND = { name: 'one second', is: 1000 };

function sending(claims: number, atOnce: number, delayMs = 0): Task {
  return { kind: 'run', load: { claims, atOnce }, delayMs };
}

function receiving(bodyMiB: number, atOnce: number): Task {
  return { kind: 'run', load: { claims: atOnce, atOnce, bodyMiB }, delayMs: 0 };
}

function asking(verb: 'status' | 'due' | 'stale', isIndexed: boolean): Task {
  return { kind: 'remember', verb, claims: 10_000, nights: 100, isIndexed };
}

/** Of 10,000 claims and 1,000,000 pieces of evidence. */
function remembering(
  what: string,
  measure: 'wall' | 'peak',
  task: Task,
  rounds: number,
): Comparison {
  const reference = measure === 'wall' ? ONE_SECOND : { name: '300 MiB', is: 300 };
  const aims = measure === 'wall' ? { must: 1, reach: 0.5 } : { must: 1, reach: 0.8 };
  return { id: 'S6', what, measure, ...aims, rounds, reference, task, isLong: true };
}

const GENERATION_MS = 800;
const BILLING: Billing = { ordinary: 40, billing: 10, atOnce: 4, withinMs: 1500 };

/**
 * The shortest that claims on one key can take: the ordinary ones as many at once as they may be, and the billing ones
 * alone, each with the two readings after which its charge has settled (three sevenths of the time that is allowed).
 */
function shortestMs({ ordinary, billing, atOnce, withinMs }: Billing): number {
  const settlingMs = (withinMs / 7) * 3;
  return (ordinary / atOnce) * GENERATION_MS + billing * (GENERATION_MS + settlingMs);
}

/** What `npm run bench` measures, in this order. */
export const COMPARISONS: readonly Comparison[] = [
  {
    id: 'P1',
    what: 'assay --version',
    measure: 'wall',
    must: 1.3,
    reach: 1.15,
    rounds: 15,
    reference: 'node -e 0',
    task: { kind: 'version' },
  },
  {
    id: 'P2',
    what: 'assay run, one claim',
    measure: 'wall',
    must: 6.5,
    reach: 4.5,
    rounds: 11,
    reference: 'node -e 0',
    task: sending(1, 1),
  },
  {
    id: 'P3',
    what: '1000 claims, one by one',
    measure: 'wall',
    must: 1.25,
    reach: 1,
    rounds: 11,
    reference: 'bare undici',
    task: sending(1000, 1),
  },
  {
    id: 'P4',
    what: '1000 claims, 64 at once',
    measure: 'wall',
    must: 1.25,
    reach: 1,
    rounds: 11,
    reference: 'bare undici',
    task: sending(1000, 64),
  },
  {
    id: 'P7',
    what: '200 claims of 200 ms, 64 at once',
    measure: 'wall',
    must: 1.1,
    reach: 0.95,
    rounds: 9,
    reference: 'bare undici',
    task: sending(200, 64, 200),
  },
  {
    id: 'P8',
    what: 'a 30 MiB base64 body, memory above one claim',
    measure: 'growth',
    must: 2,
    reach: 1.5,
    rounds: 5,
    reference: { name: 'the body', is: 30 },
    task: receiving(30, 1),
  },
  {
    id: 'P8',
    what: 'a 30 MiB base64 body',
    measure: 'wall',
    must: 1.1,
    reach: 0.95,
    rounds: 9,
    reference: 'bare undici',
    task: receiving(30, 1),
  },
  {
    id: 'P8d',
    what: 'a 60 MiB base64 body, memory above one claim',
    measure: 'growth',
    must: 2,
    reach: 1.5,
    rounds: 5,
    reference: { name: 'the body', is: 60 },
    task: receiving(60, 1),
  },
  {
    id: 'P8d',
    what: 'four 30 MiB bodies at once, memory above one claim',
    measure: 'growth',
    must: 2,
    reach: 1.5,
    rounds: 5,
    reference: { name: 'the bodies', is: 120 },
    task: receiving(30, 4),
  },
  {
    id: 'P9',
    what: 'load 10,000 claims, warm',
    measure: 'wall',
    must: 0.5,
    reach: 0.3,
    rounds: 7,
    reference: ONE_SECOND,
    task: { kind: 'load', claims: 10_000, isWarm: true },
  },
  {
    id: 'P9',
    what: 'load 10,000 claims, cold',
    measure: 'wall',
    must: 1.2,
    reach: 1.1,
    rounds: 7,
    reference: 'yaml alone',
    task: { kind: 'load', claims: 10_000, isWarm: false },
  },
  {
    id: 'P11',
    what: 'peak memory of 1000 claims, 64 at once',
    measure: 'peak',
    must: 1.3,
    reach: 1,
    rounds: 5,
    reference: 'bare undici',
    task: sending(1000, 64),
  },
  {
    id: 'S5',
    what: '40 ordinary and 10 billing claims on one key',
    measure: 'wall',
    must: 1.15,
    reach: 1.1,
    rounds: 3,
    reference: { name: 'the shortest they can take', is: shortestMs(BILLING) },
    task: { kind: 'billing', load: BILLING, delayMs: GENERATION_MS },
  },
  {
    ...remembering('status that makes its index', 'wall', asking('status', false), 2),
    must: 3,
    reach: 2,
    reference: 'lines alone',
  },
  remembering('memory of that', 'peak', asking('status', false), 1),
  remembering('status of the same', 'wall', asking('status', true), 5),
  remembering('memory of that', 'peak', asking('status', true), 1),
  remembering('plan --due of the same, the day after', 'wall', asking('due', true), 5),
  remembering('memory of that', 'peak', asking('due', true), 1),
  remembering('plan --due of the same, all of it stale', 'wall', asking('stale', true), 5),
  remembering('memory of that', 'peak', asking('stale', true), 1),
];
