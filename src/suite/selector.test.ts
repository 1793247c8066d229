import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { loadSuites } from './load.ts';
import { parseSelector, select } from './selector.ts';
import { constraint } from './vary.ts';

const text = `suite: chat
requests: { ask: { path: /ask, json: { n: "\${n}" } } }
let: { n: 1 }
claims:
  - { id: many, says: x, vary: { n: [1, 2, a/b] }, expect: [ { status: 200 } ] }
  - { id: old, says: x, superseded: { on: 2026-01-01, by: many, why: y }, expect: [ { status: 200 } ] }
  - { id: any, says: x, of: { many: any } }
`;
const past = `suite: past
superseded: { on: 2026-01-01, by: chat, why: y }
claims:
  - { id: opinion, says: x, untestable: y }
`;
const { suites, problems } = loadSuites(
  [text, past].map((one, at) => ({ name: `${at}.yaml`, bytes: new TextEncoder().encode(one) })),
  () => undefined,
);

function chosen(...selectors: readonly string[]) {
  return select(suites, selectors).chosen.map(({ claim, cases }) => [claim.id, ...cases]);
}

describe('a selector', () => {
  test('without a home names a suite, at home a claim', () => {
    expect(parseSelector('a.b')).toEqual({ suite: 'a.b', constraints: [] });
    expect(parseSelector('a.b', 'home')).toEqual({ suite: 'home', claim: 'a.b', constraints: [] });
    expect(parseSelector('s/c/n=1/m=2')).toEqual({
      suite: 's',
      claim: 'c',
      constraints: ['n=1', 'm=2'],
    });
  });

  test.each(['', '/', 'a/', 'a//b', 'a/b/c', 'n=1', 'a/b/n=1/c', 'a/=1', 'a/b/n=%zz'])(
    '%j is misshapen',
    (one) => {
      expect(parseSelector(one)).toHaveProperty('message');
    },
  );

  test('finds the case of any value that it spells', () => {
    fc.assert(
      fc.property(fc.string(), (value) => {
        expect(parseSelector(`s/c/${constraint('n', value)}`)).toEqual({
          suite: 's',
          claim: 'c',
          constraints: [constraint('n', value)],
        });
      }),
    );
  });
});

describe('choosing', () => {
  test('the suites have no problem', () => {
    expect(problems).toEqual([]);
  });

  test('nothing takes everything that is not superseded', () => {
    expect(chosen()).toEqual([
      ['many', 'n=1', 'n=2', 'n=a%2Fb'],
      ['any', ''],
    ]);
  });

  test('what is superseded is taken only where it is named', () => {
    expect(chosen('chat')).toEqual([
      ['many', 'n=1', 'n=2', 'n=a%2Fb'],
      ['any', ''],
    ]);
    expect(chosen('chat/old')).toEqual([['old', '']]);
    expect(chosen('past')).toEqual([['opinion', '']]);
  });

  test('selectors add up, in the order of the suites', () => {
    expect(chosen('chat/any', 'chat/many/n=2', 'chat/many/n=1')).toEqual([
      ['many', 'n=1', 'n=2'],
      ['any', ''],
    ]);
    expect(chosen('chat/many/n=a%2fb')).toEqual([['many', 'n=a%2Fb']]);
  });

  test.each([
    ['chaat', 'no suite is called "chaat"', 'did you mean "chat"?'],
    ['chat/mny', 'no claim is called "chat/mny"', 'did you mean "many"?'],
    ['past/many', 'no claim is called "past/many"', 'did you mean "chat/many"?'],
    ['chat/many/n=3', 'no case of chat/many has n=3', 'it has n=1, n=2, n=a%2Fb'],
    ['chat/any/n=3', 'no case of chat/any has n=3', 'this claim does not vary'],
  ])('%s names nothing, and says what is near', (selector, message, hint) => {
    expect(select(suites, [selector])).toMatchObject({ chosen: [], problems: [{ message, hint }] });
  });
});
