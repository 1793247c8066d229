import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Case,
  type Claim,
  STANDINGS,
  type Row,
  type Suite,
  type Table,
  textFor,
} from './claim.ts';
import { digest } from './digest.ts';
import {
  NOW,
  UNDECIDED,
  FAIL,
  PASS,
  casesIn,
  claimOf,
  daysAgo,
  derivedClaim,
  digestOf,
  evidenceOf,
  need,
  remember,
  sentClaim,
} from './evidence.fixture.ts';
import { suiteStatus } from './status.ts';
import { type Ground, upsets } from './upsets.fixture.ts';
import { becauseOf, isProven, saidTables } from './word.ts';

const place = { file: 'suites/s.yaml', line: 9, column: 1 };
const words = {
  holds: { en: '`Verified`', cn: '已验证' },
  broken: '`Failing`',
  else: '`Beta`',
};
const row = (key: string, needs: Row['needs'], more: Partial<Row> = {}): Row => ({
  key: [key],
  needs,
  from: ['local'],
  words,
  place,
  ...more,
});

const REFS = ['refs=1', 'refs=2', 'refs=14'];
const claims: readonly Claim[] = [
  sentClaim('t2i'),
  sentClaim('within', REFS),
  sentClaim('over'),
  sentClaim('shape', ['model=a', 'model=b']),
  sentClaim('native', ['size=1K', 'size=2K']),
  derivedClaim('some', [[need('within', REFS), 'any']]),
  derivedClaim('every', [[need('within', REFS), 'all']]),
  derivedClaim('down', [
    [need('native', ['size=1K', 'size=2K']), 'any'],
    [need('over'), 'none'],
  ]),
  derivedClaim('varied', [[need('shape', ['model=a', 'model=b']), { differ: 'image.at' }]]),
  derivedClaim('same', [[need('native', ['size=1K', 'size=2K']), { differ: 'image.at' }]]),
  derivedClaim('of-derived', [[need('some'), 'all']]),
  claimOf('truth', { kind: 'untestable', why: 'Needs a second target' }),
];
const table: Table = {
  under: { en: 'Capability Status', cn: '能力状态' },
  key: [{ en: 'Capability / Spec', cn: '能力 / 规格' }],
  owns: { en: 'Status', cn: '状态' },
  place,
  rows: [
    row('T2I', [need('t2i')]),
    row('1..14 refs', [need('within', REFS), need('over')]),
    row('2 refs', [need('within', ['refs=2'])]),
    row('both', [need('t2i')], { from: ['local', 'production'] }),
    row('some', [need('some')]),
    row('every', [need('every')]),
    row('down', [need('down')]),
    row('varied', [need('varied')]),
    row('same', [need('same')]),
    row('of derived', [need('of-derived'), need('t2i')]),
    row('truth', [need('t2i'), need('truth')]),
    row('every standing has a word', [need('t2i')], {
      words: { holds: 'h', broken: 'b', unstable: 'u', unproven: '?', stale: 's' },
    }),
  ],
};
const suite: Suite = {
  id: 's',
  title: 's',
  file: 'suites/s.yaml',
  pages: { en: 'en/s.mdx', cn: 'cn/s.mdx' },
  claims,
  tables: [table],
};
const ground: Ground = {
  claim: (id) => claims.find((claim) => `s/${claim.id}` === id),
  digestOf,
  now: NOW,
  observed: ({ name }) => ({ 'image.at': name === 'model=a' ? 'inline-data' : 'data-uri' }),
};

describe.each(table.rows.map((one) => [one.key[0] as string, one] as const))(
  'the word of the row %s follows when',
  (key, one) => {
    const all = [...upsets(one, ground)];

    test.each(all.map((upset) => [upset.title, upset] as const))('%s', (_, upset) => {
      const said = saidTables(suite, remember(claims, upset.evidence));
      expect(said.map(({ locale }) => locale)).toEqual(['en', 'cn']);
      for (const { locale, rows } of said) {
        const found = rows.find((candidate) => candidate.key[0] === key);
        expect(found?.stand.standing).toBe(upset.standing);
        const word = one.words[upset.standing] ?? one.words.else ?? 'no word';
        expect(found?.word).toBe(textFor(word, locale));
        expect(found?.stand.because).not.toBe('');
      }
    });

    test('and the upsets lead to different words', () => {
      expect(new Set(all.map(({ standing }) => standing)).size).toBeGreaterThan(1);
    });
  },
);

const [t2i] = claims as [Claim];
const [t2iCase] = casesIn(t2i) as [Case];

test('a table is said in each locale, by its own columns and words', () => {
  const said = saidTables(suite, remember(claims, [evidenceOf(t2iCase)]));
  expect(said).toMatchObject([
    {
      suite: 's',
      locale: 'en',
      page: 'en/s.mdx',
      under: 'Capability Status',
      keyColumns: ['Capability / Spec'],
      owns: 'Status',
      table,
    },
    {
      locale: 'cn',
      page: 'cn/s.mdx',
      under: '能力状态',
      keyColumns: ['能力 / 规格'],
      owns: '状态',
    },
  ]);
  expect(said.map(({ rows }) => rows[0]?.word)).toEqual(['`Verified`', '已验证']);
  expect(said[0]?.rows[0]).toEqual({
    key: ['T2I'],
    word: '`Verified`',
    from: ['local'],
    needs: ['s/t2i'],
    stand: {
      standing: 'holds',
      because: 's/t2i on local: r1.s/t2i/.local.1 (2026-04-13)',
      evidence: ['r1.s/t2i/.local.1'],
      observedAt: daysAgo(1),
    },
    better: [],
  });
});

test('the first locale serves those that have no text of their own', () => {
  const pages = { en: 'en/s.mdx', jp: 'jp/s.mdx' };
  const said = saidTables({ ...suite, pages }, remember(claims, [evidenceOf(t2iCase)]));
  expect(said.map(({ under, rows }) => [under, rows[0]?.word])).toEqual([
    ['Capability Status', '`Verified`'],
    ['Capability Status', '`Verified`'],
  ]);
});

test('a table may be limited to some locales, and be one of several', () => {
  const tables = [
    { ...table, locales: ['cn'] },
    { ...table, nth: 2 },
  ];
  const said = saidTables({ ...suite, tables }, remember(claims, []));
  expect(said.map(({ locale, nth }) => [locale, nth])).toEqual([
    ['en', 2],
    ['cn', undefined],
    ['cn', 2],
  ]);
});

test.each(STANDINGS.map((standing) => [standing]))('else serves %s where it has no word', (one) => {
  const verdicts = {
    holds: [evidenceOf(t2iCase)],
    stale: [evidenceOf(t2iCase, { at: daysAgo(31) })],
    unproven: [],
    unstable: [evidenceOf(t2iCase, { verdict: FAIL }), evidenceOf(t2iCase, { trial: 2 })],
    broken: [evidenceOf(t2iCase, { verdict: FAIL })],
  }[one];
  const only = (more: Row['words']): string | undefined => {
    const tables = [{ ...table, rows: [row('T2I', [need('t2i')], { words: more })] }];
    return saidTables({ ...suite, tables }, remember(claims, verdicts))[0]?.rows[0]?.word;
  };
  expect(only({ else: 'other' })).toBe('other');
  expect(only({ else: 'other', [one]: 'own' })).toBe('own');
  expect(only({})).toBeUndefined();
});

test('a row that is not ours has no word, and its reason', () => {
  const rows = [row('x', [], { leave: 'an opinion', from: [] })];
  const [said] = saidTables({ ...suite, tables: [{ ...table, rows }] }, remember(claims, []));
  expect(said?.rows[0]).toMatchObject({ leave: 'an opinion', stand: { standing: 'unproven' } });
  expect(said?.rows[0]).not.toHaveProperty('word');
});

test('the weakest target counts, and is named', () => {
  const target = { name: 'production', grade: 'live', host: 'h' } as const;
  const evidence = [evidenceOf(t2iCase), evidenceOf(t2iCase, { target, verdict: FAIL })];
  const [said] = saidTables(suite, remember(claims, evidence));
  const both = said?.rows.find(({ key }) => key[0] === 'both');
  expect(both).toMatchObject({ word: '`Failing`', from: ['local', 'production'] });
  expect(both?.stand.evidence).toEqual(['r1.s/t2i/.production.1']);
});

test('a rehearsal says what the tables would say, from its own evidence alone', () => {
  const world = { name: 'mock', grade: 'rehearsal', host: 'h', world: '2026-03-30' } as const;
  const rehearsed = evidenceOf(t2iCase, { target: world });
  const wordOf = (rehearsal?: string) =>
    saidTables(suite, remember(claims, [rehearsed]), rehearsal)[0]?.rows[0];
  expect(wordOf()).toMatchObject({ word: '`Beta`', from: ['local'] });
  expect(wordOf('mock@2026-03-30')).toMatchObject({
    word: '`Verified`',
    from: ['mock@2026-03-30'],
  });
  expect(wordOf('mock@2026-04-14')).toMatchObject({ word: '`Beta`' });
  const live = remember(claims, [evidenceOf(t2iCase)]);
  expect(saidTables(suite, live, 'mock@2026-03-30')[0]?.rows[0]?.word).toBe('`Beta`');
});

describe('a better word', () => {
  const overCase = casesIn(claims[2] as Claim)[0] as Case;
  const [small, large] = casesIn(claims[4] as Claim) as [Case, Case];
  const better = [
    { word: { en: 'recommended', cn: '推荐' }, needs: [need('over'), need('native', ['size=2K'])] },
    { word: 'good', needs: [need('over')] },
  ];
  const saidRow = (
    evidence: Parameters<typeof remember>[1],
    more: Partial<Row> = {},
    locale = 0,
  ) => {
    const rows = [row('T2I', [need('t2i')], { better, ...more })];
    const said = saidTables({ ...suite, tables: [{ ...table, rows }] }, remember(claims, evidence));
    return said[locale]?.rows[0];
  };
  const own = evidenceOf(t2iCase);
  const over = evidenceOf(overCase, { at: daysAgo(2) });

  test('stands where the row holds and its own needs hold as well, and rests on all of them', () => {
    const all = [own, over, evidenceOf(large)];
    expect(saidRow(all)?.word).toBe('recommended');
    expect(saidRow(all, {}, 1)?.word).toBe('推荐');
    expect(saidRow(all)?.stand).toMatchObject({
      standing: 'holds',
      because: expect.stringMatching(
        /s\/t2i on local: .*; s\/over on local: .*; s\/native/,
      ) as string,
      evidence: [own.id, over.id, evidenceOf(large).id],
      observedAt: daysAgo(2),
    });
  });

  test('is the first whose needs hold, and what it falls short of is said', () => {
    const said = saidRow([own, over]);
    expect(said?.word).toBe('good');
    expect(said?.better.map(({ word, stand }) => [word, stand.standing])).toEqual([
      ['recommended', 'unproven'],
      ['good', 'holds'],
    ]);
    expect(said === undefined ? [] : becauseOf(said)).toEqual([
      's/t2i on local: r1.s/t2i/.local.1 (2026-04-13); s/over on local: r1.s/over/.local.1 (2026-04-12)',
      'falls short of "recommended": s/native/size=2K on local: no evidence',
    ]);
  });

  test.each([
    ['are unproven', [own]],
    ['are stale', [own, evidenceOf(overCase, { at: daysAgo(31) })]],
    ['are broken', [own, evidenceOf(overCase, { verdict: FAIL })]],
    ['are undecided', [own, evidenceOf(overCase, { verdict: UNDECIDED })]],
    ['name another case than the one that holds', [own, evidenceOf(small)]],
  ])('leaves the plain one where its needs %s', (_, evidence) => {
    const said = saidRow(evidence);
    expect([said?.word, said?.stand.evidence]).toEqual(['`Verified`', [own.id]]);
  });

  test('is not looked at where the row itself does not hold', () => {
    const failed = [evidenceOf(t2iCase, { verdict: FAIL }), over, evidenceOf(large)];
    expect(saidRow(failed)).toMatchObject({ word: '`Failing`', better: [] });
    const old = [evidenceOf(t2iCase, { at: daysAgo(31) }), over, evidenceOf(large)];
    expect(saidRow(old)).toMatchObject({ word: '`Beta`', better: [] });
  });

  test('needs its claims on every target of the row', () => {
    const from = ['local', 'production'];
    const there = { target: { name: 'production', grade: 'live', host: 'h' } } as const;
    const halfway = [own, over, evidenceOf(t2iCase, there)];
    expect(saidRow(halfway, { from })?.word).toBe('`Verified`');
    expect(saidRow([...halfway, evidenceOf(overCase, there)], { from })?.word).toBe('good');
  });

  test('gives way to a person’s decision, which says what the evidence lacks all the same', () => {
    const override = {
      word: 'paused',
      by: 'A',
      on: '2026-04-01',
      until: '2026-05-01',
      why: 'w',
      place,
    };
    expect(saidRow([own, over], { override })?.word).toBe('paused');
    const said = saidRow([own], { override });
    expect(said === undefined ? [] : becauseOf(said)).toEqual([
      'override by A until 2026-05-01: w',
      expect.stringContaining('the evidence says holds: s/t2i on local'),
      expect.stringContaining('falls short of "recommended": '),
      expect.stringContaining('falls short of "good": '),
    ]);
  });
});

test('the order of the evidence changes no table and no status', () => {
  const cases = claims.flatMap(casesIn);
  const piece = fc.record({
    aCase: fc.constantFrom(...cases),
    run: fc.constantFrom('r1', 'r2', 'r3'),
    trial: fc.constantFrom(1, 2),
    days: fc.constantFrom(1, 1, 2, 40),
    verdict: fc.constantFrom(PASS, FAIL, UNDECIDED),
    target: fc.constantFrom('local', 'production'),
    digest: fc.constantFrom(undefined, undefined, 'edited'),
    at: fc.constantFrom('inline-data', 'data-uri', 'hosted-url'),
  });
  const ledger = fc.array(piece, { maxLength: 40 }).chain((pieces) => {
    const evidence = pieces.map(({ aCase, days, target, at, digest: other, ...more }, index) => ({
      ...evidenceOf(aCase, {
        ...more,
        at: daysAgo(days),
        target: { name: target, grade: 'live', host: 'h' },
        observed: { 'image.at': at },
      }),
      id: `${more.run}.${index}`,
      digest: other ?? digestOf(aCase),
    }));
    const shuffled = fc.shuffledSubarray(evidence, { minLength: evidence.length });
    return fc.tuple(fc.constant(evidence), shuffled);
  });
  fc.assert(
    fc.property(ledger, ([evidence, shuffled]) => {
      const of = (pieces: typeof evidence) => {
        const remembered = remember(claims, pieces);
        return [saidTables(suite, remembered), suiteStatus(suite, ['local'], remembered)];
      };
      expect(of(shuffled)).toEqual(of(evidence));
    }),
  );
});

test('an edit to what a case sends takes its word away, and one to its wording does not', () => {
  const hash = (text: string): string => createHash('sha256').update(text).digest('hex');
  const before = evidenceOf(t2iCase, { digest: digest(t2iCase, hash) });
  const wordAfter = (claim: Claim): string | undefined => {
    const edited = [claim, ...claims.slice(1)];
    const remembered = {
      ...remember(edited, [before]),
      digestOf: (aCase: typeof t2iCase) => digest(aCase, hash),
    };
    return saidTables({ ...suite, claims: edited }, remembered)[0]?.rows[0]?.word;
  };
  expect(wordAfter(t2i)).toBe('`Verified`');
  expect(wordAfter({ ...t2i, says: 'reworded', documented: { as: 'open' }, usd: 9 })).toBe(
    '`Verified`',
  );
  expect(wordAfter(sentClaim('t2i', [''], 2))).toBe('`Beta`');
});

describe('a table', () => {
  const only = sentClaim('t2i');
  const [aCase] = casesIn(only);
  if (aCase === undefined) throw new Error('a sent claim has a case');
  const oneRow: Suite = {
    id: 's',
    title: 's',
    file: 'suites/s.yaml',
    pages: { en: 'en/s.mdx' },
    claims: [only],
    tables: [
      { under: 'Status', key: ['Item'], owns: 'Status', rows: [row('T2I', [need('t2i')])], place },
    ],
  };

  test.each([
    ['nothing', [], NOW, false],
    ['a pass', [evidenceOf(aCase)], NOW, true],
    ['a fail', [evidenceOf(aCase, { verdict: FAIL })], NOW, true],
    ['a pass under an earlier wording', [evidenceOf(aCase, { digest: 'old' })], NOW, true],
    ['what could not be told', [evidenceOf(aCase, { verdict: UNDECIDED })], NOW, false],
    ['a pass that came later', [evidenceOf(aCase)], NOW - 3 * 86_400_000, false],
    [
      'a rehearsal',
      [
        evidenceOf(aCase, {
          target: { name: 'local', grade: 'rehearsal', host: 'h', world: '2026-03-30' },
        }),
      ],
      NOW,
      false,
    ],
    [
      'a mock in disguise',
      [
        evidenceOf(aCase, {
          target: { name: 'local', grade: 'live', host: 'h', mock: '2026-03-30' },
        }),
      ],
      NOW,
      false,
    ],
    [
      'a pass on another target',
      [evidenceOf(aCase, { target: { name: 'production', grade: 'live', host: 'h' } })],
      NOW,
      false,
    ],
  ])('of whose rows the ledger holds %s', (_, evidence, now, proven) => {
    const remembered = remember([only], evidence, now);
    const [said] = saidTables(oneRow, remembered);
    if (said === undefined) throw new Error('the suite has a table');
    expect(isProven(said, remembered)).toBe(proven);
  });
});
