import { describe, expect, test } from 'vitest';
import type { Problem } from '../domain/problem.ts';
import { renderProblems } from './problem.ts';

const at = (line: string, column: number, span: number, rest: Partial<Problem> = {}): Problem => ({
  severity: 'error',
  message: 'wrong',
  place: { file: 'suites/a.yaml', line: 14, column },
  line,
  span,
  ...rest,
});

/** The source line and the line of the caret. */
function lines(problem: Problem): readonly string[] {
  return renderProblems([problem]).split('\n').slice(3, 5);
}

describe('a rendered problem', () => {
  test('has message, place, line, caret and hint', () => {
    const problem = at('      - statu: 200', 9, 5, {
      message: 'unknown expectation "statu"',
      hint: 'did you mean "status"?',
    });
    expect(renderProblems([problem])).toBe(`error: unknown expectation "statu"
  --> suites/a.yaml:14:9
   |
14 |       - statu: 200
   |         ^^^^^ did you mean "status"?

1 error
`);
  });

  test('has its caret below the word after a tab', () => {
    expect(lines(at('\tkey: x', 7, 1))).toEqual(['14 | \tkey: x', '   | \t     ^']);
  });

  test('has its caret below the word after wide characters, and as wide as they are', () => {
    expect(lines(at('状态: 对话', 5, 2))).toEqual(['14 | 状态: 对话', '   |       ^^^^']);
    expect(lines(at('🍌é: x', 6, 1))).toEqual(['14 | 🍌é: x', '   |      ^']);
  });

  test('cuts a line that no terminal shows', () => {
    const [shown = '', caret = ''] = lines(at(`${'a'.repeat(5000)}X${'b'.repeat(5000)}`, 5001, 1));
    expect(shown.length).toBeLessThan(200);
    expect(shown[caret.indexOf('^')]).toBe('X');
  });

  test('never steers the terminal', () => {
    const hostile = '\u001b]0;x\u0007\u202e';
    const problem = at(hostile, 1, 3, { message: hostile, hint: hostile });
    const file = { file: hostile, line: 1, column: 1 };
    const shown = renderProblems([problem, { ...problem, place: file }]);
    for (const sign of hostile.replaceAll(/[ -~]/g, '')) expect(shown).not.toContain(sign);
  });

  test('needs neither line nor place', () => {
    const problem: Problem = {
      severity: 'error',
      message: 'no suite is called "a"',
      hint: 'did you mean "b"?',
    };
    expect(renderProblems([problem])).toBe(
      'error: no suite is called "a"\n  did you mean "b"?\n\n1 error\n',
    );
    expect(renderProblems([{ ...problem, place: { file: 'f', line: 7, column: 3 } }])).toContain(
      '\n  --> f:7:3\n',
    );
  });

  test('is counted at the end, errors and warnings apart', () => {
    const warning: Problem = { severity: 'warning', message: 'odd' };
    const error: Problem = { severity: 'error', message: 'wrong' };
    expect(renderProblems([warning, error, error])).toMatch(/\n\n2 errors, 1 warning\n$/);
    expect(renderProblems([])).toBe('');
  });

  test('is painted where asked', () => {
    expect(renderProblems([at('a: b', 1, 1)], (style, text) => `<${style}>${text}</>`)).toContain(
      '<red>^</>',
    );
  });
});
