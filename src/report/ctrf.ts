import { type Claim, type Place, caseId } from '../domain/claim.ts';
import { instantMs } from '../domain/instant.ts';
import { type JudgedCase, type Run, agrees, suiteCosts, summary } from '../domain/run.ts';
import { endText, findingLine, inNameOrder, outcomeOf, outcomeText, testName } from './outcome.ts';

/** What a test came to, as CTRF says it: `other` is neither passed nor failed, `pending` was planned and never begun. */
type Status = 'passed' | 'failed' | 'skipped' | 'pending' | 'other';

type Test = Readonly<Record<string, unknown>> & { readonly status: Status };

/**
 * A run as the Common Test Report Format has it (ctrf.io, version 0.0.0 of its schema). Failed is what contradicts the docs. What
 * could not be told is `other`, or `pending` where the run ended before it, and what fails where the docs promise nothing is
 * `other` as well; what was left out is skipped. All that the format has no word for stands in `extra`.
 */
export function ctrfRun(run: Run, claims: (id: string) => Claim | undefined): object {
  const tests = testsOf(run, claims);
  const count = (status: Status) => tests.filter((one) => one.status === status).length;
  const [start, stop] = [instantMs(run.startedAt), instantMs(run.endedAt)];
  const { target, end } = run;
  return {
    reportFormat: 'CTRF',
    specVersion: '0.0.0',
    runId: run.id,
    timestamp: run.endedAt,
    generatedBy: 'assay',
    results: {
      tool: { name: 'assay' },
      summary: {
        tests: tests.length,
        passed: count('passed'),
        failed: count('failed'),
        skipped: count('skipped'),
        pending: count('pending'),
        other: count('other'),
        suites: new Set(run.cases.map(({ claim }) => suiteOf(claim))).size,
        start,
        stop,
        duration: stop - start,
        extra: { ...summary(run) },
      },
      tests,
      environment: {
        reportName: `assay ${run.id}`,
        testEnvironment: target.name,
        healthy: end.kind === 'complete',
        extra: { target, end, costs: suiteCosts(run), hints: run.hints },
      },
    },
  };
}

function testsOf(run: Run, claims: (id: string) => Claim | undefined): readonly Test[] {
  const unfinished = endText(run);
  return [
    ...(unfinished === undefined ? [] : [endTest(unfinished)]),
    ...inNameOrder(run.cases).map((one) => caseTest(one, claims(one.claim)?.place)),
    ...inNameOrder(run.leftOut).map(({ claim: id, case: name, reason }): Test => {
      const claim = claims(id);
      return {
        ...named(id, name, claim?.says ?? 'no suite has this claim any more'),
        status: 'skipped',
        duration: 0,
        rawStatus: 'left out',
        message: `left out: ${reason}`,
        ...placed(claim?.place),
        extra: { claim: id, case: name },
      };
    }),
  ];
}

function caseTest(one: JudgedCase, place: Place | undefined): Test {
  const { verdict } = one;
  const findings = verdict.kind === 'fail' ? verdict.findings : [];
  return {
    ...named(one.claim, one.case, one.says),
    status: statusOf(one),
    duration: Math.round(one.ms ?? 0),
    rawStatus: verdict.kind,
    message: outcomeText(one),
    ...(findings.length > 0 && { trace: findings.map(findingLine).join('\n') }),
    ...placed(findings[0]?.at ?? place),
    ...(one.trials > 1 && { retries: one.trials - 1 }),
    extra: {
      claim: one.claim,
      case: one.case,
      documented: one.documented,
      agrees: agrees(one),
      cause: verdict.kind === 'inconclusive' ? verdict.cause : null,
      findings,
      attempts: one.attempts,
      usd: one.usd,
      measuredUsd: one.measuredUsd,
      charged: one.charged ?? null,
      exchange: one.exchange ?? null,
      evidence: one.evidence,
    },
  };
}

function statusOf(one: JudgedCase): Status {
  const outcome = outcomeOf(one);
  switch (outcome) {
    case 'agrees':
      return 'passed';
    case 'contradicts':
      return 'failed';
    case 'unpromised':
      return 'other';
    case 'undecided':
      return one.trials === 0 ? 'pending' : 'other';
    default:
      return outcome satisfies never;
  }
}

function endTest(message: string): Test {
  const name = 'the run came to its end';
  return { name, status: 'other', duration: 0, rawStatus: 'incomplete', message };
}

function named(claim: string, name: string, says: string) {
  const suite = [suiteOf(claim), claim];
  return { name: testName(name, says), testId: caseId(claim, name), suite };
}

function placed(place: Place | undefined): object {
  return place === undefined ? {} : { filePath: place.file, line: place.line };
}

function suiteOf(claim: string): string {
  return claim.split('/', 1)[0] ?? '';
}
