import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PASSED, aRun } from '../domain/run.fixture.ts';
import { githubAnnotations, githubSummary } from './github.ts';
import { MIXED, failedCase } from './run.fixture.ts';

const noClaims = () => undefined;
const inRepository = (file: string) => file;

/** A command as the runner reads it (actions/runner, ActionCommand.cs): from the beginning of a line, and unescaped. */
function readCommands(text: string) {
  return text.split(/\r\n|\r|\n/).map((line) => {
    const [, kind = '', said = '', message = ''] = /^::(\w+) ([^]*?)::([^]*)$/.exec(line) ?? [];
    const properties = said.split(',').map((one) => {
      const at = one.indexOf('=');
      const value = one.slice(at + 1);
      return [
        one.slice(0, at),
        unescaped(value.replaceAll('%3A', ':').replaceAll('%2C', ',')),
      ] as const;
    });
    return { kind, properties: Object.fromEntries(properties), message: unescaped(message) };
  });
}

function unescaped(text: string): string {
  return text.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%');
}

describe('the annotations of a run', () => {
  test('are errors, warnings and notices at the lines of the suite', () => {
    expect(readCommands(githubAnnotations(MIXED, noClaims, inRepository))).toMatchObject([
      {
        kind: 'error',
        properties: { file: 'suites/s.yaml', line: '12', col: '9', title: 's/c' },
        message: 'n=10: It works: status: expected 200; actual 500',
      },
      { kind: 'error', properties: { title: 's/gloomy' } },
      { kind: 'error', properties: { title: 's/shaky' } },
      { kind: 'warning', message: 'It works: throttled: 429 three times' },
      { kind: 'notice', properties: { title: 's/open' } },
    ]);
  });

  test('are one line each, and say the same, whatever a message or a path holds', () => {
    const hostile = fc.constantFrom(
      '\n::error::x',
      '\r\n::stop-commands::t',
      '%0A::',
      '::',
      ',',
      '%',
    );
    const texts = fc
      .array(fc.oneof(hostile, fc.string({ unit: 'grapheme-ascii' })))
      .map((all) => all.join(''));
    fc.assert(
      fc.property(texts, texts, (text, path) => {
        const run = aRun({ cases: [failedCase(text)] });
        const said = readCommands(githubAnnotations(run, noClaims, () => `${path}.yaml`));
        expect(said).toHaveLength(1);
        // A lone carriage return is spelled, as it is wherever it is shown.
        expect(said[0]?.properties['file']).toBe(`${path}.yaml`.replaceAll(/\r(?!\n)/g, '\\u000d'));
        expect(said[0]?.message).toContain(text.replaceAll(/\r(?!\n)/g, '\\u000d'));
      }),
    );
  });

  test('are ten of a kind at most, and none is at a file outside of the repository', () => {
    const cases = Array.from({ length: 30 }, (_, at) => failedCase('500', { case: `n=${at}` }));
    const said = readCommands(githubAnnotations(aRun({ cases }), noClaims, () => undefined));
    expect(said).toHaveLength(10);
    expect(said[0]?.properties).toEqual({ title: 's/c' });
  });

  test('begin with that the run is not whole', () => {
    const run = aRun({ end: { kind: 'interrupted' } });
    expect(githubAnnotations(run, noClaims, inRepository)).toMatch(
      /^::error title=assay::the run was/,
    );
  });
});

describe('the summary of a run', () => {
  test('has each part, and what contradicts first', () => {
    const titles = [...githubSummary(MIXED, noClaims).matchAll(/^#.*$/gm)].map(([line]) => line);
    expect(titles).toEqual([
      '# Assay: 3 contradict the docs',
      '## Contradicts the docs (3)',
      '## Findings (2)',
      '## Undecided (1)',
      '## Fails, but the docs promise nothing (1)',
      '## Left out (1)',
      '## Agrees with the docs (2)',
    ]);
  });

  test.each([1 << 20, 100_000, 5_000])(
    'of 20,000 cases has at most %i bytes, and says what it leaves out',
    (most) => {
      const cases = Array.from({ length: 20_000 }, (_, at) =>
        at % 100 === 0
          ? failedCase('多'.repeat(300), { case: `n=${at}` })
          : { ...PASSED, case: `n=${at}` },
      );
      const text = githubSummary(aRun({ cases }), noClaims, most);
      expect(Buffer.byteLength(text)).toBeLessThanOrEqual(most);
      const last = text.trimEnd().split('\n').at(-1);
      expect(last).toMatch(/no room here for .*\d+ of 19800 under "Agrees with the docs"/);
      const shown = text.split('\n').filter((line) => line.includes('as the docs say')).length;
      const missing = Number(/(\d+) of 19800/.exec(last ?? '')?.[1]);
      expect(shown + missing).toBe(19_800);
    },
  );
});
