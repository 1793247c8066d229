import { openToldFile, readToldFile } from '../../adapters/told.ts';
import { type SaidWord, wordsOf } from '../../domain/told.ts';
import { jsonNotify, notifyProblems, renderNotify } from '../../report/notify.ts';
import { type Asked, isGiven, valueOf } from '../arguments.ts';
import { interruption } from '../interrupt.ts';
import { nowMs } from '../memory.ts';
import type { ExitCode, Output, Refused } from '../output.ts';
import { receiverOf } from '../receiver.ts';
import { type Telling, tellNews } from '../telling.ts';
import { openWords } from '../words.ts';

/** Posts to a webhook which words of the tables have changed since it was last told; each change once. */
export async function notify(asked: Asked, output: Output): Promise<ExitCode | Refused> {
  const receiver = receiverOf(asked, process.env);
  if ('problems' in receiver) return receiver;
  if (isGiven(asked, 'again') && isGiven(asked, 'arrived'))
    return refused('--again and --arrived say the opposite of each other');
  const words = await openWords(asked, output);
  if (typeof words === 'number' || 'problems' in words) return words;
  const { tables, remembered } = words;
  const telling: Telling = {
    receiver,
    site: valueOf(asked, 'pages-url')?.replace(/\/+$/, ''),
    inDoubt: isGiven(asked, 'again') ? 'again' : isGiven(asked, 'arrived') ? 'arrived' : 'left',
    startAtWallMs: nowMs(asked),
    signal: interruption(),
  };
  return await tellWords(wordsOf(tables, remembered), telling, asked, output);
}

/** Tells what the receiver does not know of some words, and remembers that; a dry run does neither. */
async function tellWords(
  words: readonly SaidWord[],
  telling: Telling,
  asked: Asked,
  output: Output,
): Promise<ExitCode> {
  const path = telling.receiver.file;
  const isDry = isGiven(asked, 'dry-run');
  const kept = isDry ? undefined : await openToldFile(path);
  if (kept === undefined && !isDry) {
    output.say('another assay notify is telling the same receiver at this moment');
    return 3;
  }
  try {
    const file = kept ?? (await readToldFile(path));
    await output.problems(file.problems);
    if (file.problems.some(({ severity }) => severity === 'error')) return 3;
    const notice = await tellNews(words, file, telling);
    if (valueOf(asked, 'format') === 'json')
      output.print(JSON.stringify(jsonNotify(notice), null, 2));
    else output.print(renderNotify(notice, output.columns, output.paint));
    const problems = notifyProblems(notice);
    await output.problems(problems);
    if (telling.signal.aborted) return 130;
    return problems.length > 0 ? 3 : 0;
  } finally {
    await kept?.close();
  }
}

function refused(message: string): Refused {
  return { problems: [{ severity: 'error', message, see: 'telling' }] };
}
