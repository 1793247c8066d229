import { join } from 'node:path';
import type { Heads } from '../../adapters/heads.ts';
import { gate as gateOf } from '../../domain/gate.ts';
import type { Gate, Reason } from '../../domain/gate.ts';
import type { Evidence } from '../../domain/evidence.ts';
import type { Problem } from '../../domain/problem.ts';
import { type SaidGate, jsonGate, markdownGate, renderGate } from '../../report/gate.ts';
import { select } from '../../suite/selector.ts';
import { type Asked, isGiven, valueOf } from '../arguments.ts';
import {
  type Side,
  cutShort,
  expiredReasons,
  gatedClaims,
  goneReasons,
  suitesOf,
  unboundReasons,
} from '../gated.ts';
import { given } from '../killed.ts';
import { prune, readKnownList } from '../knownList.ts';
import { isBroken, ledgerFolder, nowMs, openHeads, remember, suitesFrom } from '../memory.ts';
import type { ExitCode, Output, Refused } from '../output.ts';
import { KNOWN, type Project, findTarget, openProject, suitesFolder } from '../project.ts';

const ENDS: Readonly<Record<Gate['state'], ExitCode>> = { open: 0, shut: 1, unknown: 3 };

/** Tells from evidence alone whether what the docs promise holds on a target: open, shut, or not to be told. Sends nothing. */
export async function gate(asked: Asked, output: Output): Promise<ExitCode | Refused> {
  const project = await openProject(asked, output);
  if ('problems' in project) return project;
  const { chosen, problems } = select(project.suites, asked.words);
  if (problems.length > 0) return { problems };
  const sides = sidesOf(asked, project);
  if ('problems' in sides) return sides;
  const { here, there } = sides;
  const list = await readKnownList(asked, project.suites);
  if ('problems' in list) return list;
  const suites = suitesOf(chosen, project);
  const pages = valueOf(asked, 'pages');
  const unbound = pages === undefined ? [] : await unboundReasons(chosen, suites, pages);
  if ('problems' in unbound) return unbound;

  const sidesAsked = [here, ...(there ? [there] : [])];
  const now = nowMs(asked);
  const kept = await keptOf(sidesAsked, asked, now, output);
  if (isBroken(kept)) return 3;
  const remembered = remember(project, kept.evidence, now);
  const gated = await gatedClaims(chosen, project, here, there);
  const others = [
    ...nothingBeside(there, kept.evidence),
    ...unbound,
    ...expiredReasons(suites, now),
    ...goneReasons(gated, project, sidesAsked, asked.words, kept.elsewhere, remembered),
    ...cutShort(kept.runs, here, now),
  ];
  let found = gateOf(gated, list.known, others, remembered);
  const pruned = isGiven(asked, 'prune') ? found.prunable : [];
  if (pruned.length > 0) {
    const left = await prune(list, pruned, project.suites);
    if ('problems' in left) return left;
    found = gateOf(gated, left.known, others, remembered);
  }
  const run = found.missing.length === 0 ? undefined : runFor(found.missing, here, asked);
  sayGate(
    {
      gate: found,
      target: here.name,
      ...(there && { against: there.name }),
      isRehearsal: here.target.grade === 'rehearsal',
      at: new Date(now).toISOString(),
      list: list.file?.name ?? join(suitesFolder(asked), KNOWN),
      pruned,
      ...(run !== undefined && { run }),
      claim: project.claim,
    },
    valueOf(asked, 'format'),
    output,
  );
  return ENDS[found.state];
}

/** What the ledgers of all sides hold together. */
interface Kept extends Heads {
  /** The runs that say they were of other suites than lie there. */
  readonly elsewhere: ReadonlySet<string>;
}

async function keptOf(
  sides: readonly Side[],
  asked: Asked,
  now: number,
  output: Output,
): Promise<Kept> {
  const folders = sides.map(({ target }) => ledgerFolder(asked, target.grade === 'rehearsal'));
  const ledgers = await Promise.all(
    [...new Set(folders)].map(async (folder) => {
      const heads = await openHeads(folder, now, output);
      const suites = suitesFrom(folder, asked);
      const others = heads.runs.filter(({ start }) => (start.suites ?? suites) !== suites);
      return { ...heads, elsewhere: others.map(({ start }) => start.id) };
    }),
  );
  return {
    runs: ledgers.flatMap(({ runs }) => runs),
    evidence: ledgers.flatMap(({ evidence }) => evidence),
    problems: ledgers.flatMap(({ problems }) => problems),
    elsewhere: new Set(ledgers.flatMap(({ elsewhere }) => elsewhere)),
  };
}

/** Who was not asked yet holds nothing against anybody: a gate that were open then might be so for that alone. */
function nothingBeside(there: Side | undefined, evidence: readonly Evidence[]): readonly Reason[] {
  if (there === undefined) return [];
  const { name } = there.target;
  if (evidence.some(({ target }) => target.name === name)) return [];
  const because = `there is no evidence on ${there.name}, so that nothing can fall behind it`;
  return [{ kind: 'no-evidence', cases: [], because, evidence: [] }];
}

function sayGate(said: SaidGate, format: string | undefined, output: Output): void {
  const { print, columns, paint } = output;
  if (format === 'json') print(JSON.stringify(jsonGate(said), null, 2));
  else if (format === 'markdown') print(markdownGate(said));
  else print(renderGate(said, columns, paint));
}

/** The two targets, or the one that is held against its own past alone. */
function sidesOf(
  asked: Asked,
  project: Project,
): { readonly here: Side; readonly there?: Side } | Refused {
  const [name, other] = [valueOf(asked, 'target'), valueOf(asked, 'against')];
  if (name === undefined) return refused('gate needs --target NAME, the target to be judged');
  if (name === other) return refused('--target and --against name the same target');
  const here = sideOf(name, project);
  if ('problems' in here) return here;
  if (isGiven(asked, 'prune') && here.target.grade === 'rehearsal')
    return refused('a rehearsal takes nothing out of the list: only a live target can verify');
  if (other === undefined) return { here };
  const there = sideOf(other, project);
  return 'problems' in there ? there : { here, there };
}

/** `mock@2026-03-30` names the world in which a rehearsal took place. */
function sideOf(text: string, project: Project): Side | Refused {
  const [name = '', world] = text.split('@', 2);
  const target = findTarget(project, name);
  if ('problems' in target) return target;
  if (world !== undefined && target.grade === 'live')
    return refused(`"${name}" is live: only a rehearsal has a world`);
  return { name: text, target, ...(world !== undefined && { world }) };
}

function refused(message: string): Refused & { readonly problems: readonly Problem[] } {
  return { problems: [{ severity: 'error', message, see: 'gates' }] };
}

/** The run that would bring what is missing, said where the same project was named. */
function runFor(selectors: readonly string[], { target, world }: Side, asked: Asked): string {
  const inWorld = world === undefined ? '' : ` --world ${world}`;
  const project = given(asked, ['suites', 'targets', 'ledger']);
  return `assay run ${selectors.join(' ')} --target ${target.name}${inWorld}${project}`;
}
