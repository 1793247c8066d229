import { type Claim, caseId } from '../domain/claim.ts';
import { canonical } from '../domain/digest.ts';
import type { JudgedCase, Run } from '../domain/run.ts';
import { labelled } from './columns.ts';
import { findingLines } from './finding.ts';
import type { Paint } from './paint.ts';

/** What contradicts the docs, whole: cases of a claim with the same findings are told together, each by its name. */
export function contradictions(
  run: Run,
  claims: (id: string) => Claim | undefined,
  columns: number,
  paint: Paint,
): readonly string[] {
  const found = run.cases.filter((one) => one.contradicts);
  if (found.length === 0) return [];
  const alike = Map.groupBy(found, ({ claim, verdict }) => `${claim} ${canonical(verdict)}`);
  const title = paint('bold', `Contradicts the docs (${found.length})`);
  return [title, ...[...alike.values()].map((some) => contradiction(some, claims, columns, paint))];
}

/** The names of some cases of one claim: the first one's with its claim, those behind it as they differ from that. */
export function foldedNames(
  some: readonly Pick<JudgedCase, 'claim' | 'case'>[],
): readonly string[] {
  return some.map(({ claim, case: name }, at) => (at === 0 ? caseId(claim, name) : name));
}

function contradiction(
  some: readonly JudgedCase[],
  claims: (id: string) => Claim | undefined,
  columns: number,
  paint: Paint,
): string {
  const [one] = some;
  if (one === undefined) return '';
  const { under, quote, asserted, as } = claims(one.claim)?.documented ?? { as: one.documented };
  const said = [under, quote === undefined ? undefined : `"${quote}"`, asserted].filter(
    (part) => part !== undefined,
  );
  const documented = `${as === 'broken' ? 'as failing' : 'as holding'}${said.length === 0 ? '' : `: ${said.join(', ')}`}`;
  return [
    paint('red', nameLines(some, columns)),
    labelled('says        ', one.says, 4, columns),
    labelled('documented  ', documented, 4, columns),
    ...(one.verdict.kind === 'fail'
      ? one.verdict.findings.map((finding) => findingLines(finding, columns))
      : [
          labelled(
            'but         ',
            one.verdict.kind === 'pass' ? 'it works' : 'a trial of it contradicts them',
            4,
            columns,
          ),
        ]),
  ].join('\n');
}

/** A name alone is never broken: it is what one copies. */
function nameLines(some: readonly JudgedCase[], columns: number): string {
  const [first = ''] = foldedNames(some);
  return some.length === 1 ? `  ${first}` : labelled('', foldedNames(some).join(', '), 2, columns);
}
