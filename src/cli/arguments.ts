import { parseArgs, type ParseArgsOptionsConfig } from 'node:util';
import { type Problem, didYouMean } from '../domain/problem.ts';

/** One option of a verb; a `value` names what it takes, absent for a switch. */
export interface Option {
  readonly value?: string;
  readonly meaning: string;
  readonly isList?: boolean;
  /** Which values are right, for an option that does not take every text. */
  readonly takes?: { readonly what: string; readonly isRight: (text: string) => boolean };
}

/** What was asked on the command line. */
export interface Asked {
  /** What stands beside the options: selectors, mostly. */
  readonly words: readonly string[];
  readonly given: Readonly<Record<string, string | boolean | readonly string[] | undefined>>;
}

/** The value of an option, or undefined where it was not given. */
export function valueOf(asked: Asked, option: string): string | undefined {
  const value = asked.given[option];
  return typeof value === 'string' ? value : undefined;
}

/** Whether a switch was given. */
export function isGiven(asked: Asked, option: string): boolean {
  return asked.given[option] === true;
}

/** The comma-separated values of an option, from every time it was given. */
export function listOf(asked: Asked, option: string): readonly string[] {
  const value = asked.given[option];
  const texts = Array.isArray(value)
    ? (value as readonly string[])
    : typeof value === 'string'
      ? [value]
      : [];
  return texts
    .flatMap((text) => text.split(','))
    .map((text) => text.trim())
    .filter((text) => text !== '');
}

/** Reads a verb's arguments strictly: an option or a value that it does not know is a problem, never ignored. */
export function readArguments(
  args: readonly string[],
  options: Readonly<Record<string, Option>>,
): Asked | { readonly problems: readonly Problem[] } {
  const config: ParseArgsOptionsConfig = {};
  for (const [name, { value, isList }] of Object.entries(options)) {
    config[name] = { type: value === undefined ? 'boolean' : 'string', multiple: isList === true };
  }
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: config,
      allowPositionals: true,
      strict: true,
    });
    const problems = Object.entries(values).flatMap(([name, value]) =>
      valueProblems(name, value, options[name]),
    );
    if (problems.length > 0) return { problems };
    return { words: positionals, given: { ...values } as Asked['given'] };
  } catch (error) {
    const [message = ''] = (error as Error).message.split('. ');
    const unknown = /Unknown option '(-{1,2}[^' ]+)/.exec(message)?.[1];
    if (unknown === undefined) return { problems: [{ severity: 'error', message }] };
    const hint = didYouMean(
      unknown,
      Object.keys(options).map((name) => `--${name}`),
    );
    return {
      problems: [{ severity: 'error', message: `unknown option ${unknown}`, ...hint }],
    };
  }
}

function valueProblems(name: string, value: unknown, option?: Option): readonly Problem[] {
  if (value === '') return [{ severity: 'error', message: `--${name} needs a value` }];
  if (typeof value !== 'string' || option?.takes?.isRight(value) !== false) return [];
  return [{ severity: 'error', message: `--${name} takes ${option.takes.what}` }];
}
