import { isHeld } from '../adapters/hold.ts';
import type { Ledger } from '../ledger/read.ts';
import type { KilledRun } from '../report/killed.ts';
import { type Asked, valueOf } from './arguments.ts';

/** The runs of a ledger that have no end and that no process goes on with, and how to go on with each. */
export async function killedRuns(
  asked: Asked,
  { runs }: Pick<Ledger, 'runs'>,
): Promise<readonly KilledRun[]> {
  const killed: KilledRun[] = [];
  for (const { start, close, file, exchanges } of runs) {
    if (close !== undefined || (await isHeld(file))) continue;
    const { id: run, startedAt, target, discover } = start;
    const again = discover === undefined ? resumeCommand(run, asked) : `assay discover ${discover}`;
    const [resume, drop] = [again, dropCommand(run, asked)];
    killed.push({ run, target: target.name, startedAt, exchanges, resume, drop });
  }
  return killed;
}

/** The command that goes on with a run, said where the same project was named. */
export function resumeCommand(run: string, asked: Asked): string {
  return `assay run --resume ${run}${given(asked, ['suites', 'targets', 'ledger'])}`;
}

function dropCommand(run: string, asked: Asked): string {
  return `assay ledger drop ${run}${given(asked, ['ledger'])}`;
}

/** Options as they were given, for a command about the same project; each begins with a blank. */
export function given(asked: Asked, names: readonly string[]): string {
  const options = names.map((name) => {
    const value = valueOf(asked, name);
    return value === undefined ? '' : ` --${name} ${quoted(value)}`;
  });
  return options.join('');
}

/** As a shell takes it for one word. */
function quoted(text: string): string {
  return /^[\w./:@%+=-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
