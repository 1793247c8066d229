import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { notices } from './notices.ts';

const MIT = 'MIT License\n\nCopyright (c) ours\n\nPermission is hereby granted, to anyone.\n';
const FILES = {
  'right/package.json': { name: 'right', version: '1.0.0', license: 'ISC' },
  'right/LICENSE.md': 'Copyright of right',
  'right/NOTICE': 'What right wants said',
  '@scope/inner/package.json': { name: '@scope/inner', version: '2.0.0', license: 'MIT' },
  '@scope/inner/licence': 'Copyright of inner',
  'format/package.json': { name: 'format', version: '0.2.2' },
  'silent/package.json': { name: 'silent', version: '3.0.0', license: 'MIT' },
  'viral/package.json': { name: 'viral', version: '4.0.0', license: 'GPL-3.0-only' },
  'viral/LICENSE': 'Copyleft',
};

let folder: string;
const moduleOf = (name: string) => join(folder, 'node_modules', name, 'lib/index.js');

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assay-notices-'));
  for (const [name, content] of Object.entries(FILES)) {
    const path = join(folder, 'node_modules', name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
  }
});

afterAll(() => rm(folder, { recursive: true }));

describe('the notices of third parties', () => {
  test('hold each bundled package once, with all that its licence wants said', () => {
    const ours = join(folder, 'src/main.ts');
    const text = notices(
      [moduleOf('right'), ours, moduleOf('@scope/inner'), moduleOf('right')],
      MIT,
    );
    const line = '-'.repeat(80);
    expect(text.split(line).map((part) => part.trim())).toEqual([
      'assay contains code of these 2 packages.',
      '@scope/inner 2.0.0 (MIT)\n\nCopyright of inner',
      'right 1.0.0 (ISC)\n\nCopyright of right\n\nWhat right wants said',
    ]);
  });

  test('give the terms of MIT to a package that only names them', () => {
    const text = notices([moduleOf('format')], MIT);
    expect(text).toMatch(/Copyright 2010 .*Sami Samhuri.*\n\nPermission is hereby granted/);
  });

  test('refuse a licence that is not on the list, and one without its text', () => {
    expect(() => notices([moduleOf('viral')], MIT)).toThrow('its licence is GPL-3.0-only');
    expect(() => notices([moduleOf('silent')], MIT)).toThrow('no file of its licence');
  });
});
