import { describe, expect, test } from 'vitest';
import { isGiven, listOf, readArguments, valueOf } from './arguments.ts';

const OPTIONS = {
  target: { value: 'NAME', meaning: 'whom' },
  with: { value: 'FAULT,…', meaning: 'how', isList: true },
  check: { meaning: 'whether' },
  format: {
    value: 'FORMAT',
    meaning: 'in which form',
    takes: { what: 'json', isRight: (text: string) => text === 'json' },
  },
};

function asked(...args: readonly string[]) {
  const read = readArguments(args, OPTIONS, '[WORD …]');
  if ('problems' in read) throw new Error(read.problems[0]?.message);
  return read;
}

describe('arguments', () => {
  test('are words and options in any order', () => {
    const read = asked('a/b', '--target', 'local', '--check', 'c');
    expect([read.words, valueOf(read, 'target'), isGiven(read, 'check')]).toEqual([
      ['a/b', 'c'],
      'local',
      true,
    ]);
  });

  test('of a list may be given apart or with commas', () => {
    expect(listOf(asked('--with', 'a=1,b=2', '--with', 'c=3'), 'with')).toEqual([
      'a=1',
      'b=2',
      'c=3',
    ]);
    expect(listOf(asked(), 'with')).toEqual([]);
  });

  test('that were not given are not there', () => {
    expect([valueOf(asked(), 'target'), isGiven(asked(), 'check')]).toEqual([undefined, false]);
  });

  test('beside a verb that takes no words are each a problem', () => {
    expect(readArguments(['foo', '--check'], OPTIONS, '')).toEqual({
      problems: [{ severity: 'error', message: '"foo" is one word too many' }],
    });
  });

  test('with several wrong values are all named', () => {
    expect(readArguments(['--format', 'xml', '--target='], OPTIONS, '')).toMatchObject({
      problems: [{ message: '--format takes json' }, { message: '--target needs a value' }],
    });
  });

  test.each([
    [['--taget', 'x'], { message: 'unknown option --taget', hint: 'did you mean "--target"?' }],
    [['-x'], { message: 'unknown option -x' }],
    [['--target'], { message: '--target needs a value' }],
    [['--target', '-1'], { message: '--target needs a value' }],
    [['--target', 'a', '--target', 'b'], { message: '--target is given more than once' }],
    [['--target='], { message: '--target needs a value' }],
    [['--format', 'xml'], { message: '--format takes json' }],
    [['--check=yes'], { message: expect.stringContaining("'--check'") as string }],
  ])('%j are a problem', (args, problem) => {
    expect(readArguments(args, OPTIONS, '[WORD …]')).toMatchObject({
      problems: [{ severity: 'error', ...problem }],
    });
  });
});
