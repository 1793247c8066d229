import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { schema } from 'ctrf';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PASSED, aRun } from '../domain/run.fixture.ts';
import type { Run } from '../domain/run.ts';
import { MIXED, failedCase } from './run.fixture.ts';
import { ctrfRun } from './ctrf.ts';

const validate = addFormats.default(new Ajv({ strict: false })).compile(schema);

/** The members of the document that tests read; throws where CTRF's own schema refuses it. */
function readCtrf(run: Run): {
  readonly summary: Readonly<Record<string, number>>;
  readonly tests: readonly Readonly<Record<string, unknown>>[];
} {
  const document = JSON.parse(JSON.stringify(ctrfRun(run, () => undefined))) as {
    readonly results: ReturnType<typeof readCtrf>;
  };
  if (!validate(document)) throw new Error(JSON.stringify(validate.errors));
  return document.results;
}

describe('CTRF of a run', () => {
  test('fails what contradicts and nothing else, and passes nothing that could not be told', () => {
    const { tests, summary } = readCtrf(MIXED);
    expect(tests.map(({ testId, status, rawStatus }) => [testId, status, rawStatus])).toEqual([
      ['s/c', 'passed', 'pass'],
      ['s/c/n=2', 'passed', 'fail'],
      ['s/c/n=10', 'failed', 'fail'],
      ['s/gloomy', 'failed', 'pass'],
      ['s/open', 'other', 'fail'],
      ['s/shaky', 'failed', 'inconclusive'],
      ['t/untold', 'other', 'inconclusive'],
      ['s/left/a=1', 'skipped', 'left out'],
    ]);
    const { passed, failed, other, skipped, pending } = summary;
    expect({ passed, failed, other, skipped, pending }).toEqual({
      passed: 2,
      failed: 3,
      other: 2,
      skipped: 1,
      pending: 0,
    });
  });

  test('says of what a run never came to that it is pending, and of the run that it is not whole', () => {
    const verdict = { kind: 'inconclusive', cause: 'interrupted', detail: 'it ended' } as const;
    const never = { ...PASSED, verdict, trials: 0, attempts: 0, evidence: [] };
    const { tests } = readCtrf(aRun({ cases: [never], end: { kind: 'interrupted' } }));
    expect(tests.map(({ status }) => status)).toEqual(['other', 'pending']);
  });

  test('points at the line of the finding, and has what it expected and what came', () => {
    const [, , failed] = readCtrf(MIXED).tests;
    expect(failed).toMatchObject({
      name: 'n=10: It works',
      suite: ['s', 's/c'],
      filePath: 'suites/s.yaml',
      line: 12,
      message: 'status: expected 200; actual 500',
      trace: 'suites/s.yaml:12:9: status: expected 200; actual 500',
    });
  });

  test('stays valid, and says the same, whatever a message holds', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const { tests } = readCtrf(aRun({ cases: [failedCase(text)] }));
        expect(tests[0]?.['message']).toBe(`status: expected 200; actual ${text}`);
      }),
    );
  });
});
