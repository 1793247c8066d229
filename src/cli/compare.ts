import { systemClock } from '../adapters/clock.ts';
import { findLedgerFile, readLedgerFile } from '../adapters/ledger.ts';
import { sha256 } from '../adapters/sha256.ts';
import { caseId } from '../domain/claim.ts';
import { type Side, compareSides, shownBy } from '../domain/compare.ts';
import { limitDifferences } from '../domain/edge.ts';
import { keyPlace } from '../domain/target.ts';
import { ALONE, type Meeting, makeMeetings } from '../engine/meet.ts';
import { type Plan, worstCase } from '../engine/plan.ts';
import { labelled } from '../report/columns.ts';
import { jsonCompare, plannedSideText, renderCompare, tallyOf } from '../report/compare.ts';
import { type Asked, isGiven, valueOf } from './arguments.ts';
import { resumeCommand } from './killed.ts';
import { exchangesById, ledgerFolder, nowMs } from './memory.ts';
import type { ExitCode, Output, Refused } from './output.ts';
import { type Performed, perform } from './perform.ts';
import { progress } from './progress.ts';
import { openProject } from './project.ts';
import type { Run } from '../domain/run.ts';
import type { Reporting } from './reporting.ts';
import { askedOf } from './resumption.ts';
import { secretsOf } from './secrets.ts';
import { mayBegin, stakeOf } from './stakes.ts';
import { type Staged, planOn } from './staged.ts';
import { plannedReading } from './usage.ts';

/** One side before it is run. */
interface Ready {
  /** As it was named on the command line. */
  readonly name: string;
  readonly asked: Asked;
  readonly staged: Staged;
  readonly secrets: Exclude<ReturnType<typeof secretsOf>, Refused>;
  readonly folder: string;
}

/** Runs the same claims on two targets, each pair close in time, and sets what they showed side by side. */
export async function runBoth(
  asked: Asked,
  reporting: Reporting,
  output: Output,
): Promise<ExitCode | Refused> {
  const [left, right, ...words] = asked.words;
  const misasked = misaskedOf(asked);
  if (misasked !== undefined || left === undefined || right === undefined)
    return refusal(misasked ?? '--compare takes the names of two targets');
  if (left === right) return refusal(`--compare takes two targets, and ${left} is the same twice`);
  const project = await openProject({ ...asked, words }, output);
  if ('problems' in project) return project;
  const open: Staged[] = [];
  try {
    const ready: Ready[] = [];
    for (const name of [left, right]) {
      const own = { words, given: { ...asked.given, target: name } };
      const staged = await planOn(project, own, output);
      if ('problems' in staged) return staged;
      open.push(staged);
      const secrets = secretsOf(staged.stage, plannedReading(staged.plan) !== undefined);
      if ('problems' in secrets) return secrets;
      const folder = ledgerFolder(asked, staged.stage.target.grade === 'rehearsal');
      ready.push({ name, asked: own, staged, secrets, folder });
    }
    for (const { name, staged } of ready)
      output.say(labelled(`${name}: `, plannedText(staged.plan), 0, output.columns));
    const [a, b] = ready;
    if (a === undefined || b === undefined) throw new Error('two sides were opened');
    if (!(await mayBegin([stakeOf(a.staged), stakeOf(b.staged)], asked, output))) return 130;
    const performed = await performBoth(a, b, output);
    const code = await sayBoth(a, b, performed, output);
    const [ofA, ofB] = performed;
    const told = (run: Run, { folder }: Ready) => ({ run, claim: project.claim, project, folder });
    const codes = [
      await reporting.finish(told(ofA.sent, a), code, output, a.name),
      await reporting.finish(told(ofB.sent, b), code, output, b.name),
    ];
    return codes.find((one) => one !== code) ?? code;
  } finally {
    await Promise.all(open.map(({ stage }) => stage.close()));
  }
}

function plannedText(plan: Plan): string {
  const [exchanges, leftOut] = [plan.exchanges.length, plan.leftOut.length];
  return plannedSideText({ exchanges, leftOut, worst: worstCase(plan) });
}

/** Both runs, in which each waits for the other before each pair of requests; one after the other where they would disturb each other. */
async function performBoth(
  left: Ready,
  right: Ready,
  output: Output,
): Promise<readonly [Performed, Performed]> {
  if (isDisturbing(left, right)) {
    output.say(
      `${left.name} and ${right.name} use one key, and what it is charged is measured: one runs after the other`,
    );
    const first = await performSide(left, ALONE, output, () => {});
    return [first, await performSide(right, ALONE, output, () => {})];
  }
  const clock = systemClock(nowMs(left.asked));
  const meetings = makeMeetings(left.staged.plan, right.staged.plan, clock);
  // The second run takes its id once the first has: so they differ, and count up.
  const begun = Promise.withResolvers<void>();
  const first = performSide(left, meetings.left, output, begun.resolve);
  await Promise.race([begun.promise, first]);
  return await Promise.all([first, performSide(right, meetings.right, output, () => {})]);
}

/** Whether a charge that one side measures could be the other's. */
function isDisturbing({ staged: a }: Ready, { staged: b }: Ready): boolean {
  const planned = [a, b].map(({ plan }) => plan.exchanges);
  const isMeasured = planned.flat().some(({ measures }) => measures === 'charge');
  const [here = [], there = []] = planned.map((all) => all.map(({ target }) => keyPlace(target)));
  return isMeasured && here.some((place) => there.includes(place));
}

async function performSide(
  { name, asked, staged, secrets, folder }: Ready,
  meeting: Meeting,
  output: Output,
  begun: () => void,
): Promise<Performed> {
  const show = progress({ say: (text) => output.say(`${name}: ${text}`) });
  try {
    return await perform(staged, {
      folder,
      ...secrets,
      startAtWallMs: nowMs(asked),
      asked: askedOf(asked, staged),
      meeting,
      tell: (event) => {
        if (event.kind === 'planned') begun();
        show(event);
      },
    });
  } finally {
    meeting.end();
  }
}

async function sayBoth(
  left: Ready,
  right: Ready,
  performed: readonly [Performed, Performed],
  output: Output,
): Promise<ExitCode> {
  const names = { left: left.name, right: right.name };
  const [a, b] = performed;
  const pairs = compareSides(await sideOf(left, a, output), await sideOf(right, b, output));
  const limits = limitDifferences(pairs, (id, name) => {
    const basis = left.staged.project.claim(id)?.basis;
    return basis?.kind === 'sent' ? basis.cases.find((one) => one.name === name) : undefined;
  });
  const runs = { left: a.sent, right: b.sent };
  if (valueOf(left.asked, 'format') === 'json')
    output.print(JSON.stringify(jsonCompare(pairs, limits, names, runs), null, 2));
  else output.print(renderCompare(pairs, limits, names, output.columns, output.paint));
  for (const [{ sent }, { asked }] of [[a, left] as const, [b, right] as const])
    if (sent.end.kind !== 'complete')
      output.say(`to go on with it: ${resumeCommand(sent.id, asked)}`);
  const ends = performed.map(({ sent }) => sent.end.kind);
  if (ends.includes('interrupted')) return 130;
  const { same, different, untold } = tallyOf(pairs);
  if (different > 0) return 1;
  return untold > 0 || same === 0 || ends.some((kind) => kind !== 'complete') ? 3 : 0;
}

/** What a side has shown; what it was planned to and never came to has the reason of the run's end. */
async function sideOf(
  { folder }: Ready,
  { sent, evidence }: Performed,
  output: Output,
): Promise<Side> {
  const path = await findLedgerFile(folder, sent.id);
  const { readLedger } = await import('../ledger/read.ts');
  const ledger = readLedger(path === undefined ? [] : [await readLedgerFile(path)], sha256);
  await output.problems(ledger.problems);
  const exchanges = exchangesById(ledger.exchanges);
  const trials = Map.groupBy(evidence, (one) => caseId(one.claim, one.case));
  const shown = [...trials].flatMap(([key, own]) => {
    const one = shownBy(own, (id) => exchanges.get(id));
    return one === undefined ? [] : [[key, one] as const];
  });
  const unjudged = sent.cases.flatMap(({ claim, case: name, verdict, evidence: own }) =>
    own.length === 0 && verdict.kind === 'inconclusive'
      ? [{ claim, case: name, reason: `${verdict.cause}: ${verdict.detail}` }]
      : [],
  );
  return { shown: new Map(shown), leftOut: [...sent.leftOut, ...unjudged] };
}

function misaskedOf(asked: Asked): string | undefined {
  if (isGiven(asked, 'resume'))
    return '--compare begins two runs; each that is cut short is resumed by its own id';
  if (valueOf(asked, 'target') !== undefined)
    return '--compare takes both targets as words, and --target none';
  if (isGiven(asked, 'due'))
    return '--compare asks both targets the same, and --due each what is due there';
  if (valueOf(asked, 'format') === 'csv') return '--compare prints for a terminal or as JSON';
  return undefined;
}

function refusal(message: string): Refused {
  const hint = 'write: assay run --compare TARGET TARGET [SELECTOR …]';
  return { problems: [{ severity: 'error', message, hint, see: 'sides' }] };
}
