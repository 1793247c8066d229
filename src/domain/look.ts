import { type Claim, type DocumentedAs, claimId } from './claim.ts';
import { type KnownContradiction, entryFor } from './known.ts';
import type { Stand } from './stand.ts';
import type { Remembered } from './standing.ts';
import { type Decided, idOf, decidedOf } from './decided.ts';

/** A claim that the gate looks at, and which of its cases. */
export interface Gated {
  readonly claim: Claim;
  readonly cases: readonly string[];
  /** The target's id for it: a rehearsal's differs with the world of the suite. */
  readonly target: string;
  /** Where it is now, if it is live: its host, and the channel that is pinned. */
  readonly place?: Place;
  /** The id of the other target for it. */
  readonly against?: string;
  /** Whether a sentence of a page, or a row of a table, rests on it. */
  readonly isBound: boolean;
}

/** Behind one name, a target may move. */
interface Place {
  readonly host: string;
  readonly channel?: number;
}

/** One case, what is told of it on both targets, and what follows. */
export interface Look {
  readonly gated: Gated;
  readonly name: string;
  readonly here: Decided;
  readonly there?: Decided;
  readonly mark: Mark;
  readonly entry?: KnownContradiction;
}

/** What a case comes to, a list of known contradictions aside. */
export type Mark =
  | 'fails'
  | 'lost'
  | 'undecided'
  | 'never-decided'
  | 'too-gloomy'
  | 'worse'
  | 'agrees'
  | 'open';

/** What no request can settle can neither fail nor be told. */
export function looksAt(
  gated: Gated,
  known: readonly KnownContradiction[],
  remembered: Remembered,
): readonly Look[] {
  const { claim, cases, target, against } = gated;
  if (claim.basis.kind === 'untestable') return [];
  return cases.map((name) => {
    const here = decidedOf(claim, name, target, remembered);
    const there = against === undefined ? undefined : decidedOf(claim, name, against, remembered);
    const mark = markOf(claim.documented.as, here, there);
    const entry = entryFor(known, claimId(claim), name);
    return { gated, name, here, mark, ...(there && { there }), ...(entry && { entry }) };
  });
}

function markOf(documented: DocumentedAs, here: Decided, there: Decided | undefined): Mark {
  const { standing } = here.stand;
  const isFailing = standing === 'broken' || standing === 'unstable';
  const wasDecided = here.wasDecided || (there?.wasDecided ?? false);
  if (documented === 'holds' && isFailing) return 'fails';
  if (here.undecided !== undefined && wasDecided) return 'undecided';
  if (documented === 'holds') {
    if (standing === 'holds') return 'agrees';
    return wasDecided ? 'lost' : 'never-decided';
  }
  if (documented === 'broken') {
    if (standing === 'holds') return 'too-gloomy';
    return isFailing ? 'agrees' : 'open';
  }
  return isFailing && there?.stand.standing === 'holds' ? 'worse' : 'open';
}

/** Where a case was decided, if that is not where its target is now; ports of a host do not tell places apart. */
export function otherPlace({ gated: { place }, here: { seen } }: Look): string | undefined {
  if (place === undefined || seen === undefined) return undefined;
  return textOf(seen) === textOf(place) ? undefined : textOf(seen);
}

/** `api.example.com, channel 3`. */
export function textOf({ host, channel }: Place): string {
  const name = host.replace(/:\d+$/, '');
  return channel === undefined ? name : `${name}, channel ${channel}`;
}

/** How a case stands here, or that its newest run could not tell. */
export function lookStand({ gated, name, here, there, mark }: Look): Stand {
  const { undecided, stand: found } = here;
  const elsewhere = there !== undefined && !here.wasDecided && there.wasDecided;
  const more = elsewhere ? `; it was decided on ${gated.against}` : '';
  if (undecided === undefined || mark !== 'undecided')
    return { ...found, because: `${found.because}${more}` };
  const { verdict } = undecided;
  const cause = verdict.kind === 'inconclusive' ? verdict.cause : 'too few trials';
  const day = undecided.at.slice(0, 10);
  return {
    standing: 'unproven',
    because: `${idOf(gated.claim, name)} on ${gated.target}: ${undecided.id} left it undecided (${cause}, ${day})${more}`,
    evidence: [undecided.id, ...found.evidence],
  };
}
