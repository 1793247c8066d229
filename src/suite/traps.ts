import type { Member } from './written.ts';

/**
 * What to do about a line that YAML refuses, for the traps that suite-format names;
 * `line` is the line's text, `column` counts from 0 in it.
 */
export function trapHint(code: string, line: string, column: number): string | undefined {
  if (/[:,[{]\s*\$\{/.test(line)) return 'quote it: "${…}"';
  if (code === 'TAB_AS_INDENT') return 'indent with blanks';
  if (line[column] === '`' || line[column] === '@') {
    return `quote it: a plain value cannot begin with ${line[column]}`;
  }
  if (code === 'BLOCK_AS_IMPLICIT_KEY' || (code === 'BLOCK_IN_FLOW' && /: .*: /.test(line))) {
    return 'quote the sentence? Its colon starts another mapping';
  }
  return undefined;
}

/** What to do about an unknown key, where its form shows how it came about. */
export function keyHint(name: string, { bare }: Pick<Member, 'bare'>): string | undefined {
  if (!bare) return undefined;
  return /^[\w"'.-]+:\S/.test(name)
    ? 'put a blank after the colon'
    : 'quote the sentence? In { … } a comma ends it';
}

/** Whether other readers of YAML take a plain text for a number in base 60: 16:9 is 969 to YAML 1.1. */
export function looksSexagesimal(plainText: string): boolean {
  return /^[-+]?[1-9][0-9_]*(:[0-5]?[0-9])+$/.test(plainText);
}
