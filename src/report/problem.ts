import type { Problem } from '../domain/problem.ts';
import { width } from './columns.ts';
import { type Paint, plain } from './paint.ts';

/** Columns of a source line that are shown at most; a longer one is shown around its caret. */
const MOST_COLUMNS = 160;

/** Every problem with its line and a caret below it, and last lines that count them and name what explains them; nothing for no problem. */
export function renderProblems(problems: readonly Problem[], paint: Paint = plain): string {
  if (problems.length === 0) return '';
  const count = (severity: Problem['severity']) => {
    const many = problems.filter((problem) => problem.severity === severity).length;
    return many === 0 ? [] : [`${many} ${severity}${many === 1 ? '' : 's'}`];
  };
  const total = [...count('error'), ...count('warning')].join(', ');
  const end = [total, ...see(problems)].join('\n');
  return [...problems.map((problem) => renderProblem(problem, paint)), end].join('\n\n') + '\n';
}

/** Where it is explained: each topic once, however many problems are about it. */
function see(problems: readonly Problem[]): readonly string[] {
  const topics = new Set(
    problems.flatMap(({ see: topic }) => (topic === undefined ? [] : [topic])),
  );
  if (topics.size === 0) return [];
  return [`see: ${[...topics].map((topic) => `assay help ${topic}`).join(', ')}`];
}

function renderProblem(problem: Problem, paint: Paint): string {
  const { severity, message, place, line, span = 1, hint } = problem;
  const style = severity === 'error' ? 'red' : 'yellow';
  const head = `${paint(style, `${severity}:`)} ${paint('bold', printable(message))}`;
  if (place === undefined) return hint === undefined ? head : `${head}\n  ${printable(hint)}`;
  const at = `${printable(place.file)}:${place.line}:${place.column}`;
  const number = String(place.line).padStart(2);
  const gutter = ' '.repeat(number.length);
  const arrow = `${gutter}${paint('dim', '-->')} ${at}`;
  if (line === undefined) {
    const rest = hint === undefined ? [] : [`${gutter} ${printable(hint)}`];
    return [head, arrow, ...rest].join('\n');
  }
  const shown = excerpt(line, place.column - 1, span);
  const caret = paint(style, '^'.repeat(Math.max(1, width(shown.marked))));
  const bar = paint('dim', '|');
  return [
    head,
    arrow,
    `${gutter} ${bar}`,
    `${paint('dim', number)} ${bar} ${shown.before}${shown.marked}${shown.after}`.trimEnd(),
    `${gutter} ${bar} ${blank(shown.before)}${caret}${hint === undefined ? '' : ` ${printable(hint)}`}`,
  ].join('\n');
}

interface Excerpt {
  readonly before: string;
  readonly marked: string;
  readonly after: string;
}

function excerpt(line: string, start: number, span: number): Excerpt {
  const end = Math.min(line.length, start + Math.min(span, MOST_COLUMNS / 2));
  const from = line.length <= MOST_COLUMNS ? 0 : Math.max(0, start - MOST_COLUMNS / 4);
  const to = line.length <= MOST_COLUMNS ? line.length : Math.min(line.length, from + MOST_COLUMNS);
  return {
    before: (from > 0 ? '…' : '') + printable(line.slice(from, start)),
    marked: printable(line.slice(start, end)),
    after: printable(line.slice(end, to)) + (to < line.length ? '…' : ''),
  };
}

/** What a file holds must not steer the terminal: every control character but the tab is shown as a sign. */
function printable(text: string): string {
  return text.replace(/(?!\t)[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/gu, '\uFFFD');
}

/** As many columns of blanks as a text takes; its tabs stay, so that both lines jump alike. */
function blank(text: string): string {
  return Array.from(text, (sign) => (sign === '\t' ? sign : ' '.repeat(width(sign)))).join('');
}
