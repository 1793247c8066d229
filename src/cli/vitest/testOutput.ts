import { plain } from '../../report/paint.ts';
import { printable } from '../../report/printable.ts';
import { renderProblems } from '../../report/problem.ts';
import type { Output } from '../output.ts';

/** What a run has to say beside its tests: through the console, which vitest shows with the file that said it. */
export function testOutput(): Output {
  return {
    print: () => {}, // the tests say what was found
    say: (text) => console.info(printable(text)),
    problems: async (problems) => {
      if (problems.length > 0) console.warn(renderProblems(problems).trimEnd());
    },
    columns: 100,
    paint: plain,
  };
}
