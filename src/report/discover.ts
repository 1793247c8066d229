import { type Claim, claimId } from '../domain/claim.ts';
import {
  boundsSoFar,
  type Conclusion,
  type Discover,
  type Documented,
  documentedLimit,
  isRefuted,
  type Seen,
  stands,
} from '../domain/discover.ts';
import type { Run } from '../domain/run.ts';
import { labelled, padded, width } from './columns.ts';
import { costText, dollars } from './cost.ts';
import { counted } from './counted.ts';
import type { Paint } from './paint.ts';
import { printable } from './printable.ts';

/** One exchange of a search, as it is printed. */
interface ProbeLine extends Seen {
  readonly trial: number;
  /** Why it decides nothing, or what a refusal said beside what the docs say. */
  readonly said?: string;
  readonly exchange?: string;
  readonly evidence: readonly string[];
  readonly usd: number;
  readonly ms?: number;
}

/** A search as it is printed. */
export interface DiscoveryLines {
  readonly claim: Claim;
  readonly discover: Discover;
  readonly run: Run;
  readonly probes: readonly ProbeLine[];
  /** Why it ended early, in place of a conclusion. */
  readonly conclusion: Conclusion | { readonly kind: 'cut-off'; readonly detail: string };
}

/** What a search has found, for a terminal. */
export function renderDiscovery(found: DiscoveryLines, columns: number, paint: Paint): string {
  const { claim, discover, run, probes } = found;
  const documented = documentedLimit(discover);
  const title = `${paint('bold', claimId(claim))}\n${labelled('', claim.says, 2, columns)}`;
  const said = `${edgeText(discover.vary, documented)} (${discover.over})`;
  const lines = probes.map((probe) => probeText(probe, discover.vary, probes, columns));
  const colour = isRight(found, documented) ? 'green' : 'yellow';
  const sum = [
    counted(probes.length, 'probe'),
    counted(run.requests, 'request'),
    costText(run),
  ].join(' · ');
  return [
    title,
    '',
    ...lines,
    ...(lines.length > 0 ? [''] : []),
    labelled('documented: ', said, 0, columns),
    paint(colour, labelled('real:       ', realText(found), 0, columns)),
    paint('bold', sum),
  ].join('\n');
}

/** The one document of a search: `assay.discover.v1`, fields only ever added. */
export function jsonDiscovery(found: DiscoveryLines): object {
  const { claim, discover, run, probes, conclusion } = found;
  const documented = documentedLimit(discover);
  return {
    schema: 'assay.discover.v1',
    run: run.id,
    target: run.target,
    startedAt: run.startedAt,
    endedAt: run.endedAt,
    end: run.end,
    claim: claimId(claim),
    over: discover.over,
    vary: discover.vary,
    between: discover.between,
    documented,
    real: conclusion,
    isSharp: conclusion.kind === 'sharp' ? true : conclusion.kind === 'unsharp' ? false : null,
    stands: standsOrNot(found, documented),
    soFar: boundsSoFar(probes),
    because: realText(found),
    probes: probes.map(({ value, trial, reading, said, exchange, evidence, usd, ms }) => ({
      case: `${discover.vary}=${value}`,
      value,
      trial,
      reading,
      said: said ?? null,
      exchange: exchange ?? null,
      evidence,
      usd,
      ms: ms ?? null,
    })),
    summary: { probes: probes.length, requests: run.requests, usd: run.usd },
  };
}

/** `refs=19 rejected`: one probe, as it comes. */
export function probeSentence({ value, reading, said }: ProbeLine, vary: string): string {
  const detail = said === undefined ? '' : `: ${said}`;
  return printable(`${vary}=${value} ${reading}${detail}`);
}

/** Null where it cannot be told. */
function standsOrNot(found: DiscoveryLines, documented: Documented): boolean | null {
  if (isRight(found, documented)) return true;
  const isUntold = ['rejected-from', 'untold', 'cut-off'].includes(found.conclusion.kind);
  return isUntold && !isRefuted(found.probes, documented) ? null : false;
}

function isRight({ conclusion }: DiscoveryLines, documented: Documented): boolean {
  return conclusion.kind !== 'cut-off' && stands(conclusion, documented);
}

function probeText(
  { value, reading, said, evidence, usd }: ProbeLine,
  vary: string,
  all: readonly ProbeLine[],
  columns: number,
): string {
  const name = (one: number) => `${vary}=${one}`;
  const longest = Math.max(...all.map((one) => width(name(one.value))));
  const head = `${padded(name(value), longest)}  ${padded(reading, 8)}  ${dollars(usd)}  `;
  return labelled(
    head,
    [evidence.join(', '), ...(said === undefined ? [] : [said])].join(' · '),
    2,
    columns,
  );
}

function edgeText(vary: string, { lastAccepted, firstRejected }: Documented): string {
  return `${vary}=${lastAccepted} is accepted, ${vary}=${firstRejected} rejected`;
}

/** What was found, in one sentence. */
function realText({ discover, conclusion, probes }: DiscoveryLines): string {
  const { vary } = discover;
  const documented = documentedLimit(discover);
  switch (conclusion.kind) {
    case 'sharp': {
      const { lastAccepted, times } = conclusion;
      const other = stands(conclusion, documented)
        ? ''
        : `: the limit is ${lastAccepted}, not ${documented.lastAccepted}`;
      const sharp = `The edge is sharp as far as ${counted(probes.length, 'probe')} can tell`;
      const chance = `each side said so ${times} times or more, which one that answers by chance does in 1 of ${2 ** (times - 1)} searches`;
      return `${edgeText(vary, conclusion)}${other}. ${sharp}: ${chance}`;
    }
    case 'unsharp': {
      const { lowestRejected, highestAccepted } = conclusion;
      const band =
        lowestRejected === highestAccepted
          ? `${vary}=${lowestRejected} was accepted and rejected`
          : `${vary}=${lowestRejected} was rejected, and ${vary}=${highestAccepted} accepted`;
      return `the edge is not sharp: ${band}`;
    }
    case 'none-up-to':
      return `no limit up to ${vary}=${conclusion.value}, which is accepted: the docs say ${documented.lastAccepted}`;
    case 'rejected-from':
      return `could not tell: even ${vary}=${conclusion.value} is rejected, so that the refusals may have another reason`;
    case 'untold':
      return `could not tell: ${vary}=${conclusion.value} was neither accepted nor rejected for the stated reason${soFar(vary, probes, documented)}`;
    case 'cut-off':
      return `could not tell: ${conclusion.detail}${soFar(vary, probes, documented)}`;
    default:
      return conclusion satisfies never;
  }
}

function soFar(vary: string, probes: readonly Seen[], documented: Documented): string {
  const { highestAccepted, lowestRejected } = boundsSoFar(probes);
  const known = [
    ...(highestAccepted === undefined ? [] : [`${vary}=${highestAccepted} is accepted`]),
    ...(lowestRejected === undefined ? [] : [`${vary}=${lowestRejected} rejected`]),
  ];
  const wrong = isRefuted(probes, documented)
    ? `: the limit is not ${documented.lastAccepted}`
    : '';
  return known.length === 0 ? '' : `; so far ${known.join(', ')}${wrong}`;
}
