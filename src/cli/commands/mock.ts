import { listBehaviours } from '../../mock/behaviours.ts';
import { startMock } from '../../mock/server.ts';
import { listWorlds } from '../../mock/worlds.ts';
import { labelled } from '../../report/columns.ts';
import { type Asked, isGiven, listOf, valueOf } from '../arguments.ts';
import type { ExitCode, Output, Refused } from '../output.ts';
import { untilEnded } from '../interrupt.ts';

const PORT = 4000;

/** Runs the mock gateway of a day until it is ended, or names its worlds and behaviours. */
export async function mock(asked: Asked, output: Output): Promise<ExitCode | Refused> {
  if (isGiven(asked, 'list')) {
    output.print(catalogue(output.columns));
    return 0;
  }
  const port = Number(valueOf(asked, 'port') ?? PORT);
  const world = valueOf(asked, 'world') ?? listWorlds().at(-1)?.world ?? '';
  try {
    const running = await startMock({
      world,
      faults: listOf(asked, 'with'),
      port,
      hostingPort: Number(valueOf(asked, 'hosting-port') ?? (port === 0 ? 0 : port + 10)),
    });
    const ended = untilEnded(); // before it is said that it runs: whoever reads that may end it
    output.print(`world ${world} at ${running.url}`);
    output.print(`media and references at ${running.hostingUrl}, as ${running.references}`);
    const { accessToken, user } = running.usage;
    output.print(`charges under ${running.url}/api: user ${user}, access token ${accessToken}`);
    await ended;
    await running.close();
    return 0;
  } catch (error) {
    const { message } = error as Error;
    const hint = 'code' in (error as Error) ? {} : { hint: 'assay mock --list' }; // a port in use has a code
    return { problems: [{ severity: 'error', message, ...hint }] };
  }
}

function catalogue(columns: number): string {
  const worlds = listWorlds().map(({ world, says }) => labelled(`${world}  `, says, 2, columns));
  const behaviours = listBehaviours().map(
    ({ name, values, subjects, says }) =>
      `${labelled('', form(name, values, subjects), 2, columns)}\n${labelled('', says, 6, columns)}`,
  );
  return ['Worlds', ...worlds, '', 'Behaviours', ...behaviours].join('\n');
}

/** `size[.512 | 1K | 2K | 4K]=asked | refused | …`: what it may be about, and what it may be set to. */
function form(
  name: string,
  values: readonly string[],
  subjects: readonly string[] | undefined,
): string {
  const subject = subjects === undefined ? '' : `[.${subjects.join(' | ')}]`;
  return `${name}${subject}=${values.join(' | ')}`;
}
