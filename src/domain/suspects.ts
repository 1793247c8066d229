import type { Evidence } from './evidence.ts';
import type { GatewayOf } from './gateway.ts';

/** Something that two pieces of evidence carry differently, and that may be why they say different things. */
export interface Suspect {
  /** `gateway version`, `channel`, `alias` … */
  readonly what: string;
  readonly from: string;
  readonly to: string;
  /** In how many of the cases that say the same as before the same has changed as well: the fewer, the more it tells. */
  readonly elsewhere: number;
}

/** An older piece of evidence of a case and a newer one. */
export type Succession = readonly [older: Evidence, newer: Evidence];

/** What is known besides the evidence itself. */
export interface Background {
  readonly gatewayOf: GatewayOf;
  /** The model that a case asks for. */
  readonly modelOf: (evidence: Evidence) => string | undefined;
}

/** One circumstance of an answer: a value that is not there counts as one only where its absence says something. */
interface Circumstance {
  readonly what: string;
  readonly read: (evidence: Evidence, background: Background) => string | number | undefined;
  readonly isAlwaysTold: boolean;
}

/** What evidence carries of the circumstances, in the order in which they are suspected where nothing else tells. */
const CIRCUMSTANCES: readonly Circumstance[] = [
  { what: 'target', read: ({ target }) => target.name, isAlwaysTold: true },
  { what: 'world', read: ({ target }) => target.world, isAlwaysTold: true },
  // What stands in for a live gateway names its world; in a rehearsal that is the target's own.
  {
    what: 'mock world',
    read: ({ target }) => (target.grade === 'live' ? target.mock : undefined),
    isAlwaysTold: true,
  },
  {
    what: 'gateway version',
    read: ({ gatewayVersion, run }, { gatewayOf }) => gatewayVersion ?? gatewayOf(run)?.version,
    isAlwaysTold: false,
  },
  { what: 'channel', read: ({ target }) => target.channel, isAlwaysTold: true },
  { what: 'alias', read: ({ alias }) => alias, isAlwaysTold: false },
  { what: 'price', read: priceOf, isAlwaysTold: false },
  { what: 'suite edit', read: ({ digest }) => digest, isAlwaysTold: true },
  // The mock of a rehearsal has another port in each process, which says nothing.
  {
    what: 'host',
    read: ({ target }) => (target.grade === 'live' ? target.host : undefined),
    isAlwaysTold: false,
  },
  { what: 'version of Assay', read: ({ tool }) => tool, isAlwaysTold: true },
];

/** The listed price of the model that a case asks for, where the case is about a charge. */
function priceOf(evidence: Evidence, { gatewayOf, modelOf }: Background): string | undefined {
  const model = modelOf(evidence);
  if (evidence.observed.charged === undefined || model === undefined) return undefined;
  return gatewayOf(evidence.run)?.prices?.[model];
}

/**
 * What an older and a newer piece of evidence carry differently, the most telling first: what has changed in the fewest
 * of `unchanged`, those of the cases that say the same as before.
 */
export function suspectsOf(
  [older, newer]: Succession,
  unchanged: readonly Succession[],
  background: Background,
): readonly Suspect[] {
  const found = CIRCUMSTANCES.flatMap(({ what, read, isAlwaysTold }): readonly Suspect[] => {
    const said = (one: Evidence) => read(one, background);
    const [from, to] = [said(older), said(newer)];
    const isTold = isAlwaysTold || (from !== undefined && to !== undefined);
    if (from === to || !isTold) return [];
    // No two cases have the same digest; of all else it matters from what to what it has changed.
    const isAlike = ([a, b]: Succession) =>
      what === 'suite edit' ? said(a) !== said(b) : said(a) === from && said(b) === to;
    const elsewhere = unchanged.filter(isAlike).length;
    return [{ what, from: String(from ?? 'none'), to: String(to ?? 'none'), elsewhere }];
  });
  return found.toSorted((a, b) => a.elsewhere - b.elsewhere);
}
