import { type Claim, caseId } from '../domain/claim.ts';
import { type Gate, type GateKind, type Reason, isShutting } from '../domain/gate.ts';
import type { KnownContradiction } from '../domain/known.ts';
import { labelled } from './columns.ts';
import { counted } from './counted.ts';
import type { Paint, Style } from './paint.ts';

/** A gate, and what it stands between. */
export interface SaidGate {
  readonly gate: Gate;
  /** As they were asked for. */
  readonly target: string;
  readonly against?: string;
  readonly isRehearsal: boolean;
  /** ISO 8601. */
  readonly at: string;
  /** The list of known contradictions: where it is, or where it would be. */
  readonly list: string;
  /** Entries that were taken out of it just now. */
  readonly pruned: readonly KnownContradiction[];
  /** The command that would bring what is missing; absent where nothing is. */
  readonly run?: string;
  readonly claim: (id: string) => Claim | undefined;
}

/** What each kind means, and what is to be done about it. */
const MEANINGS: Readonly<Record<GateKind, readonly [meaning: string, todo: string]>> = {
  fails: ['documented as holding, and fails', 'mend it, correct the docs, or list it'],
  lost: ['what was decided of it counts no longer', 'run it'],
  undecided: ['its newest run could not tell what was told before', 'run it again'],
  coverage: ['less of what the docs rest on is decided', 'run what is missing'],
  unbound: ['the quoted sentence is gone from its page', 'read the page, and quote it as it is'],
  'stale-list': ['listed, and agrees with the docs', 'take it out: --prune, or by hand'],
  'expired-entry': ['listed, and its time is over', 'take it out, or decide anew'],
  'expired-override': ["a person's decision whose time is over", 'take it out, or decide anew'],
  'no-evidence': ['nothing to go by', 'run it'],
  'never-decided': ['documented as holding, and never decided so far', 'run it'],
  'other-place': ['decided on another host or channel than the target has now', 'run it'],
  'cut-short': ['a run has more to tell', 'go on with it: assay run --resume, or run anew'],
  listed: ['known to contradict the docs', ''],
  'not-exercised': ['listed, and the evidence does not tell', ''],
  'too-gloomy': ['documented as broken, and holds', ''],
  'other-build': ['decided on another build of the gateway than its newest', ''],
  worse: ['nothing is promised of it, and it holds there and fails here', ''],
};

/** A gate for a terminal: its state, each reason with what to do about it, and what else is worth knowing. */
export function renderGate(said: SaidGate, columns: number, paint: Paint): string {
  const { gate, run, pruned } = said;
  const style: Style = gate.state === 'open' ? 'green' : gate.state === 'shut' ? 'red' : 'yellow';
  const head = labelled('', `${headline(said)}, ${coverageText(said)}`, 0, columns);
  return [
    ...(said.isRehearsal ? [paint('yellow', labelled('', REHEARSAL, 0, columns)), ''] : []),
    paint('bold', paint(style, head)),
    ...pruned.map((entry) => labelled('', prunedText(entry, said.list), 0, columns)),
    ...blocks(gate.reasons, said, columns, paint),
    ...blocks(gate.news, said, columns, paint),
    ...(run === undefined ? [] : ['', labelled('missing: ', run, 0, columns)]),
    ...(gate.state === 'open' ? [] : ['', 'see: assay help gates']),
  ].join('\n');
}

const REHEARSAL =
  'Rehearsal: what the gate would say. Only a live target can verify; this is no promise of any service.';

/** `shut: local against production`. */
function headline({ gate: { state }, target, against }: SaidGate): string {
  return `${state}: ${target}${against === undefined ? '' : ` against ${against}`}`;
}

function coverageText({ gate: { coverage } }: SaidGate): string {
  return `${coverage.decided} of ${counted(coverage.bound, 'bound claim')} decided`;
}

function blocks(
  reasons: readonly Reason[],
  { claim }: SaidGate,
  columns: number,
  paint: Paint,
): readonly string[] {
  return [...Map.groupBy(reasons, ({ kind }) => kind)].flatMap(([kind, some]) => {
    const [meaning, todo] = MEANINGS[kind];
    const style: Style = isShutting(kind) ? 'red' : 'yellow';
    const label = `${kind}: `;
    return [
      '',
      paint(style, labelled(label, `${meaning}${todo === '' ? '' : ` → ${todo}`}`, 0, columns)),
      ...some.flatMap((reason) => [
        ...(reason.claim === undefined
          ? []
          : [labelled('', titleOf(reason, claim(reason.claim)), 2, columns)]),
        ...(reason.entry === undefined ? [] : [labelled('', entryText(reason.entry), 4, columns)]),
        paint('dim', labelled('', reason.because, reason.claim === undefined ? 2 : 4, columns)),
      ]),
    ];
  });
}

/** `small/refs, 2 cases: It works`. */
function titleOf({ claim = '', cases }: Reason, known: Claim | undefined): string {
  const [only = ''] = cases;
  const id = cases.length > 1 ? `${claim}, ${counted(cases.length, 'case')}` : caseId(claim, only);
  return known === undefined ? id : `${id}: ${known.says}`;
}

function entryText({ owner, until, reason, link }: KnownContradiction): string {
  return `listed by ${owner} until ${until}: ${reason} (${link})`;
}

function prunedText(entry: KnownContradiction, list: string): string {
  return `taken out of ${list}: ${entry.selector}, ${entryText(entry)}`;
}

/** A gate in Markdown, for a comment on a pull request. */
export function markdownGate(said: SaidGate): string {
  const { gate, run, pruned } = said;
  const title = `## Gate ${headline(said)}`;
  const all = [...gate.reasons, ...gate.news];
  return [
    title,
    '',
    ...(said.isRehearsal ? [`> ${REHEARSAL}`, ''] : []),
    `${coverageText(said)}.`,
    ...pruned.map((entry) => `- ${prunedText(entry, said.list)}`),
    ...(all.length === 0
      ? []
      : [
          '',
          '| | Claim | Because | To do |',
          '| --- | --- | --- | --- |',
          ...all.map((one) => rowOf(one, said)),
        ]),
    ...(run === undefined ? [] : ['', 'Missing:', '', '```sh', run, '```']),
    '',
  ].join('\n');
}

function rowOf(reason: Reason, { claim }: SaidGate): string {
  const { kind, entry, because } = reason;
  const [meaning, todo] = MEANINGS[kind];
  const name = reason.claim === undefined ? '' : titleOf(reason, claim(reason.claim));
  const why = entry === undefined ? because : `${entryText(entry)}; ${because}`;
  const cells = [kind, name, `${meaning}: ${why}`, todo].map((cell) =>
    cell.replaceAll(/(?<!\\)\|/g, '\\|').replaceAll('\n', ' '),
  );
  return `| ${cells.join(' | ')} |`;
}

/** `gate --format json`: one document, fields only ever added. */
export function jsonGate(said: SaidGate): object {
  const { gate, target, against, isRehearsal, at, run, pruned } = said;
  return {
    schema: 'assay.gate.v1',
    at,
    target,
    against: against ?? null,
    rehearsal: isRehearsal,
    state: gate.state,
    reasons: gate.reasons.map(jsonReason),
    news: gate.news.map(jsonReason),
    coverage: gate.coverage,
    missing: { selectors: gate.missing, run: run ?? null },
    pruned: pruned.map(jsonEntry),
  };
}

function jsonReason({ kind, claim, cases, because, evidence, entry }: Reason): object {
  const [meaning, todo] = MEANINGS[kind];
  return {
    kind,
    meaning,
    claim: claim ?? null,
    cases,
    because,
    evidence,
    todo: todo === '' ? null : todo,
    entry: entry === undefined ? null : jsonEntry(entry),
  };
}

function jsonEntry({ selector, owner, reason, link, until, place }: KnownContradiction): object {
  return { claim: selector, owner, reason, link, until, at: `${place.file}:${place.line}` };
}
