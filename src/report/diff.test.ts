import { expect, test } from 'vitest';
import { renderDiffs } from './diff.ts';

const DIFF = {
  page: 'en/p.mdx',
  line: 27,
  column: 10,
  under: 'Capability Status',
  row: 'Reference + 2K',
  was: '`Beta`',
  word: '`Verified`',
  because: 'refs.at-2k holds',
};

test('a diff says where, what was, what should be, and why', () => {
  expect(renderDiffs([DIFF, { ...DIFF, line: 28, was: '' }], 80))
    .toBe(`en/p.mdx:27:10  Capability Status  ›  Reference + 2K
  - \`Beta\`
  + \`Verified\`
    because: refs.at-2k holds

en/p.mdx:28:10  Capability Status  ›  Reference + 2K
  - (empty)
  + \`Verified\`
    because: refs.at-2k holds
`);
  expect(renderDiffs([], 80)).toBe('');
});

test('colours are left to the caller', () => {
  const painted = renderDiffs([DIFF], 80, (style, text) => `<${style}>${text}</${style}>`);
  expect(painted).toContain('<red>  - `Beta`</red>\n<green>  + `Verified`</green>\n');
  expect(painted).toContain('<dim>    because: refs.at-2k holds</dim>');
});

test('a long reason is wrapped beside its label', () => {
  const lines = renderDiffs([{ ...DIFF, because: 'no evidence '.repeat(8).trim() }], 40).split(
    '\n',
  );
  expect(lines.slice(3, 5)).toEqual([
    '    because: no evidence no evidence no',
    '             evidence no evidence no',
  ]);
});
