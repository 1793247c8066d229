import { type Claim, claimId } from '../domain/claim.ts';
import type { Evidence } from '../domain/evidence.ts';
import type { Exchange } from '../domain/exchange.ts';
import type { ClaimStatus } from '../domain/status.ts';
import { targetId } from '../domain/target.ts';
import { seriesText } from '../domain/trials.ts';
import { chargeLines } from './charge.ts';
import { labelled } from './columns.ts';
import { counted } from './counted.ts';
import { curl } from './curl.ts';
import type { Paint } from './paint.ts';
import { printable } from './printable.ts';
import { findingLines } from './finding.ts';
import { spanText } from './span.ts';

/** A piece of evidence with the exchanges it judged, and the name of the key that repeats it. */
export interface Exhibit {
  readonly evidence: Evidence;
  /** As far as they are kept; more than one only of a claim with steps. */
  readonly exchanges: readonly Exchange[];
  readonly keyName: string;
  /** Whether it is of what is written today. */
  readonly isCurrent: boolean;
}

/** What a claim says, where it is documented, what was decided over it, how it stands and why, and each piece of evidence, newest first. */
export function renderExplain(
  claim: Claim,
  overrides: readonly string[],
  stands: readonly ClaimStatus[],
  exhibits: readonly Exhibit[],
  columns: number,
  paint: Paint,
): string {
  const blocks = [
    [
      paint('bold', claimId(claim)),
      ...described(claim, columns),
      ...overrides.map((text) => paint('yellow', labelled('overridden  ', text, 2, columns))),
    ].join('\n'),
    stands.map((status) => standLine(status, columns)).join('\n'),
    ...(exhibits.length === 0
      ? [paint('dim', 'No evidence yet.')]
      : runsOfTrials(exhibits).map((some) => trialLines(some, columns, paint))),
  ];
  return blocks.filter((block) => block !== '').join('\n\n');
}

function described(claim: Claim, columns: number): readonly string[] {
  const { as, under, quote, asserted } = claim.documented;
  const documented = [
    as,
    under,
    quote === undefined ? undefined : `"${quote}"`,
    asserted && `asserted ${asserted}`,
  ];
  const lines = [
    labelled('says        ', claim.says, 2, columns),
    labelled(
      'documented  ',
      documented.filter((part) => part !== undefined).join(', '),
      2,
      columns,
    ),
    labelled(
      'written     ',
      `${claim.place.file}:${claim.place.line}:${claim.place.column}`,
      2,
      columns,
    ),
  ];
  const { basis, superseded } = claim;
  const trials = basis.kind === 'sent' ? basis.cases[0]?.trials : undefined;
  if (trials !== undefined) {
    const text = `a rate of at least ${trials.atLeast}, at confidence ${trials.confidence}, in at most ${trials.of} trials`;
    lines.push(labelled('repeated    ', text, 2, columns));
  }
  if (basis.kind === 'untestable') lines.push(labelled('untestable  ', basis.why, 2, columns));
  if (basis.kind === 'derived') {
    const parts = basis.of.map(
      ({ need, fold }) =>
        `${need.claim} (${typeof fold === 'string' ? fold : `differ: ${fold.differ}`})`,
    );
    lines.push(labelled('derived of  ', parts.join(', '), 2, columns));
  }
  if (superseded !== undefined) {
    lines.push(
      labelled(
        'superseded  ',
        `on ${superseded.on} by ${superseded.by}: ${superseded.why}`,
        2,
        columns,
      ),
    );
  }
  return lines;
}

function standLine({ target, stand }: ClaimStatus, columns: number): string {
  const on = target === undefined ? '' : ` on ${target}`;
  return `  stands      ${stand.standing}${on}\n${labelled('because     ', stand.because, 2, columns)}`;
}

/** The trials that an interval decided together, as one; whatever else there is, each alone. In the order of the newest of each. */
function runsOfTrials(exhibits: readonly Exhibit[]): readonly (readonly Exhibit[])[] {
  const groups = Map.groupBy(exhibits, ({ evidence: one }) =>
    one.trials === undefined
      ? one.id
      : [one.run, one.case, one.digest, targetId(one.target)].join(' '),
  );
  return [...groups.values()];
}

/** Dozens of trials say the same: how many, and whole only the first of each kind of verdict. */
function trialLines(exhibits: readonly Exhibit[], columns: number, paint: Paint): string {
  const trials = exhibits.toSorted((a, b) => a.evidence.trial - b.evidence.trial);
  const firsts = [...Map.groupBy(trials, ({ evidence }) => kindOf(evidence)).values()].flatMap(
    ([first]) => first ?? [],
  );
  const shown = firsts.map((one) => exhibitLines(one, columns, paint));
  const [first] = trials;
  if (trials.length === 1 || first === undefined) return shown.join('\n');
  const { run, at, case: name, target } = first.evidence;
  const passed = trials.filter(({ evidence }) => evidence.verdict.kind === 'pass').length;
  const untold = trials.filter(({ evidence }) => evidence.verdict.kind === 'inconclusive').length;
  const sum = [
    seriesText({ passed, decided: trials.length - untold }),
    ...(untold === 0 ? [] : [`${untold} could not be told`]),
  ].join(', ');
  const title = `${paint('bold', run)}  ${at}  ${name === '' ? '' : `${name}  `}on ${target.name}: ${counted(trials.length, 'trial')}, ${sum}`;
  const of = shown.length === 1 ? 'the first of them' : 'the first of each kind';
  return [title, labelled('', of, 2, columns), ...shown].join('\n');
}

/** What makes two trials worth showing both. */
function kindOf({ verdict }: Evidence): string {
  return verdict.kind === 'inconclusive' ? verdict.cause : verdict.kind;
}

function exhibitLines(
  { evidence, exchanges, keyName, isCurrent }: Exhibit,
  columns: number,
  paint: Paint,
): string {
  const { verdict, target } = evidence;
  const marks = [
    target.grade === 'rehearsal' ? `rehearsal in ${target.world ?? 'no world'}` : undefined,
    target.grade === 'live' && target.mock !== undefined
      ? `answered by a mock (${target.mock})${target.mockAllowed ? ', allowed by the target' : ': does not count'}`
      : undefined,
    evidence.probe === true ? 'a probe, in search of its limit' : undefined,
    isCurrent ? undefined : 'of an earlier wording: does not count',
  ].filter((mark) => mark !== undefined);
  const facts = [
    `host ${target.host}`,
    ...(target.channel === undefined ? [] : [`channel ${target.channel}`]),
    ...(evidence.gatewayVersion === undefined ? [] : [`gateway ${evidence.gatewayVersion}`]),
    ...(evidence.requestId === undefined ? [] : [`request id ${evidence.requestId}`]),
    trialText(evidence),
    `${evidence.attempts} attempt${evidence.attempts === 1 ? '' : 's'}`,
    ...(evidence.ms === undefined ? [] : [spanText(evidence.ms)]),
  ];
  const verdictText =
    verdict.kind === 'inconclusive'
      ? `inconclusive (${verdict.cause}: ${printable(verdict.detail)})`
      : verdict.kind;
  const style = verdict.kind === 'pass' ? 'green' : verdict.kind === 'fail' ? 'red' : 'yellow';
  const title = `${paint('bold', evidence.id)}  ${evidence.at}  ${evidence.case === '' ? '' : `${evidence.case}  `}on ${target.name}: ${paint(style, verdictText)}`;
  return [
    title,
    ...marks.map((mark) => labelled('', mark, 2, columns)),
    labelled('', facts.join(', '), 2, columns),
    ...(verdict.kind === 'fail'
      ? verdict.findings.map((finding) => findingLines(finding, columns))
      : []),
    ...exchanges.flatMap((exchange) => [
      ...chargeLines(exchange, columns),
      indented(curl(exchange.sent, keyName)),
    ]),
  ].join('\n');
}

/** `trial 7 of at most 40`. */
function trialText({ trial, trials }: Evidence): string {
  return `trial ${trial}${trials === undefined ? '' : ` of at most ${trials.of}`}`;
}

function indented(text: string): string {
  return text.replaceAll(/^/gm, '  ');
}
