import { describe, expect, test } from 'vitest';
import { type Loaded, loadSuites } from './load.ts';

const encode = (text: string) => new TextEncoder().encode(text);

function load(...texts: readonly string[]): Loaded {
  const files = texts.map((text, index) => ({
    name: `suites/s${index}.yaml`,
    bytes: encode(text),
  }));
  return loadSuites(files, (file) => (file === 'a.json' ? encode('{"type":"object"}') : undefined));
}

const messages = ({ problems }: Loaded) => problems.map(({ message }) => message);

/** A suite with one claim, in which `rest` is the claim's members after its id and sentence. */
function claim(rest: string, head = ''): string {
  return `suite: s\n${head}requests: { ask: { path: /ask, headers: { X-Way: a }, json: { a: 1 } } }\nclaims:\n  - { id: c, says: It answers, ${rest} }\n`;
}

function onlyCase(text: string) {
  const loaded = load(text);
  expect(messages(loaded)).toEqual([]);
  const basis = loaded.suites[0]?.claims[0]?.basis;
  if (basis?.kind !== 'sent' || basis.cases[0] === undefined) throw new Error('no case');
  return basis.cases[0];
}

describe('a value that cannot be evaluated', () => {
  test.each([
    ['json', 'at: "$.x["', 'equals: 1', 6, 13],
    ['json', 'at: $.x', 'matches: "("', 7, 18],
    ['header', 'name: x', 'matches: "["', 7, 18],
    ['rejected', 'code: x', 'message: { matches: "*" }', 7, 29],
  ])('in %s { %s, %s } is shown where it stands', (kind, one, other, line, column) => {
    const { problems } = load(
      `suite: s\nrequests: { ask: { path: /ask } }\nclaims:\n  - { id: c, says: x, expect: [\n      { ${kind}: {\n        ${one},\n        ${other} } } ] }\n`,
    );
    expect(problems).toMatchObject([{ place: { line, column } }]);
  });
});

describe('a claim whose basis is wrong', () => {
  test.each(['expect: []', 'expect: { status: 200 }', 'of: { other: sme }', 'untestable: ""'])(
    'as in %s has that one problem',
    (basis) => {
      expect(load(claim(basis)).problems).toHaveLength(1);
    },
  );

  test.each(['expect: ~', 'covers: [1]'])('has one all the same where it says %s', (rest) => {
    expect(messages(load(claim(rest)))).toHaveLength(1);
  });
});

describe('a file that cannot be read', () => {
  test('names the line of the first byte that is not UTF-8', () => {
    const bytes = Buffer.concat([
      Buffer.from('suite: a\ntitle: b'),
      Buffer.from([0xff]),
      Buffer.from('\n'),
    ]);
    const { problems } = loadSuites([{ name: 'a.yaml', bytes }], () => undefined);
    expect(problems).toMatchObject([
      { message: 'this byte is not UTF-8', place: { file: 'a.yaml', line: 2, column: 9 } },
    ]);
  });

  test('is refused past 1 MiB', () => {
    const bytes = new Uint8Array((1 << 20) + 1).fill(0x23);
    const { problems } = loadSuites([{ name: 'a.yaml', bytes }], () => undefined);
    expect(problems[0]?.message).toMatch(/at most 1 MiB/);
    expect(
      loadSuites([{ name: 'a.yaml', bytes: bytes.subarray(1) }], () => undefined).problems[0]
        ?.message,
    ).toBe('this file is empty');
  });

  test.each(['[', '{a: '])('says so where its %j nest too deep for the parser itself', (open) => {
    expect(messages(load(`suite: s\nlet: { a: ${open.repeat(20_000)}\n`))[0]).toBe(
      'this is nested deeper than 60 levels',
    );
  });

  test('is no second problem for the suites that select from it', () => {
    expect(
      messages(load('suite: [', 'suite: b\nclaims:\n  - { id: c, says: x, of: s0/any.claim }\n')),
    ).toHaveLength(1);
  });

  test('is refused where aliases multiply', () => {
    const levels = Array.from(
      { length: 9 },
      (_, at) => `l${at + 1}: &l${at + 1} [${`*l${at},`.repeat(10)}]`,
    );
    expect(messages(load(`l0: &l0 x\n${levels.join('\n')}\n`))).toEqual([
      'its aliases repeat too many values',
    ]);
  });

  test('is refused where an alias holds itself', () => {
    expect(messages(load('suite: &a [*a, *a]\n'))[0]).toMatch(/nested deeper/);
  });

  test('is refused where it is nested beyond any suite', () => {
    expect(messages(load(`suite: ${'['.repeat(300)}${']'.repeat(300)}\n`))[0]).toMatch(
      /nested deeper/,
    );
    expect(messages(load('['.repeat(20_000)))).not.toEqual([]);
  });

  test('is refused where it asks for another YAML', () => {
    expect(messages(load('%YAML 1.1\n---\nsuite: a\nclaims: []\n'))).toEqual([
      'suites are YAML 1.2, not 1.1',
    ]);
  });
});

describe('aliases', () => {
  test('stand for what their anchor holds', () => {
    const text = claim(
      'request: { json: { b: *it } }, expect: [ { status: 200 } ]',
      'let: { x: &it { deep: [1, true] } }\n',
    );
    expect(onlyCase(text).request.json).toEqual({ a: 1, b: { deep: [1, true] } });
  });
});

describe('requests', () => {
  test('are merged member by member, headers whatever their case', () => {
    const { request } = onlyCase(
      claim(
        'request: { headers: { x-way: b, Accept-Language: de }, json: { b: [2] }, timeout: 2m }, expect: [ { status: 200 } ]',
      ),
    );
    expect(request).toMatchObject({
      headers: { 'x-way': 'b', 'accept-language': 'de' },
      json: { a: 1, b: [2] },
      timeoutMs: 120_000,
    });
  });

  test('lose their default header where it is null', () => {
    const { request } = onlyCase(
      claim('request: { headers: { Accept-Language: null } }, expect: [ { status: 200 } ]'),
    );
    expect(request.headers).toEqual({ 'x-way': 'a' });
  });

  test('without a body are GET, and to a url go without the key', () => {
    const { request } = onlyCase(
      claim(
        'request: { path: null, url: "https://example.com/x", json: null }, expect: [ { status: 200 } ]',
      ),
    );
    expect(request).toMatchObject({ method: 'GET', url: 'https://example.com/x', auth: 'none' });
    expect(request).not.toHaveProperty('path');
    expect(request).not.toHaveProperty('json');
  });

  test('can start from any named request, which can be like another', () => {
    const text = `suite: s
requests:
  one: { path: /one, json: { a: 1, b: { c: 2 } } }
  two: { like: one, json: { b: { d: 3 } } }
claims:
  - { id: c, says: x, request: { like: two, json: { a: null } }, expect: [ { status: 200 } ] }
`;
    expect(onlyCase(text).request).toMatchObject({ path: '/one', json: { b: { c: 2, d: 3 } } });
    expect(onlyCase(text).request.json).not.toHaveProperty('a');
  });

  test('keep a literal as it was written, braces and nulls and all', () => {
    const json = '{ a: { $literal: { x: null, y: "${z}" } } }';
    const { request } = onlyCase(claim(`request: { json: ${json} }, expect: [ { status: 200 } ]`));
    expect(request.json).toEqual({ a: { $literal: { x: null, y: '${z}' } } });
  });

  test('take names from vary before the claim, and from the claim before the suite', () => {
    const head = 'let: { p: suite, q: suite, r: suite }\n';
    const rest =
      'let: { q: claim, r: claim }, vary: { r: [row] }, request: { json: { t: "${p} ${q} ${r}" } }, expect: [ { status: 200 } ]';
    expect(onlyCase(claim(rest, head)).request.json).toMatchObject({ t: 'suite claim row' });
  });

  test('keep the type of a name that stands alone', () => {
    const rest =
      'let: { n: 3, l: [a], t: true }, request: { json: { n: "${n}", l: "${l}", t: "${t}", s: "n=${n}" } }, expect: [ { status: 200 } ]';
    expect(onlyCase(claim(rest)).request.json).toEqual({ a: 1, n: 3, l: ['a'], t: true, s: 'n=3' });
  });
});

describe('expectations', () => {
  test('compare with null only where it is a literal', () => {
    const rest = 'expect: [ { json: { at: $.x, equals: { $literal: null }, type: null } } ]';
    expect(onlyCase(claim(rest)).expect[0]?.value).toEqual({ at: '$.x', equals: null });
  });

  test('carry the shape that they name', () => {
    const { expect: expectations } = onlyCase(claim('expect: [ { schema: a.json } ]'));
    expect(expectations[0]).toMatchObject({
      kind: 'schema',
      value: 'a.json',
      shape: { type: 'object' },
    });
  });

  test('are told once, however many cases have the problem', () => {
    const rest =
      'vary: { n: [1, 2, 3] }, request: { json: { a: "${n}" } }, expect: [ { image: { size: 3K } } ]';
    expect(messages(load(claim(rest)))).toEqual(['expected 1K or 2K or 4K']);
  });

  test('are judged with the value that each case has', () => {
    const rest = 'vary: { ratio: ["1:1", wide] }, expect: [ { image: { ratio: "${ratio}" } } ]';
    expect(messages(load(claim(rest)))).toHaveLength(1);
  });
});

describe('vary', () => {
  test('as a list has those rows and no others', () => {
    const rest =
      'vary: [ { x: 1, y: a/b }, { x: 2, y: "50%" } ], request: { json: { x: "${x}", y: "${y}" } }, expect: [ { status: 200 } ]';
    const { suites } = load(claim(rest));
    const basis = suites[0]?.claims[0]?.basis;
    expect(basis?.kind === 'sent' ? basis.cases.map(({ name }) => name) : []).toEqual([
      'x=1/y=a%2Fb',
      'x=2/y=50%25',
    ]);
  });

  test('as a mapping is the product', () => {
    const rest =
      'vary: { x: [1, 2], y: [a, b] }, request: { json: { x: "${x}", y: "${y}" } }, expect: [ { status: 200 } ]';
    const basis = load(claim(rest)).suites[0]?.claims[0]?.basis;
    expect(basis?.kind === 'sent' ? basis.cases.map(({ name }) => name) : []).toEqual([
      'x=1/y=a',
      'x=1/y=b',
      'x=2/y=a',
      'x=2/y=b',
    ]);
  });

  test('is refused before its product fills the memory', () => {
    const list = `[${Array.from({ length: 200 }, (_, at) => at).join(',')}]`;
    const rest = `vary: { x: ${list}, y: ${list}, z: ${list} }, expect: [ { status: 200 } ]`;
    expect(messages(load(claim(rest)))[0]).toBe(
      'these are 8000000 cases; a claim has at most 10000',
    );
  });
});

describe('several files', () => {
  const other =
    'suite: other\nrequests: { ask: { path: /x } }\nclaims:\n  - { id: c, says: x, expect: [ { status: 200 } ] }\n';

  test('may select from one another', () => {
    const loaded = load('suite: s\nclaims:\n  - { id: d, says: x, of: other/c }\n', other);
    expect(messages(loaded)).toEqual([]);
    expect(loaded.suites[0]?.claims[0]?.basis).toMatchObject({
      of: [{ need: { claim: 'other/c', cases: [''] } }],
    });
  });

  test('may not be called the same', () => {
    expect(messages(load(other, other))).toEqual([
      'the suite of suites/s0.yaml:1 is called "other" as well',
    ]);
  });

  test('are told in their own order', () => {
    const { problems } = load('suite: a\nx: 1\nclaims: []\n', 'suite: b\ny: 1\nclaims: []\n');
    expect(problems.map(({ place }) => place?.file)).toEqual(['suites/s0.yaml', 'suites/s1.yaml']);
  });
});
