import { expect, test } from 'vitest';
import { roff } from './roff.ts';

const PAGE = { name: 'assay-x', version: '1.2.3' };

test('headings are sections, tables of two columns are tagged paragraphs, and code is not filled', () => {
  const text = [
    '# x — says x',
    '## First',
    '### Part',
    'Words.',
    '| | |\n|-|-|\n| `--a` | b |',
    '    code  here',
  ];
  expect(roff(text.join('\n\n'), PAGE).split('\n')).toEqual([
    '.TH "ASSAY\\-X" 1 "" "assay 1.2.3"',
    '.SH NAME',
    'assay\\-x \\- says x',
    '.SH "FIRST"',
    '.SS "Part"',
    '.PP',
    'Words.',
    '.TP',
    '\\-\\-a',
    'b',
    '.PP',
    '.RS 4',
    '.nf',
    'code  here',
    '.fi',
    '.RE',
    '',
  ]);
});

test('no text is taken for a request or an escape', () => {
  const lines = roff('# Y\n\na\n\n    .SH "no"\n    \'br\n    a\\fB `x` ^ ~', PAGE).split('\n');
  expect(lines.slice(9, 12)).toEqual(['\\&.SH "no"', '\\(aqbr', 'a\\efB \\(gax\\(ga \\(ha \\(ti']);
});
