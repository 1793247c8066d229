import type { Claim } from '../domain/claim.ts';
import { type JudgedCase, type Run, summary } from '../domain/run.ts';
import { targetId } from '../domain/target.ts';
import { counted } from './counted.ts';
import { code, codeCell, tableHead, tableRow } from './marked.ts';
import { type Outcome, endText, inNameOrder, outcomeOf, outcomeText } from './outcome.ts';
import { summaryLine } from './run.ts';

/** A part of the report: its title and what explains it, and the lines of its table or list, of which some can be left out. */
interface Part {
  readonly title: string;
  readonly head: readonly string[];
  readonly lines: readonly string[];
}

/** Whatever the length. */
const UNBOUNDED = Number.POSITIVE_INFINITY;

/** What stands behind the last line where not all fits: a sentence for each part. */
const RESERVED_BYTES = 2_000;

/**
 * A run in Markdown: what contradicts the docs first, each finding with its place, then all else. Nothing of a message is a
 * column, a tag or a link. Of at most so many bytes of UTF-8, where that is asked for: then it says what it leaves out.
 */
export function markdownRun(
  run: Run,
  claims: (id: string) => Claim | undefined,
  mostBytes: number = UNBOUNDED,
): string {
  const { id, target, hints } = run;
  const unfinished = endText(run);
  const name = target.world === undefined ? target.name : targetId(target);
  const top = [
    `# Assay: ${summary(run).contradictions === 0 ? 'nothing contradicts the docs' : `${counted(summary(run).contradictions, 'contradicts', 'contradict')} the docs`}`,
    '',
    `Run ${code(id)} on ${code(name)} (${target.grade}), ${run.startedAt.slice(0, 16).replace('T', ' ')} UTC: ${summaryLine(run)}.`,
    ...[...(unfinished === undefined ? [] : [unfinished]), ...hints].flatMap((text) => [
      '',
      `> ${code(text)}`,
    ]),
  ];
  return bounded(top, partsOf(run, claims), mostBytes);
}

function partsOf(run: Run, claims: (id: string) => Claim | undefined): readonly Part[] {
  const cases = inNameOrder(run.cases);
  const of = (outcome: Outcome) => cases.filter((one) => outcomeOf(one) === outcome);
  const [contradicting, unpromised] = [of('contradicts'), of('unpromised')];
  const leftOut = inNameOrder(run.leftOut).map(({ claim, case: name, reason }) =>
    tableRow([
      codeCell(claim),
      codeCell(name),
      codeCell(claims(claim)?.says ?? ''),
      codeCell(reason),
    ]),
  );
  return [
    table('Contradicts the docs', contradicting, 'But'),
    {
      title: 'Findings',
      head: [],
      lines: [...contradicting, ...unpromised].flatMap(findingLines),
    },
    table('Undecided', of('undecided'), 'Why'),
    table('Fails, but the docs promise nothing', unpromised, 'But'),
    { title: 'Left out', head: tableHead(['Claim', 'Case', 'Says', 'Why']), lines: leftOut },
    table('Agrees with the docs', of('agrees'), 'How'),
  ];
}

function table(title: string, cases: readonly JudgedCase[], last: string): Part {
  const lines = cases.map((one) =>
    tableRow([
      codeCell(one.claim),
      codeCell(one.case),
      codeCell(one.says),
      codeCell(outcomeText(one)),
    ]),
  );
  return { title, head: tableHead(['Claim', 'Case', 'Says', last]), lines };
}

/** Each finding of a case on lines of their own, which are left out together. */
function findingLines({ claim, case: name, verdict, evidence }: JudgedCase): readonly string[] {
  if (verdict.kind !== 'fail') return [];
  return verdict.findings.map(({ at, expectation, expected, actual }) =>
    [
      `- ${code(name === '' ? claim : `${claim}/${name}`)} at ${code(`${at.file}:${at.line}:${at.column}`)}: ${code(expectation)}`,
      `  - expected ${code(expected)}`,
      `  - actual ${code(actual)}`,
      ...(evidence.length === 0 ? [] : [`  - evidence ${code(evidence.join(', '))}`]),
    ].join('\n'),
  );
}

/** The parts one after the other while there is room; what has none is said. */
function bounded(top: readonly string[], parts: readonly Part[], mostBytes: number): string {
  const lines = [...top];
  const missing: string[] = [];
  let room = mostBytes - RESERVED_BYTES - bytesOf(top);
  for (const { title, head, lines: all } of parts) {
    if (all.length === 0) continue;
    const above = ['', `## ${title} (${all.length})`, '', ...head];
    const fitting: string[] = [];
    let left = room - bytesOf(above);
    for (const line of all) {
      left -= bytesOf([line]);
      if (left < 0) break;
      fitting.push(line);
    }
    if (fitting.length > 0) {
      lines.push(...above, ...fitting);
      room -= bytesOf([...above, ...fitting]);
    }
    if (fitting.length < all.length)
      missing.push(`${all.length - fitting.length} of ${all.length} under "${title}"`);
  }
  if (missing.length > 0)
    lines.push(
      '',
      `*There is no room here for ${missing.join(', ')}: \`assay report\` tells all.*`,
    );
  return `${lines.join('\n')}\n`;
}

function bytesOf(lines: readonly string[]): number {
  return lines.reduce((sum, line) => sum + Buffer.byteLength(line) + 1, 0);
}
