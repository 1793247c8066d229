import type { Claim, Place } from '../domain/claim.ts';
import { type JudgedCase, type Run } from '../domain/run.ts';
import { markdownRun } from './markdown.ts';
import { endText, inNameOrder, outcomeOf, outcomeText, testName } from './outcome.ts';
import { printable } from './printable.ts';

/** GitHub takes this much of one step's summary, and nothing of a longer one. */
export const MOST_SUMMARY_BYTES = 1 << 20;

/** GitHub shows so many annotations of a kind from one step. */
const MOST_SHOWN = 10;

/** GitHub cuts what is longer; a log should not have more of a message either. */
const MOST_CHARACTERS = 2_000;

/** A run as the summary of a step, of at most so many bytes. */
export function githubSummary(
  run: Run,
  claims: (id: string) => Claim | undefined,
  mostBytes: number = MOST_SUMMARY_BYTES,
): string {
  return markdownRun(run, claims, mostBytes);
}

/**
 * A run as workflow commands that annotate the suite's lines: an error for what contradicts the docs, a warning for what could not
 * be told, a notice for what fails where they promise nothing; ten of a kind, and the rest is in the summary. `inRepository` gives
 * the path from the root of the repository, or undefined where a file is not in it.
 */
export function githubAnnotations(
  run: Run,
  claims: (id: string) => Claim | undefined,
  inRepository: (file: string) => string | undefined,
): string {
  const unfinished = endText(run);
  const cases = inNameOrder(run.cases);
  const annotate = (kind: Kind, one: JudgedCase): string => {
    const place =
      one.verdict.kind === 'fail' && one.verdict.findings[0] !== undefined
        ? one.verdict.findings[0].at
        : claims(one.claim)?.place;
    const text = `${testName(one.case, one.says)}: ${outcomeText(one)}`;
    return command(kind, one.claim, text, place, inRepository);
  };
  const of = (kind: Kind, outcome: ReturnType<typeof outcomeOf>) =>
    cases.filter((one) => outcomeOf(one) === outcome).map((one) => annotate(kind, one));
  const ended =
    unfinished === undefined
      ? []
      : [command('error', 'assay', unfinished, undefined, inRepository)];
  return [
    [...ended, ...of('error', 'contradicts')],
    of('warning', 'undecided'),
    of('notice', 'unpromised'),
  ]
    .flatMap((all) => all.slice(0, MOST_SHOWN))
    .join('\n');
}

type Kind = 'error' | 'warning' | 'notice';

function command(
  kind: Kind,
  title: string,
  text: string,
  place: Place | undefined,
  inRepository: (file: string) => string | undefined,
): string {
  const file = place && inRepository(place.file);
  const properties = {
    ...(place !== undefined && file !== undefined && { file, line: place.line, col: place.column }),
    title,
  };
  const said = Object.entries(properties).map(
    ([key, value]) => `${key}=${property(String(value))}`,
  );
  return `::${kind} ${said.join(',')}::${data(text.slice(0, MOST_CHARACTERS).toWellFormed())}`;
}

/** The runner takes a command line by line, and undoes these three and no others in its message. */
function data(text: string): string {
  return printable(text).replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

/** In a property the two signs that end one as well. */
function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
