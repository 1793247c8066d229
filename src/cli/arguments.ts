import { parseArgs, type ParseArgsOptionsConfig } from 'node:util';
import { type Problem, didYouMean } from '../domain/problem.ts';

/** One option of a verb; a `value` names what it takes, absent for a switch. */
export interface Option {
  readonly value?: string;
  readonly meaning: string;
  readonly isList?: boolean;
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

/** Reads a verb's arguments strictly: an option that it does not know is a problem, never ignored. */
export function readArguments(
  args: readonly string[],
  options: Readonly<Record<string, Option>>,
): Asked | { readonly problem: Problem } {
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
    const empty = Object.entries(values).find(([, value]) => value === '');
    if (empty !== undefined)
      return { problem: { severity: 'error', message: `--${empty[0]} needs a value` } };
    return { words: positionals, given: { ...values } as Asked['given'] };
  } catch (error) {
    const [message = ''] = (error as Error).message.split('. ');
    const unknown = /Unknown option '(-{1,2}[^' ]+)/.exec(message)?.[1];
    if (unknown === undefined) return { problem: { severity: 'error', message } };
    const hint = didYouMean(
      unknown,
      Object.keys(options).map((name) => `--${name}`),
    );
    return { problem: { severity: 'error', message: `unknown option ${unknown}`, ...hint } };
  }
}
