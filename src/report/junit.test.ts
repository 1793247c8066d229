import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { aRun } from '../domain/run.fixture.ts';
import { type ReadElement, allCalled, junitErrors, readXml } from './junit.fixture.ts';
import { junitRun } from './junit.ts';
import { MIXED, failedCase } from './run.fixture.ts';
import { sayable } from './xml.ts';

const noClaims = () => undefined;

function sortOf(testcase: ReadElement | undefined): string {
  const [child] = testcase?.children ?? [];
  return child === undefined || child.name === 'system-out' ? 'passed' : child.name;
}

describe('JUnit XML of a run', () => {
  test('fails what contradicts, errs on what could not be told, skips what was not asked, and is valid', async () => {
    const xml = junitRun(MIXED, noClaims);
    expect(await junitErrors(xml)).toEqual([]);
    const document = await readXml(xml);
    const sorts = allCalled('testcase', document).map((one) => [
      one.attributes['classname'],
      one.attributes['name'],
      sortOf(one),
    ]);
    expect(sorts).toEqual([
      ['s/c', 'It works', 'passed'],
      ['s/c', 'n=2: It works', 'passed'],
      ['s/c', 'n=10: It works', 'failure'],
      ['s/gloomy', 'It works', 'failure'],
      ['s/open', 'It works', 'skipped'],
      ['s/shaky', 'It works', 'failure'],
      ['s/left', 'a=1: no suite has this claim any more', 'skipped'],
      ['t/untold', 'It works', 'error'],
    ]);
    expect(document.attributes).toMatchObject({
      tests: '8',
      failures: '3',
      errors: '1',
      time: '1.500',
    });
    const [, ofT] = allCalled('testsuite', document);
    expect(ofT?.attributes).toMatchObject({ name: 't', tests: '1', errors: '1', skipped: '0' });
  });

  test('says of a claim that fails as documented that it does, and where', async () => {
    const document = await readXml(junitRun(MIXED, noClaims));
    const [, gloomy] = allCalled('testcase', document);
    expect(gloomy?.attributes).toMatchObject({ file: 'suites/s.yaml', line: '12' });
    expect(allCalled('system-out', gloomy as ReadElement)[0]?.text).toContain(
      'fails, as the docs say: status: expected 200; actual 500',
    );
    const [failure] = allCalled('failure', document);
    expect(failure?.attributes['message']).toBe('status: expected 200; actual 500');
    expect(failure?.text).toContain('suites/s.yaml:12:9: status: expected 200; actual 500');
  });

  test.each([
    [{ kind: 'interrupted' }, 'the run was interrupted'],
    [{ kind: 'outage', detail: 'unreachable: ECONNREFUSED', undecided: 0 }, 'ECONNREFUSED'],
    [{ kind: 'ledger-failed', detail: 'the disk is full' }, 'the disk is full'],
  ] as const)(
    'of a run that is not whole has an error, whatever else it has: %j',
    async (end, said) => {
      const document = await readXml(junitRun(aRun({ end }), noClaims));
      expect(document.attributes['errors']).toBe('1');
      expect(allCalled('error', document)[0]?.attributes['message']).toContain(said);
    },
  );

  test('stays valid under any text in a message, which a parser reads as it was as far as XML can say it', async () => {
    const hostile = [
      '\u0000',
      ']]>',
      '\ud800',
      '\udfff',
      '\ufffe',
      '😀',
      'a\nb\r\nc\td',
      '<&">\u202e',
    ];
    // One document for many texts: a parser of its own is started for each.
    const texts = fc.array(fc.string({ unit: 'binary', maxLength: 40 }), {
      minLength: 150,
      maxLength: 200,
    });
    const halves = fc.array(
      fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units)),
      { minLength: 150, maxLength: 200 },
    );
    await fc.assert(
      fc.asyncProperty(texts, halves, async (some, more) => {
        const all = [...hostile, ...some, ...more];
        const cases = all.map((text, at) => failedCase(text, { case: `n=${at}`, says: text }));
        const xml = junitRun(aRun({ cases }), noClaims);
        expect(await junitErrors(xml)).toEqual([]);
        const document = await readXml(xml);
        const tests = allCalled('testcase', document);
        expect(tests.map(({ attributes }) => attributes['name'])).toEqual(
          all.map((text, at) => `n=${at}: ${sayable(text)}`),
        );
        expect(allCalled('failure', document).map(({ text }) => text)).toEqual(
          all.map(
            (text) =>
              `says: ${sayable(text)}\ndocumented: holds\nsuites/s.yaml:12:9: status: expected 200; actual ${sayable(text)}\nevidence: r.1`,
          ),
        );
      }),
      { numRuns: 3 },
    );
  });

  test('spells what XML has no way to say, and nothing else', () => {
    expect(sayable('\u0000 \ud800 \ufffe 😀 \u0085')).toBe('\\u0000 \\ud800 \\ufffe 😀 \u0085');
  });
});
