import { afterAll, describe, type TestContext, test } from 'vitest';
import { caseId } from '../../domain/claim.ts';
import { printable } from '../../report/printable.ts';
import { contradictions, failingOpen, undecidedError } from './errors.ts';
import { type Listed, type ListedCase, listCases } from './listed.ts';
import { type Judged, type Running, makeRunning } from './running.ts';

/** What `claims` takes; each member but `select` and `undecided` is the option of `assay run` that has its name. */
export interface ClaimsOptions {
  /** Suites, claims or cases: `nano-banana-2`, `nano-banana-2/refs.over-limit/refs=15`; all that is not superseded if absent. */
  readonly select?: readonly string[];
  /** The folder of suites (`suites`), from the folder in which vitest runs, as are all paths. */
  readonly suites?: string;
  /** The file of targets (`targets.yaml` in the folder of suites). */
  readonly targets?: string;
  /** The target to judge (`mock`, which is a rehearsal); its budget bounds what one run spends. */
  readonly target?: string;
  /** The folder of the ledger (`reports/ledger`; for rehearsals `reports/rehearsals`). */
  readonly ledger?: string;
  /** Rehearse in the mock world of this day, whatever the suites say. */
  readonly world?: string;
  /** How the mock of a rehearsal misbehaves: `refs.limit=20` (`assay mock --list` names all). */
  readonly with?: readonly string[];
  /** Only what needs evidence, by what the tables gain. */
  readonly due?: boolean;
  /** What turns stale within this time is due already (`24h`). */
  readonly within?: string;
  /** What becomes of a case that could not be told: its test fails with the cause (`fail`, the default), or is skipped with it. */
  readonly undecided?: 'fail' | 'skip';
}

/**
 * Makes a vitest test of each case, in blocks for its target, suite and claim. The tests are listed without anything being
 * sent; then one run sends what those that vitest chooses need, and keeps its evidence as `assay run` does. A test fails
 * where the run contradicts the docs, at the line of the suite, and where it could not tell.
 */
export function claims(options: ClaimsOptions = {}): void {
  const { select = [], undecided = 'fail', ...given } = options;
  describe(options.target ?? 'mock', async () => {
    const listed = await listCases(select, given);
    if (listed.nothing !== undefined) test(listed.nothing, () => {});
    const running = makeRunning(listed);
    const tryCase = async (one: ListedCase, context: TestContext) => {
      const { basis } = one.claim;
      if (basis.kind === 'untestable') context.skip(`untestable: ${basis.why}`);
      const outcome = await running.outcome(one.id, () => chosen(listed, context), context.signal);
      if (outcome.kind === 'not sent') context.skip(printable(outcome.why));
      else settle(one, outcome, undecided, context);
    };
    for (const [suite, ofSuite] of Map.groupBy(listed.cases, ({ claim }) => claim.suite))
      describe(suite, () => {
        for (const [claim, ofClaim] of Map.groupBy(ofSuite, (one) => one.claim.id))
          describe(claim, () => {
            for (const one of ofClaim)
              // Assay bounds each wait itself, by the target's timeout, its retries and its budget.
              test(one.title, { timeout: 0 }, async (context) => await tryCase(one, context));
          });
      });
    afterAll(async () => await close(running), 0);
  });
}

/** The cases whose tests vitest is going to run: for what `-t` or `.only` leaves out, nothing is sent. */
function chosen({ cases }: Listed, { task }: TestContext): readonly string[] {
  const names = new Set<string>();
  for (const suite of task.suite?.suite?.suite?.tasks ?? [])
    for (const claim of suite.type === 'suite' ? suite.tasks : [])
      for (const one of claim.type === 'suite' ? claim.tasks : [])
        if (one.mode !== 'skip') names.add(`${suite.name}/${claim.name} ${one.name}`);
  return cases
    .filter(({ claim, title }) => names.has(`${claim.suite}/${claim.id} ${title}`))
    .map(({ id }) => id);
}

/** Lets a test pass, fail or be skipped by what was judged of its case, which its `meta.assay` says for reporters. */
function settle(
  { claim }: ListedCase,
  judged: Judged,
  undecided: ClaimsOptions['undecided'],
  { task, skip }: TestContext,
): void {
  const { claim: id, case: name, verdict, documented, evidence, usd } = judged.case;
  const skipLoudly = (why: string) => {
    // Reporters that show only what fails show no reason of a skipped test.
    console.warn(printable(`${caseId(id, name)} is skipped: ${why}`));
    skip(printable(why));
  };
  Object.assign(task.meta, { assay: { claim: id, case: name, verdict, evidence, usd } });
  if (verdict.kind === 'inconclusive') {
    if (undecided === 'fail') throw undecidedError(claim, verdict);
    skipLoudly(`undecided, ${verdict.cause}: ${verdict.detail}`);
  }
  // oxlint-disable-next-line typescript/only-throw-error -- each of a list is an error of the test
  if (judged.case.contradicts) throw contradictions(claim, judged);
  // It contradicts nothing, and yet it is nothing to be shown in green.
  if (verdict.kind === 'fail' && documented === 'open') skipLoudly(failingOpen(verdict.findings));
}

/** Waits for the run's end. What it could not tell in all, or not keep, is no green for anybody who skips what is undecided. */
async function close(running: Running): Promise<void> {
  const run = await running.close();
  if (run === undefined) return;
  const { cases, end } = run;
  if (end.kind === 'ledger-failed') throw new Error(`the ledger cannot be written: ${end.detail}`);
  if (end.kind === 'interrupted' || cases.some(({ verdict }) => verdict.kind !== 'inconclusive'))
    return;
  const why = end.kind === 'outage' ? `: ${end.detail}` : '';
  throw new Error(`nothing could be told of ${cases.length} cases${why}`);
}
