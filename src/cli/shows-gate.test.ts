import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { STORIES, tell } from './gate.fixture.ts';

const names = readdirSync(STORIES, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && entry.name !== 'base')
  .map(({ name }) => name)
  .toSorted();

const ends: string[] = [];

describe('a gate says what its golden file has, and exits as it says there', () => {
  test.each(names)('%s', async (name) => {
    const { said, code } = await tell(name);
    const expected = readFileSync(join(STORIES, name, 'expected.txt'), 'utf8');
    expect(`${said.trimEnd()}\n\nexit ${code}\n`).toBe(expected);
    const kinds = said.match(/^[a-z-]+(?=: )/gm)?.filter((word) => word !== 'missing') ?? [];
    ends.push(`${name.padEnd(29)} ${code}  ${kinds.join(', ')}`);
  });

  test('and all of them together are the table of how a gate ends', () => {
    const table = readFileSync(join(STORIES, 'table.txt'), 'utf8');
    expect(`${ends.join('\n')}\n`).toBe(table);
  });
});
