import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Case, Claim } from '../domain/claim.ts';
import { loadSuites } from './load.ts';
import { select } from './selector.ts';

const file = join(import.meta.dirname, '../../fixtures/worked-example/suite.yaml');
const { suites, problems, mentions } = loadSuites(
  [{ name: 'suites/nano-banana-2.yaml', bytes: readFileSync(file) }],
  () => undefined,
);
const [suite] = suites;

function claim(id: string): Claim {
  const found = suite?.claims.find((one) => one.id === id);
  if (found === undefined) throw new Error(`no claim ${id}`);
  return found;
}

function cases(id: string): readonly Case[] {
  const { basis } = claim(id);
  return basis.kind === 'sent' ? basis.cases : [];
}

describe('the worked example', () => {
  test('has no problem', () => {
    expect(problems).toEqual([]);
  });

  test('keeps page, day and title', () => {
    expect(suite).toMatchObject({
      id: 'nano-banana-2',
      title: 'Nano Banana 2 through the Images route',
      rehearse: '2026-03-30',
      pages: { en: 'en/images/nano-banana-2.mdx', cn: 'cn/images/nano-banana-2.mdx' },
    });
  });

  test('fills the first request from let, and leaves out what is null', () => {
    expect(cases('edit.at-1k').map(({ request }) => request)).toEqual([
      {
        method: 'POST',
        path: '/v1/images/generations',
        query: {},
        headers: { 'accept-language': 'en' },
        auth: 'bearer',
        json: {
          model: 'nano-banana-2',
          prompt: expect.stringContaining('white-background'),
          image_input: { $references: { count: 1, format: 'webp' } },
          resolution: '1K',
          aspect_ratio: '1:1',
        },
      },
    ]);
  });

  test('sends claims with equal requests as one and the same', () => {
    const first = cases('edit.at-1k')[0]?.request;
    for (const id of ['answer.shape', 'answer.archived', 'refs.webp', 'refs.within-limit']) {
      expect(cases(id)[0]?.request).toEqual(first);
    }
  });

  test('names cases by what varies, and gives each its own value with its own type', () => {
    expect(cases('refs.over-limit').map(({ name }) => name)).toEqual([
      'refs=15',
      'refs=16',
      'refs=20',
    ]);
    const counts = cases('refs.over-limit').map(({ request }) => request.json);
    expect(counts).toMatchObject(
      [15, 16, 20].map((count) => ({ image_input: { $references: { count } } })),
    );
    expect(cases('aspect.allowed')[0]?.name).toBe('aspect=1:4');
  });

  test('a varied name reaches the expectation as well as the request', () => {
    const [square, wide] = cases('aspect.validated');
    expect(square?.expect[0]?.value).toEqual({ ratio: '1:1' });
    expect(wide?.expect[0]?.value).toEqual({ ratio: '16:9' });
    expect(wide?.request.json).toMatchObject({ aspect_ratio: '16:9' });
  });

  test('a generator replaces the one below it, and null takes a member away', () => {
    expect(cases('refs.single-string')[0]?.request.json).toMatchObject({
      image_input: { $reference: { format: 'webp' } },
    });
    expect(cases('t2i')[0]?.request.json).not.toHaveProperty('image_input');
    expect(cases('image-field')[0]?.request.json).toMatchObject({
      image: { $reference: { format: 'webp' } },
    });
  });

  test('what only the target knows stays to be filled', () => {
    expect(cases('answer.archived')[0]?.expect[0]?.value).toMatchObject({
      host: '${target.media}',
    });
  });

  test('a control claim is resolved to its cases', () => {
    const [control] = cases('refs.over-30-mib')[0]?.given ?? [];
    expect(control).toMatchObject({
      kind: 'claim',
      need: { claim: 'nano-banana-2/refs.30-mib', cases: ['bytes=31457280'] },
    });
  });

  test('a derived claim reads all cases of its part', () => {
    expect(claim('refs.png.some').basis).toEqual({
      kind: 'derived',
      of: [
        {
          need: {
            claim: 'nano-banana-2/refs.png',
            cases: ['source=0', 'source=1', 'source=2', 'source=3'],
          },
          fold: 'any',
        },
      ],
    });
  });

  test('what a claim does not say, its suite says', () => {
    expect(claim('t2i').documented).toEqual({
      as: 'open',
      asserted: '2026-03-30',
      under: 'Capability Status',
      quote: 'T2I',
    });
    expect(claim('t2i')).toMatchObject({ usd: 0.05, freshMs: 30 * 86_400_000 });
    expect(claim('edit.at-4k').usd).toBe(0.24);
  });

  test('an expectation remembers the line that it was written on', () => {
    const lines = readFileSync(file, 'utf8').split('\n');
    for (const { basis } of suite?.claims ?? []) {
      for (const { expect: expectations } of basis.kind === 'sent' ? basis.cases : []) {
        for (const { kind, place } of expectations) {
          expect(lines[place.line - 1]?.slice(place.column - 1)).toMatch(new RegExp(`^${kind}:`));
        }
      }
    }
  });

  test("a row's words are laid over its table's, and its needs name exact cases", () => {
    const row = suite?.tables[1]?.rows[3];
    expect(row).toMatchObject({
      key: [{ en: '15 URL references', cn: '15 张 URL 参考图' }],
      needs: [{ claim: 'nano-banana-2/refs.over-limit', cases: ['refs=15'] }],
      from: ['local'],
      words: {
        holds: { en: 'verified as rejected', cn: '已验证为拒绝' },
        broken: '`Failing`',
        else: '`Beta`',
      },
    });
  });

  test('every place that names a target is known', () => {
    expect(
      mentions.map(({ target, problem }) => [target, problem.place?.line, problem.span]),
    ).toEqual([
      ['local', expect.any(Number), 5],
      ['local', expect.any(Number), 5],
    ]);
  });

  test('the command line chooses suites, claims and single cases', () => {
    const { chosen } = select(suites, [
      'nano-banana-2/refs.over-limit/refs=16',
      'nano-banana-2/t2i',
    ]);
    expect(chosen.map((one) => [one.claim.id, one.cases])).toEqual([
      ['refs.over-limit', ['refs=16']],
      ['t2i', ['']],
    ]);
    expect(select(suites, ['nano-banana-2']).chosen).toHaveLength(suite?.claims.length ?? 0);
  });
});
