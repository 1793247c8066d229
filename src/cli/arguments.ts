import { parseArgs, type ParseArgsOptionsConfig } from 'node:util';
import { type Problem, didYouMean } from '../domain/problem.ts';

/** One option of a verb; a `value` names what it takes, absent for a switch. */
export interface Option {
  readonly value?: string;
  readonly meaning: string;
  readonly isList?: boolean;
  /** All values that it takes, where they are few. */
  readonly values?: readonly string[];
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

/** What was asked, with the world of a target that names one: `--target mock@2026-03-30` is `--target mock --world 2026-03-30`. */
export function namedWorld(asked: Asked): Asked {
  const [target, world] = valueOf(asked, 'target')?.split('@', 2) ?? [];
  return world === undefined ? asked : { ...asked, given: { ...asked.given, target, world } };
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

/**
 * Reads a verb's arguments strictly: an option or a value that it does not know is a problem, never ignored. So is a word
 * where `words`, what help shows beside the options, is empty.
 */
export function readArguments(
  args: readonly string[],
  options: Readonly<Record<string, Option>>,
  words: string,
): Asked | { readonly problems: readonly Problem[] } {
  const config: ParseArgsOptionsConfig = {};
  for (const [name, { value, isList }] of Object.entries(options)) {
    config[name] = { type: value === undefined ? 'boolean' : 'string', multiple: isList === true };
  }
  try {
    const { values, positionals, tokens } = parseArgs({
      args: [...args],
      options: config,
      allowPositionals: true,
      strict: true,
      tokens: true,
    });
    const named = tokens.flatMap((token) => (token.kind === 'option' ? [token.name] : []));
    const twice = named.filter((name, at) => named.indexOf(name) < at);
    const problems = [
      ...Object.entries(values).flatMap(([name, value]) =>
        valueProblems(name, value, options[name]),
      ),
      ...[...new Set(twice)]
        .filter((name) => options[name]?.isList !== true)
        .map((name) => problem(`--${name} is given more than once`)),
      ...(words === '' ? positionals.map((word) => problem(`"${word}" is one word too many`)) : []),
    ];
    if (problems.length > 0) return { problems };
    return { words: positionals, given: { ...values } as Asked['given'] };
  } catch (error) {
    const [message = ''] = (error as Error).message.split(/\.\s/);
    const lacking = /^Option '(?:-\w, )?(--[\w-]+).* argument (?:missing|is ambiguous)/.exec(
      message,
    )?.[1];
    if (lacking !== undefined) return { problems: [problem(`${lacking} needs a value`)] };
    const unknown = /Unknown option '(-{1,2}[^' ]+)/.exec(message)?.[1];
    if (unknown === undefined) return { problems: [problem(message)] };
    const hint = didYouMean(
      unknown,
      Object.keys(options).map((name) => `--${name}`),
    );
    return { problems: [{ ...problem(`unknown option ${unknown}`), ...hint }] };
  }
}

function valueProblems(name: string, value: unknown, option?: Option): readonly Problem[] {
  if (value === '') return [problem(`--${name} needs a value`)];
  if (typeof value !== 'string' || option?.takes?.isRight(value) !== false) return [];
  return [problem(`--${name} takes ${option.takes.what}`)];
}

function problem(message: string): Problem {
  return { severity: 'error', message };
}
