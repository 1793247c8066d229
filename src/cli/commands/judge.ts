import { type Case, type Claim, type Need, caseId, claimId } from '../../domain/claim.ts';
import { type Evidence, exchangesBehind } from '../../domain/evidence.ts';
import type { Controls, Judgement } from '../../domain/judge.ts';
import { contradicts } from '../../domain/run.ts';
import { judgeAll } from '../../domain/steps.ts';
import { type Target, targetId } from '../../domain/target.ts';
import { seriesOf } from '../../domain/trials.ts';
import type { Verdict } from '../../domain/verdict.ts';
import { generateExpectations } from '../../engine/generate.ts';
import type { Ledger } from '../../ledger/read.ts';
import { findingLines } from '../../report/finding.ts';
import { labelled } from '../../report/columns.ts';
import { type Chosen, select } from '../../suite/selector.ts';
import { counted } from '../../report/counted.ts';
import { type Asked, valueOf } from '../arguments.ts';
import { type Advance, advancing } from '../line.ts';
import { exchangesById, isBroken, ledgerFolder, openLedger } from '../memory.ts';
import type { ExitCode, Output, Refused } from '../output.ts';
import { openProject } from '../project.ts';

/** A stored exchange judged again by what is written today. */
interface Again {
  readonly evidence: Evidence;
  readonly claim: Claim;
  readonly verdict: Judgement['verdict'];
}

/** Judges stored exchanges again, with no network: 1 if a verdict contradicts the docs, 3 if none could be judged or the ledger is broken. */
export async function judge(asked: Asked, output: Output): Promise<ExitCode | Refused> {
  const project = await openProject(asked, output);
  if ('problems' in project) return project;
  const { chosen, problems } = select(project.suites, asked.words);
  if (problems.length > 0) return { problems };
  const ledger = await openLedger(ledgerFolder(asked, false), output);
  const all = judgeAgain(chosen, ledger, advancing(output, 'judging'));
  if (valueOf(asked, 'format') === 'json') output.print(JSON.stringify(jsonOf(all), null, 2));
  else for (const one of all) output.print(lines(one, output));
  const changed = all.filter(
    ({ evidence, verdict }) => evidence.verdict.kind !== verdict.kind,
  ).length;
  const against = againstDocs(all);
  output.say(
    `${counted(all.length, 'stored exchange')} judged again · ${counted(changed, 'verdict')} changed · ${counted(against, 'contradicts', 'contradict')} the docs`,
  );
  if (against > 0) return 1;
  if (isBroken(ledger)) return 3;
  return all.some(({ verdict }) => verdict.kind !== 'inconclusive') ? 0 : 3;
}

/** How many contradict the docs; of trials that an interval decides, all those of a run together. */
function againstDocs(all: readonly Again[]): number {
  const together = Map.groupBy(all, ({ evidence: { id, run, claim, case: name, trials } }) =>
    trials === undefined ? id : `${run} ${caseId(claim, name)}`,
  );
  return [...together.values()].filter((some) => {
    const kind = kindOf(some.map(({ evidence, verdict }) => ({ ...evidence, verdict })));
    return some.some(({ claim }) => contradicts(claim.documented.as, { kind }));
  }).length;
}

function judgeAgain(chosen: readonly Chosen[], ledger: Ledger, tell: Advance): readonly Again[] {
  const exchanges = exchangesById(ledger.exchanges);
  const cases = new Map<string, { claim: Claim; case: Case }>();
  for (const { claim, cases: names } of chosen) {
    if (claim.basis.kind !== 'sent') continue;
    for (const one of claim.basis.cases) {
      if (names.includes(one.name))
        cases.set(caseId(claimId(claim), one.name), { claim, case: one });
    }
  }
  const controls = controlsOf(ledger.evidence);
  const { length } = ledger.evidence;
  return ledger.evidence.flatMap((evidence, at): readonly Again[] => {
    tell(at + 1, length);
    const written = cases.get(caseId(evidence.claim, evidence.case));
    const ids = exchangesBehind(evidence);
    const [first, ...more] = ids.flatMap((id) => exchanges.get(id) ?? []);
    if (written === undefined || first === undefined || more.length + 1 < ids.length) return [];
    const filled = generateExpectations(written.case, targetOf(evidence));
    if (filled.kind === 'missing') return [];
    const { verdict } = judgeAll(filled.value, [first, ...more], controls(evidence));
    return [{ evidence, claim: written.claim, verdict }];
  });
}

/** The target as it was, as far as expectations can speak of it. */
function targetOf({ target }: Evidence): Target {
  const { name, grade, host } = target;
  const unused = { concurrency: 1, timeoutMs: 0, budget: {}, references: [] };
  return { name, grade, baseUrl: `http://${host}`, let: target.let ?? {}, ...unused };
}

function judged(run: string, target: string, id: string): string {
  return `${run} ${target} ${id}`;
}

/** What was said of control claims in the same run, on the same target. */
function controlsOf(all: readonly Evidence[]): (asking: Evidence) => Controls {
  const trials = Map.groupBy(all, (one) =>
    judged(one.run, targetId(one.target), caseId(one.claim, one.case)),
  );
  const kinds = new Map(Array.from(trials, ([key, own]) => [key, kindOf(own)]));
  return ({ run, target }) =>
    ({ claim, cases }: Need) => {
      const said = cases.map((name) =>
        kinds.get(judged(run, targetId(target), caseId(claim, name))),
      );
      return (
        said.find((kind) => kind !== 'pass') ?? (said.includes(undefined) ? undefined : 'pass')
      );
    };
}

/** What the trials of a case in one run say in the end. */
function kindOf(own: readonly Evidence[]): Verdict['kind'] {
  const last = own.at(-1);
  if (last === undefined) return 'inconclusive';
  if (last.trials === undefined) return last.verdict.kind;
  const { tells } = seriesOf(last.trials, own);
  return tells === 'pass' || tells === 'fail' ? tells : 'inconclusive';
}

function lines({ evidence, claim, verdict }: Again, output: Output): string {
  const before = evidence.verdict.kind === verdict.kind ? '' : ` (was ${evidence.verdict.kind})`;
  const said = verdict.kind === 'inconclusive' ? `${verdict.cause}: ${verdict.detail}` : claim.says;
  return [
    labelled(
      `${verdict.kind}${before}  `,
      `${caseId(evidence.claim, evidence.case)} — ${said}`,
      0,
      output.columns,
    ),
    ...(verdict.kind === 'fail'
      ? verdict.findings.map((finding) => findingLines(finding, output.columns))
      : []),
  ].join('\n');
}

function jsonOf(all: readonly Again[]): object {
  return {
    schema: 'assay.judge.v1',
    cases: all.map(({ evidence, verdict }) => ({
      evidence: evidence.id,
      claim: evidence.claim,
      case: evidence.case,
      was: evidence.verdict,
      verdict,
    })),
  };
}
