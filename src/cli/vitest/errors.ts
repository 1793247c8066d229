import { resolve } from 'node:path';
import { readIfThere } from '../../adapters/files.ts';
import { type Claim, type Place, claimId } from '../../domain/claim.ts';
import type { Problem } from '../../domain/problem.ts';
import type { Finding, Untold } from '../../domain/verdict.ts';
import { printable } from '../../report/printable.ts';
import { renderProblems } from '../../report/problem.ts';
import type { Judged } from './running.ts';

/** Lines that are shown of a suite before and behind the one that an error points at, and the most columns of each. */
const AROUND = 2;
const MOST_COLUMNS = 160;

/** Why a case contradicts the docs, as errors of its test: one for each finding, at the line of its expectation. */
export function contradictions(claim: Claim, judged: Judged): readonly Error[] {
  const { verdict, documented } = judged.case;
  if (documented === 'broken') {
    const but = verdict.kind === 'pass' ? 'it works' : 'a trial of it passed';
    return [placedError(claim, claim.place, `documented as broken, but ${but}`)];
  }
  if (verdict.kind === 'fail') return verdict.findings.map((one) => findingError(claim, one));
  const failed = judged.trials.filter((trial) => trial.kind === 'fail');
  const share = `in ${failed.length} of ${judged.trials.length} trials`;
  return failed.flatMap(({ findings }) => findings.map((one) => findingError(claim, one, share)));
}

/** That a case could not be told, which is never a pass. */
export function undecidedError(claim: Claim, { cause, detail }: Untold): Error {
  return placedError(claim, claim.place, `undecided, ${cause}: ${detail}`);
}

/** What a failing case comes to of which the docs promise nothing. */
export function failingOpen(findings: readonly Finding[]): string {
  const all = findings.map(
    ({ expectation, expected, actual }) => `${expectation}: expected ${expected}, actual ${actual}`,
  );
  return `fails, but the docs promise nothing: ${all.join('; ')}`;
}

/** Why nothing can be listed or run: every problem as the command line shows it, at the place of the first. */
export function problemsError(problems: readonly Problem[]): Error {
  const text = renderProblems(problems).trimEnd();
  const place = problems.find((one) => one.place !== undefined)?.place;
  const error = new Error(`\n${text}`);
  error.stack = `Error: ${problems[0]?.message ?? ''}${place === undefined ? '' : frame('suite', place)}`;
  return error;
}

function findingError(
  claim: Claim,
  { expectation, at, expected, actual }: Finding,
  share?: string,
): Error {
  const message = [
    share === undefined ? expectation : `${expectation}, ${share}`,
    `  expected  ${block(expected)}`,
    `  actual    ${block(actual)}`,
  ].join('\n');
  // Texts of a line each are no difference to draw; editors show the two beside each other all the same.
  const showDiff = [expected, actual].every((text) => text.includes('\n'));
  return Object.assign(placedError(claim, at, message), { expected, actual, showDiff });
}

/** What follows in the same column bears a sign, so that nothing a server says can pass for a line of a stack. */
function block(text: string): string {
  return text.trimEnd().replaceAll(/\r?\n/g, '\n          │ ');
}

/** An error that was not thrown where it says: its stack, and the lines that vitest shows, are those of the suite. */
function placedError(claim: Claim, place: Place, text: string): Error {
  const message = printable(text);
  const error = new Error(message);
  error.name = 'AssertionError';
  error.stack = `${error.name}: ${message}${frame(claimId(claim), place)}`;
  return Object.assign(error, { codeFrame: excerpt(place) });
}

function frame(name: string, { file, line, column }: Place): string {
  return `\n    at ${name} (${resolve(file)}:${line}:${column})`;
}

/** The lines around a place with a caret below it, as vitest shows code; nothing where they cannot be read. */
function excerpt({ file, line, column }: Place): string | undefined {
  const bytes = readIfThere(file);
  if (bytes === undefined || column > MOST_COLUMNS) return undefined;
  const lines = new TextDecoder().decode(bytes).split(/\r?\n/);
  const from = Math.max(1, line - AROUND);
  return lines
    .slice(from - 1, line + AROUND)
    .flatMap((text, at) => {
      const shown = `${gutter(String(from + at))} ${printable(text.slice(0, MOST_COLUMNS))}`;
      const caret = `${gutter('')} ${' '.repeat(column - 1)}^`;
      return from + at === line ? [shown, caret] : [shown];
    })
    .map((text) => `    ${text}`.trimEnd())
    .join('\n');
}

function gutter(number: string): string {
  return `${number.padStart(3)}|`;
}
