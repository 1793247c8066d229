import { describe, expect, it } from 'vitest';
import type { Json } from '../domain/claim.ts';
import type { Target } from '../domain/target.ts';
import { readImage } from '../image/read.ts';
import { writeImage } from '../image/write.ts';
import { aClaim, anExpectation, aRequest, aTarget } from './engine.fixture.ts';
import { generateExpectations, generateRequest } from './generate.ts';

function generate(json: Json, target: Partial<Target> = {}) {
  const generated = generateRequest(aRequest(json), aTarget(target), writeImage);
  return generated.kind === 'filled' ? generated.value.json : generated.missing;
}

const SOURCES: Target['references'] = [
  { url: 'http://h/a.webp', format: 'webp' },
  { url: 'http://h/b.png', format: 'png' },
  { url: 'http://h/{n}.{format}?bytes={bytes}' },
  { missing: 'http://h/gone/{n}' },
];

describe('references', () => {
  it('come from each source in order, then from those that are inexhaustible, all distinct', () => {
    const list = generate({ $references: { count: 4, format: 'webp' } }, { references: SOURCES });
    expect(list).toEqual([
      'http://h/a.webp',
      'http://h/1.webp?bytes=4096',
      'http://h/2.webp?bytes=4096',
      'http://h/3.webp?bytes=4096',
    ]);
  });

  it('of an exact length come only from sources that say so', () => {
    const json = { $references: { count: 1, format: 'png', bytes: 31_457_280 } };
    expect(generate(json, { references: SOURCES })).toEqual(['http://h/1.png?bytes=31457280']);
    expect(generate(json, { references: SOURCES.slice(0, 2) })).toBe(
      'target offers 0 of 1 png of 31457280 bytes',
    );
  });

  it('start at the source that skip names', () => {
    const json = { $references: { count: 1, format: 'png', skip: 1 } };
    expect(generate(json, { references: SOURCES })).toEqual(['http://h/1.png?bytes=4096']);
    expect(generate(json, { references: SOURCES.slice(0, 2) })).toBe('target offers 1 of 2 png');
  });

  it('may be URLs that answer 404', () => {
    const json = { $references: { count: 2, format: 'webp', missing: true } };
    expect(generate(json, { references: SOURCES })).toEqual(['http://h/gone/1', 'http://h/gone/2']);
    expect(generate(json, { references: SOURCES.slice(0, 3) })).toBe(
      'target offers 0 of 2 missing references',
    );
  });

  it('that a target does not have are said in the words of the format', () => {
    const json = { $references: { count: 15, format: 'webp' } };
    expect(generate(json, { references: SOURCES.slice(0, 2) })).toBe('target offers 1 of 15 webp');
    expect(generate({ $references: { count: 0 } })).toEqual([]);
  });

  it('stand alone as one string', () => {
    expect(generate({ image: { $reference: { format: 'png' } } }, { references: SOURCES })).toEqual(
      {
        image: 'http://h/b.png',
      },
    );
  });
});

describe('an image', () => {
  it('is one of the asked format, size and length', () => {
    const base64 = generate({
      $image: { format: 'jpeg', width: 20, height: 10, bytes: 5000 },
    }) as string;
    const bytes = Buffer.from(base64, 'base64');
    expect(bytes.length).toBe(5000);
    expect(readImage(bytes)).toEqual({ type: 'image/jpeg', width: 20, height: 10 });
  });

  it('is a small PNG by default, as a data URI if asked', () => {
    const uri = generate({ $image: { as: 'data-uri' } }) as string;
    expect(uri).toMatch(/^data:image\/png;base64,iVBORw0KGgo/);
  });

  it('that cannot be so small is missing', () => {
    expect(generate({ $image: { format: 'png', bytes: 10 } })).toMatch(/cannot have 10 bytes/);
  });
});

describe('what the target declares', () => {
  const target = { let: { media: 'media.example', size: 3 } };

  it('is filled everywhere, and keeps its type where it stands alone', () => {
    expect(
      generate({ a: '${target.size}', b: ['x ${target.size} ${target.media}'] }, target),
    ).toEqual({
      a: 3,
      b: ['x 3 media.example'],
    });
    const request = aRequest(null, {
      path: '/${target.media}',
      query: { q: '${target.size}' },
      headers: { h: '${target.host}' },
    });
    expect(generateRequest(request, aTarget(target), writeImage)).toMatchObject({
      value: { path: '/media.example', query: { q: '3' }, headers: { h: 'gateway.example' } },
    });
  });

  it('is not looked for in a literal', () => {
    expect(generate({ a: { $literal: { $references: '${target.no}' } } })).toEqual({
      a: { $references: '${target.no}' },
    });
  });

  it('is missing if it is not declared, inherited members included', () => {
    expect(generate({ a: '${target.media}' })).toBe('target declares no "media"');
    expect(generate({ a: '${target.constructor}' })).toBe('target declares no "constructor"');
  });

  it('is filled in expectations and preconditions', () => {
    const claim = aClaim('a', {
      expect: [anExpectation('image', { host: '${target.media}' })],
      given: [anExpectation('json', { at: '$.a', equals: '${target.size}' })],
    });
    const [one] = claim.basis.kind === 'sent' ? claim.basis.cases : [];
    if (one === undefined) throw new Error('no case');
    expect(generateExpectations(one, aTarget(target))).toMatchObject({
      value: { expect: [{ value: { host: 'media.example' } }], given: [{ value: { equals: 3 } }] },
    });
    expect(generateExpectations(one, aTarget())).toEqual({
      kind: 'missing',
      missing: 'target declares no "size"',
    });
  });
});

describe('a text', () => {
  it('has so many characters, none of which is cut in two', () => {
    expect(generate({ $text: { characters: 12 } })).toBe('word word wo');
    expect(generate({ $text: { characters: 5, of: 'a🎈' } })).toBe('a🎈a🎈a');
    expect(generate({ $text: { characters: 0 } })).toBe('');
  });

  it('is kept by its head and its length where nobody would read all of it', () => {
    const kept = (characters: number) => {
      const request = aRequest({ prompt: { $text: { characters } } });
      const made = generateRequest(request, aTarget(), writeImage, undefined, true);
      return made.kind === 'filled' ? made.value.json : made.missing;
    };
    expect(kept(12)).toEqual({ prompt: 'word word wo' });
    expect(kept(1_000_000)).toEqual({
      prompt: `${'word '.repeat(12)}word… <1000000 characters>`,
    });
  });
});
