import { z } from 'zod';
import { type Claim, type Suite, claimId } from '../domain/claim.ts';
import type { KnownContradiction } from '../domain/known.ts';
import type { Problem } from '../domain/problem.ts';
import { day, link, sentence } from './atoms.ts';
import { conform } from './issues.ts';
import type { SuiteFile } from './outline.ts';
import { indexOf, parseSelector, resolve } from './selector.ts';
import {
  type Complain,
  complainer,
  explainedBy,
  inOrder,
  openSource,
  placeOf,
  quoted,
} from './source.ts';
import type { Source } from './source.ts';
import { itemsOf, member, type Written } from './written.ts';
import { readYaml } from './yaml.ts';

const entryKeys = z.strictObject({
  claim: sentence.describe('suite/claim[/var=value…]'),
  owner: sentence.describe('who answers for it'),
  reason: sentence.describe('why it may stand for now'),
  link: link.describe('where it is discussed'),
  until: day.describe('the last day on which it keeps no gate shut, in UTC'),
});

/** What stands in for members that are wrong, so that the claim of an entry is looked at all the same. */
const SOUND = { owner: '?', reason: '?', link: 'https://example.com', until: '2099-12-31' };

/** Every key of a list of known contradictions; one without entries is empty. */
const knownKeys = z.strictObject({ known: z.array(z.unknown()).nullable() });

/** The known contradictions of a file, and everything that is wrong with it. */
export interface LoadedKnown {
  /** In the order of the file; complete only where there is no problem. */
  readonly known: readonly KnownContradiction[];
  readonly problems: readonly Problem[];
}

/** Reads a list of known contradictions, each of which must name cases that these suites have. It throws for no input. */
export function loadKnown(file: SuiteFile, suites: readonly Suite[]): LoadedKnown {
  const problems: Problem[] = [];
  const source = openSource(file.name, file.bytes);
  if (!('text' in source)) return { known: [], problems: [source] };
  const complain = explainedBy('gates', complainer(source, problems));
  const written = readYaml(source, complain);
  if (written === undefined || conform(knownKeys, written, complain) === undefined)
    return { known: [], problems: inOrder(problems, [file.name]) };
  const superseded = new Set(suites.filter((one) => one.superseded).map(({ id }) => id));
  const claims = new Map(suites.flatMap((one) => one.claims.map((each) => [claimId(each), each])));
  const index = indexOf(suites);
  const known = itemsOf(member(written, 'known')).flatMap((node) => {
    const entry = entryOf(node, index, { source, complain });
    if (entry === undefined) return [];
    const claim = claims.get(entry.need.claim);
    const why = claim && whyNever(claim, superseded);
    if (why === undefined) return [{ entry, node }];
    complain((member(node, 'claim') ?? node).span, why);
    return [];
  });
  refuseOverlaps(known, { source, complain });
  return { known: known.map(({ entry }) => entry), problems: inOrder(problems, [file.name]) };
}

interface Around {
  readonly source: Source;
  readonly complain: Complain;
}

function entryOf(
  node: Written,
  index: ReturnType<typeof indexOf>,
  { source, complain }: Around,
): KnownContradiction | undefined {
  const keys = conform(entryKeys, node, complain, { instead: SOUND, vital: ['claim'] });
  if (keys === undefined) return undefined;
  const { claim: text, until } = keys;
  if (!until.startsWith('20'))
    complain((member(node, 'until') ?? node).span, 'expected a day of this century');
  const at = (member(node, 'claim') ?? node).span;
  const selector = parseSelector(text);
  if (!('suite' in selector)) {
    complain(at, selector.message, selector);
    return undefined;
  }
  if (selector.claim === undefined) {
    complain(at, `${quoted(text)} names no claim`, { hint: 'write suite/claim[/var=value…]' });
    return undefined;
  }
  const need = resolve(selector, index);
  if (!('claim' in need)) {
    complain(at, need.message, need.hint === undefined ? {} : { hint: need.hint });
    return undefined;
  }
  const { owner, reason, link: href } = keys;
  const place = placeOf(source, node.span.start);
  return { selector: text, need, owner, reason, link: href, until, place };
}

/** Why nothing can ever contradict the docs here, so that an entry about it would never come to an end. */
function whyNever(claim: Claim, supersededSuites: ReadonlySet<string>): string | undefined {
  const id = claimId(claim);
  const isSuperseded = claim.superseded !== undefined || supersededSuites.has(claim.suite);
  if (isSuperseded) return `${id} is superseded, and is no longer held against anything`;
  if (claim.basis.kind === 'untestable') return `${id} is untestable: nothing can contradict it`;
  if (claim.documented.as === 'open')
    return `the docs promise nothing of ${id} (open): nothing can contradict it`;
  return undefined;
}

function refuseOverlaps(
  known: readonly { readonly entry: KnownContradiction; readonly node: Written }[],
  { source, complain }: Around,
): void {
  const lines = new Map<string, number>();
  for (const { entry, node } of known) {
    const at = (member(node, 'claim') ?? node).span;
    const { line } = placeOf(source, at.start);
    for (const name of entry.need.cases) {
      const id = `${entry.need.claim}/${name}`.replace(/\/$/, '');
      const other = lines.get(id);
      if (other === undefined) lines.set(id, line);
      else complain(at, `line ${other} lists ${id} as well`);
    }
  }
}
