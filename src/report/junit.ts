import type { Claim, Place } from '../domain/claim.ts';
import { sumOf } from '../domain/cost.ts';
import { type JudgedCase, type LeftOut, type Run, summary } from '../domain/run.ts';
import { endText, findingLine, inNameOrder, outcomeOf, outcomeText, testName } from './outcome.ts';
import { element, textElement } from './xml.ts';

/** What a test of the document adds up to. */
type Sort = 'passed' | 'failure' | 'error' | 'skipped';

/** One test: a case, or something about the run that a reader must not miss. */
interface Test {
  readonly sort: Sort;
  readonly ms: number;
  readonly xml: string;
}

/**
 * A run as JUnit XML, as Jenkins, GitLab, GitHub's actions and Azure take it: a suite for each suite of claims, a test for each
 * case. A failure is what contradicts the docs. What could not be told is an error, since some show what is skipped as good; what
 * was left out, and what fails where the docs promise nothing, is skipped. A run that is not whole has a test that says so.
 */
export function junitRun(run: Run, claims: (id: string) => Claim | undefined): string {
  const cases = Map.groupBy(inNameOrder(run.cases), suiteOf);
  const leftOut = Map.groupBy(inNameOrder(run.leftOut), suiteOf);
  const names = [...new Set([...cases.keys(), ...leftOut.keys()])].toSorted();
  const suites = names.map((name) => {
    const own = cases.get(name) ?? [];
    const tests = [
      ...own.map((one) => caseTest(one, claims(one.claim)?.place)),
      ...(leftOut.get(name) ?? []).map((one) => leftOutTest(one, claims(one.claim))),
    ];
    return suiteElement(name, tests, run, { ...sumOf(own) });
  });
  const unfinished = endText(run);
  const all = [
    ...(unfinished === undefined ? [] : [suiteElement('the run', [endTest(unfinished)], run, {})]),
    ...suites,
  ];
  const tests = all.flatMap((one) => one.tests);
  // Jenkins' own schema knows no sum of what was skipped.
  const { skipped: _, ...sums } = counts(tests);
  const document = element(
    'testsuites',
    { name: `assay ${run.id}`, ...sums },
    all.map((one) => one.xml),
  );
  return `<?xml version="1.0" encoding="UTF-8"?>\n${document}\n`;
}

function suiteElement(
  name: string,
  tests: readonly Test[],
  run: Run,
  cost: Readonly<Record<string, number>>,
) {
  const { id, target, end, endedAt, startedAt } = run;
  const { requests, contradictions } = summary(run);
  const told = {
    run: id,
    target: target.name,
    ...(target.world !== undefined && { world: target.world }),
    grade: target.grade,
    host: target.host,
    ...(target.channel !== undefined && { channel: target.channel }),
    startedAt,
    endedAt,
    end: end.kind,
    requests,
    contradictions,
    runUsd: run.usd,
    runMeasuredUsd: run.measuredUsd,
    ...cost,
  };
  const properties = Object.entries(told).map(([key, value]) =>
    element('property', { name: key, value }),
  );
  const attributes = { name, ...counts(tests), timestamp: startedAt.slice(0, 19) };
  const children = [element('properties', {}, properties), ...tests.map((one) => one.xml)];
  return { tests, xml: element('testsuite', attributes, children) };
}

function counts(tests: readonly Test[]): Readonly<Record<string, string | number>> {
  const count = (sort: Sort) => tests.filter((one) => one.sort === sort).length;
  return {
    tests: tests.length,
    failures: count('failure'),
    errors: count('error'),
    skipped: count('skipped'),
    time: seconds(tests.reduce((sum, { ms }) => sum + ms, 0)),
  };
}

function caseTest(one: JudgedCase, place: Place | undefined): Test {
  const outcome = outcomeOf(one);
  const text = outcomeText(one);
  const findings = one.verdict.kind === 'fail' ? one.verdict.findings : [];
  const found = findings[0]?.at ?? place;
  const lines = [
    `says: ${one.says}`,
    `documented: ${one.documented}`,
    ...findings.map(findingLine),
    ...(findings.length === 0 && place !== undefined ? [placeText(place)] : []),
    ...(one.evidence.length === 0 ? [] : [`evidence: ${one.evidence.join(', ')}`]),
  ].join('\n');
  const ms = one.ms ?? 0;
  const name = testName(one.case, one.says);
  const test = (sort: Sort, children: readonly string[]): Test => ({
    sort,
    ms,
    xml: testElement({ classname: one.claim, name, ms, place: found }, children),
  });
  switch (outcome) {
    case 'contradicts':
      return test('failure', [
        textElement('failure', { type: 'contradicts', message: text }, lines),
      ]);
    case 'undecided':
      return test('error', [textElement('error', { type: 'inconclusive', message: text }, lines)]);
    case 'unpromised':
      return test('skipped', [
        textElement('skipped', { message: text }, ''),
        textElement('system-out', {}, lines),
      ]);
    case 'agrees':
      // A test that passed because a claim fails would puzzle whoever looks at it.
      return test(
        'passed',
        one.verdict.kind === 'fail' ? [textElement('system-out', {}, `${text}\n${lines}`)] : [],
      );
    default:
      return outcome satisfies never;
  }
}

function leftOutTest({ claim: id, case: name, reason }: LeftOut, claim: Claim | undefined): Test {
  const says = claim?.says ?? 'no suite has this claim any more';
  const message = `left out: ${reason}`;
  const child = textElement('skipped', { message }, '');
  return {
    sort: 'skipped',
    ms: 0,
    xml: testElement({ classname: id, name: testName(name, says), ms: 0, place: claim?.place }, [
      child,
    ]),
  };
}

function endTest(message: string): Test {
  const child = textElement('error', { type: 'incomplete', message }, message);
  const told = { classname: 'assay', name: 'the run came to its end', ms: 0, place: undefined };
  return { sort: 'error', ms: 0, xml: testElement(told, [child]) };
}

function testElement(
  told: {
    readonly classname: string;
    readonly name: string;
    readonly ms: number;
    readonly place: Place | undefined;
  },
  children: readonly string[],
): string {
  const { classname, name, ms, place } = told;
  const attributes = { name, classname, time: seconds(ms), file: place?.file, line: place?.line };
  return element('testcase', attributes, children);
}

function placeText({ file, line, column }: Place): string {
  return `${file}:${line}:${column}`;
}

function suiteOf({ claim }: { readonly claim: string }): string {
  return claim.split('/', 1)[0] ?? '';
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3);
}
