import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { renderProblems } from '../report/problem.ts';
import { loadSuites } from './load.ts';
import { targetProblems } from './mentions.ts';
import { loadTargets } from './targets.ts';

const load = (text: string) =>
  loadTargets({ name: 'targets.yaml', bytes: new TextEncoder().encode(text) });

const live = (rest: string) =>
  load(`targets:\n  live: { grade: live, baseUrl: "https://example.com", ${rest} }\n`);

describe('targets', () => {
  test('are read with their defaults', () => {
    expect(load('targets:\n  mock: { grade: rehearsal }\n')).toEqual({
      problems: [],
      targets: [
        {
          name: 'mock',
          grade: 'rehearsal',
          concurrency: 4,
          timeoutMs: 300_000,
          budget: {},
          let: {},
          references: [],
        },
      ],
    });
  });

  test('keep the name of the variable that holds the key, and nothing else of it', () => {
    const { targets, problems } = live(
      'key: env:ASSAY_KEY, channel: 315, pace: 60/min, timeout: 90s, budget: { usd: 5 }, confirmAboveUsd: 0, let: { media: m }, mock: allowed, references: [ { url: "http://a/{n}" }, { missing: "http://a/x" } ]',
    );
    expect(problems).toEqual([]);
    expect(targets).toMatchObject([
      {
        baseUrl: 'https://example.com',
        keyName: 'ASSAY_KEY',
        channel: 315,
        pace: { count: 60, perMs: 60_000 },
        timeoutMs: 90_000,
        budget: { usd: 5 },
        confirmAboveUsd: 0,
        let: { media: 'm' },
        mock: 'allowed',
        references: [{ url: 'http://a/{n}' }, { missing: 'http://a/x' }],
      },
    ]);
    expect(targets[0]).not.toHaveProperty('key');
  });

  test.each([
    ['key: abc', 'a key is never written here: say env:NAME'],
    ['pace: 60', 'expected a pace such as 60/min, 2/s or 100/h'],
    ['let: { host: x }', '${target.host} is built in'],
    ['references: [ { format: png } ]', 'exactly one of url and missing'],
    ['usage: { source: none, sauce: none }', 'unknown key "sauce"'],
    ['usage: { source: managment }', 'expected management or dashboard or token or none'],
    [
      'usage: { source: management, user: 1 }',
      'source management needs key, an access token, and user, the id of its user',
    ],
    [
      'usage: { source: management, key: env:ACCESS }',
      'source management needs key, an access token, and user, the id of its user',
    ],
    [
      'key: env:KEY, usage: { source: management, key: env:KEY, user: 1 }',
      'an access token is never the key itself: the account of its user has one',
    ],
    [
      'usage: { source: management, key: env:ACCESS, user: 1, token: 0 }',
      "the id of the key's token is a whole number, from 1 on",
    ],
    [
      'usage: { source: management, key: abc, user: 1 }',
      'a key is never written here: say env:NAME',
    ],
    [
      'key: env:KEY, usage: { source: dashboard, key: env:ACCESS, user: 1 }',
      'key, user: source dashboard has no use for that',
    ],
    ['usage: { source: none, within: 15s }', 'within: source none has no use for that'],
    [
      'usage: { source: token }',
      'source token is read with the key of the target, and it has none',
    ],
    [
      'key: env:KEY, usage: { source: token, within: 15 }',
      'expected a duration such as 300s, 90m, 24h or 30d',
    ],
    ['concurency: 2', 'unknown key "concurency"'],
    ['concurrency: 0', 'expected at least 1, not 0'],
  ])('%s is a problem', (rest, message) => {
    expect(live(rest).problems.map((problem) => problem.message)).toEqual([message]);
  });

  test('say where their charges are read, and keep of an access token only the name of its variable', () => {
    const { targets, problems } = live(
      'key: env:KEY, usage: { source: management, key: env:ACCESS, user: 1, token: 409, within: 15s, batch: 500ms }',
    );
    expect(problems).toEqual([]);
    expect(targets[0]?.usage).toEqual({
      source: 'management',
      keyName: 'ACCESS',
      user: 1,
      token: 409,
      withinMs: 15_000,
      batchMs: 500,
    });
  });

  test.each([
    ['live: { grade: live, baseUrl: "https://a", usage: { source: none } }', 'none'],
    ['live: { grade: live, baseUrl: "https://a", key: env:K, usage: { source: token } }', 'token'],
    ['mock: { grade: rehearsal, usage: { source: management } }', 'management'],
  ])('%s needs no more', (written, source) => {
    const { targets, problems } = load(`targets:\n  ${written}\n`);
    expect([problems, targets[0]?.usage]).toEqual([[], { source }]);
  });

  test.each(['ftp://a', 'a', 'https://u:p@a', 'https://a?b=c', 'https://a#b'])(
    '%s is no base',
    (url) => {
      const { problems, targets } = load(`targets:\n  live: { grade: live, baseUrl: "${url}" }\n`);
      expect(problems).toHaveLength(1);
      expect(targets).toEqual([]);
    },
  );

  test('that are live need a base', () => {
    expect(load('targets:\n  live: { grade: live }\n').problems).toMatchObject([
      { message: 'a live target needs a baseUrl', place: { line: 2, column: 9 } },
    ]);
  });

  test.each([
    'key: sk-secret123secret',
    'key: "plain-secret-key"',
    "'key': hunter22hunter22, concurrency: x",
    'let: { a: sk-secret123secret }, nope: 1',
    'key: [sk-secret123secret]',
    'usage: { source: management, key: plain-secret-token, user: 1 }',
    'usage: { source: management, key: env:ACCESS, user: 1, token: plain-secret-token }',
    'usage: { source: token, tocken: 1, "token": \'hunter22hunter22\' }',
  ])('with a key written out (%s) are refused without showing it', (rest) => {
    const shown = renderProblems(live(rest).problems);
    expect(shown).toContain('error');
    expect(shown).not.toMatch(/secret123|plain-secret|hunter22/);
  });

  test('never throw, whatever is written', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), (text) => Array.isArray(load(text).problems)),
    );
    fc.assert(fc.property(fc.json(), (json) => Array.isArray(load(`targets: ${json}`).problems)));
  });
});

describe('the targets that a suite names', () => {
  const suite = `suite: s
page: a.mdx
claims:
  - { id: c, says: x, untestable: y }
tables:
  - { under: U, key: K, owns: O, from: [live, mock], words: { else: w }, rows: [ { row: R, needs: [c], from: [lvie] } ] }
`;
  const { mentions, problems } = loadSuites(
    [{ name: 's.yaml', bytes: new TextEncoder().encode(suite) }],
    () => undefined,
  );
  const { targets } = load(
    'targets:\n  mock: { grade: rehearsal }\n  live: { grade: live, baseUrl: "http://127.0.0.1:1" }\n',
  );

  test('must be there, and must be live', () => {
    expect(problems).toEqual([]);
    expect(targetProblems(mentions, targets)).toMatchObject([
      {
        message: '"mock" is a rehearsal, and only a live target can verify',
        place: { file: 's.yaml', line: 6, column: 47 },
        span: 4,
      },
      { message: 'no target is called "lvie"', hint: 'did you mean "live"?', place: { line: 6 } },
    ]);
  });
});
