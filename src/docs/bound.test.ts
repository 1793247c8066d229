import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadSuites } from '../suite/load.ts';
import { unbound } from './bound.ts';
import { type Page, readPage } from './page.ts';

function pageOf(text: string, file = 'p.mdx'): Page {
  const read = readPage(file, new TextEncoder().encode(text));
  if ('problems' in read) throw new Error(read.problems[0]?.message);
  return read.page;
}

const PAGE = pageOf(`---
title: "A page"
---

Above all headings, see [the guide](https://example.com/a).

# Limits

At most **14 reference
images** are accepted.

## Bytes

| Item | Status |
| --- | --- |
| exact \`30 MiB\` | the \\| pipe, _often_ |

# Sizes

The field \`aspect_ratio\` takes 16:9.
`);

const at = (under: string | undefined, quote: string | undefined) =>
  unbound(PAGE, {
    as: 'holds',
    ...(under !== undefined && { under }),
    ...(quote !== undefined && { quote }),
  });

test.each([
  ['p.mdx', '{/* At most 14 images. */}'],
  ['p.mdx', 'Nothing is said {/* At most 14 images. */} here.'],
  ['p.mdx', 'export const said = "At most 14 images.";'],
  ['p.md', '<!-- At most\n14 images. -->'],
  ['p.md', 'Nothing is said <!-- At most 14 images. --> here.'],
])('words that stand in %s where no reader sees them bind no claim: %s', (file, hidden) => {
  const documented = { as: 'holds', under: 'Limits', quote: 'At most 14 images' } as const;
  const page = (text: string) => pageOf(`# Limits\n\n${text}\n\n# Sizes\n\nAny.\n`, file);
  expect(unbound(page(hidden), documented)).toEqual({
    why: '"At most 14 images" does not stand below "Limits"',
  });
  const told = `${hidden}\n\nAt most 14 images.`;
  expect(unbound(page(told), documented)).toBeUndefined();
  const code = '`{/* At most 14 images */}`';
  expect(unbound(page(code), documented)).toBeUndefined();
});

describe('words that a claim quotes', () => {
  test.each([
    ['Limits', 'At most 14 reference images are accepted'],
    ['Limits', 'At most **14 reference images**'],
    ['Limits', 'exact 30 MiB'],
    ['Bytes', 'exact `30 MiB`'],
    ['Limits > Bytes', 'the | pipe, often'],
    ['Sizes', 'aspect_ratio takes 16:9'],
    ['A page', 'see the guide.'],
    ['A page', '[the guide](https://example.com/a)'],
    [undefined, 'takes 16:9'],
  ])('stand below %s: %s', (under, quote) => {
    expect(at(under, quote)).toBeUndefined();
  });

  test.each([
    ['Sizes', 'At most 14 reference images are accepted'],
    ['Bytes', 'At most 14 reference images'],
    ['Limits', 'at most 14 reference images'],
    ['Sizes', 'aspectratio takes'],
    ['Sizes > Bytes', 'exact 30 MiB'],
  ])('do not stand below %s: %s', (under, quote) => {
    expect(at(under, quote)?.why).toBeDefined();
  });

  test('that changed are said with the nearest sentence there', () => {
    expect(at('Limits', 'At most 16 reference images are accepted')).toEqual({
      why: '"At most 16 reference images are accepted" does not stand below "Limits"',
      nearest: 'At most 14 reference images are accepted.',
    });
    expect(at('Limit', 'exact 30 MiB')).toEqual({
      why: 'no heading "Limit"',
      nearest: 'exact 30 MiB',
    });
    expect(at('Limits', 'nothing of the kind')?.nearest).toBeUndefined();
  });

  test('are not missed where a claim quotes none', () => {
    expect(at('No such heading', undefined)).toBeUndefined();
  });
});

const corpus = process.env['ASSAY_CORPUS'] ?? '';
if (corpus === '') {
  // oxlint-disable-next-line no-console -- a proof left out must be seen
  console.warn('SKIPPED: no quote is looked for, because ASSAY_CORPUS names no folder of pages');
}

describe.skipIf(corpus === '')(
  'the committed suites and the pages of every day (ASSAY_CORPUS)',
  () => {
    const folder = join(import.meta.dirname, '../../suites');
    const files = readdirSync(folder)
      .filter((name) => name.endsWith('.yaml') && name !== 'targets.yaml')
      .map((name) => ({ name, bytes: readFileSync(join(folder, name)) }));
    const { suites } = loadSuites(files, (file) => readFileSync(join(folder, 'shapes', file)));

    test.each<[string, string, number, number]>([
      ['nano-banana-2', '2026-04-11', 19, 0],
      ['nano-banana-2', '2026-04-14', 19, 19],
      ['nano-banana-2-native', '2026-04-11', 9, 9],
      ['nano-banana-2-native', '2026-06-30', 9, 0],
      ['gemini-image-gen', '2026-03-23', 12, 5],
      ['gemini-image-gen', '2026-04-14', 12, 0],
      ['gemini-image-gen-2026-02', '2026-02-26', 7, 0],
    ])('%s on %s: of %i quotes %i are gone', (id, day, count, gone) => {
      const suite = suites.find((one) => one.id === id);
      const file = join(corpus, day, Object.values(suite?.pages ?? {})[0] ?? '');
      expect(existsSync(file)).toBe(true);
      const page = pageOf(readFileSync(file, 'utf8'), file);
      const quoting =
        suite?.claims.filter(({ documented }) => documented.quote !== undefined) ?? [];
      const missing = quoting.filter(({ documented }) => unbound(page, documented) !== undefined);
      expect([quoting.length, missing.length]).toEqual([count, gone]);
    });
  },
);
