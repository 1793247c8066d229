import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { sha256 } from '../adapters/sha256.ts';
import { type Case, type Row, type Suite, needsOf, textFor } from '../domain/claim.ts';
import { digest } from '../domain/digest.ts';
import type { Evidence } from '../domain/evidence.ts';
import { instantMs } from '../domain/instant.ts';
import { indexEvidence } from '../domain/standing.ts';
import { type Ground, upsets } from '../domain/upsets.fixture.ts';
import { type SaidRow, saidTables } from '../domain/word.ts';
import { readProject } from './project.ts';

const { project, problems } = await readProject({
  words: [],
  given: { suites: join(import.meta.dirname, '../../suites') },
});

/** A digest is long to make and the same in every test. */
const digests = new Map<Case, string>();
const ground: Ground = {
  claim: project.claim,
  digestOf(aCase) {
    const made = digests.get(aCase) ?? digest(aCase, sha256);
    digests.set(aCase, made);
    return made;
  },
  now: instantMs('2026-04-14T12:00:00Z'),
  observed: () => ({ status: 200 }),
};

interface Named {
  readonly name: string;
  readonly suite: Suite;
  readonly row: Row;
}

const rows: readonly Named[] = project.suites.flatMap((suite) =>
  suite.tables.flatMap((table) =>
    table.rows.map((row) => ({
      name: `${suite.id} · ${textFor(table.under, 'en')} · ${row.key.map((key) => textFor(key, 'en')).join(' · ')}`,
      suite,
      row,
    })),
  ),
);

/** The row as each locale's table has it. */
function said({ suite, row }: Named, evidence: readonly Evidence[]): readonly SaidRow[] {
  const remembered = { ...ground, evidence: indexEvidence(evidence) };
  return saidTables(suite, remembered).flatMap(({ table, rows: all }) =>
    all.filter((_, at) => table.rows[at] === row),
  );
}

function wordsFor({ suite, row }: Named, standing: SaidRow['stand']['standing']) {
  const word = row.words[standing] ?? row.words.else;
  return Object.keys(suite.pages).map((locale) => word && textFor(word, locale));
}

test('the committed suites have tables to show', () => {
  expect(problems).toEqual([]);
  expect(new Set(rows.map(({ suite }) => suite.id))).toEqual(
    new Set(['nano-banana', 'nano-banana-2', 'nano-banana-2-native']),
  );
  expect(rows.length).toBeGreaterThanOrEqual(24);
});

describe.each(rows)('the word of $name', (named) => {
  const all = [...upsets(named.row, ground)];
  const isUntestable = named.row.needs.some(
    ({ claim }) => project.claim(claim)?.basis.kind === 'untestable',
  );

  test.each(all)('follows when $title', ({ evidence, standing }) => {
    const found = said(named, evidence);
    expect(found.map(({ stand }) => stand.standing)).toEqual(found.map(() => standing));
    expect(found.map(({ word }) => word)).toEqual(wordsFor(named, standing));
    expect(found.length).toBeGreaterThan(0);
  });

  test('is another one as soon as a piece of evidence is dropped, fails, ages or moves', () => {
    const [whole, ...rest] = all.filter(({ title }) => title.endsWith('all others hold'));
    const before = said(named, whole?.evidence ?? []).map(({ word }) => word);
    expect(before).toEqual(wordsFor(named, isUntestable ? 'unproven' : 'holds'));
    for (const { title, evidence, standing } of rest) {
      // What no request can settle keeps its row from holding: there only bad news changes the word.
      const isChanged = isUntestable
        ? standing !== 'unproven' && standing !== 'unstable'
        : standing !== 'holds';
      const after = said(named, evidence).map(({ word }) => word);
      for (const [at, word] of after.entries()) {
        if (isChanged) expect(word, title).not.toBe(before[at]);
        else expect(word, title).toBe(before[at]);
      }
    }
  });

  test('rests on evidence of every case that it needs, on every target that it names', () => {
    const [whole] = all;
    const needed = new Set(
      whole?.evidence.map(({ target, claim, case: name }) => `${target.name} ${claim} ${name}`),
    );
    const cases = named.row.needs.flatMap((need) =>
      need.cases.map((name) => `${need.claim} ${name}`),
    );
    const testable = cases.filter((one) => {
      const basis = project.claim(one.split(' ')[0] ?? '')?.basis;
      return basis?.kind === 'sent';
    });
    for (const target of named.row.from)
      for (const one of testable) expect(needed).toContain(`${target} ${one}`);
    expect(needed.size).toBe(named.row.from.length * testable.length);
  });
});

const stronger = rows.flatMap((named) =>
  (named.row.better ?? []).map((better) => ({ ...named, better })),
);

test('some rows have a better word', () => {
  expect(new Set(stronger.map(({ suite }) => suite.id))).toEqual(
    new Set(['nano-banana', 'nano-banana-2-native']),
  );
});

describe.each(stronger)('the better word of $name', (named) => {
  test.each([...upsets({ ...named.row, needs: needsOf(named.row) }, ground)])(
    'stands or falls when $title',
    ({ evidence, standing }) => {
      const wanted = Object.keys(named.suite.pages).map((locale) =>
        textFor(named.better.word, locale),
      );
      const found = said(named, evidence).map(({ word }, at) => word === wanted[at]);
      expect(found).toEqual(wanted.map(() => standing === 'holds'));
    },
  );
});
