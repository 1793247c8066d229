import { describe, expect, test } from 'vitest';
import { listBehaviours } from './behaviours.ts';
import { behaveAs, type Fault, parseFault } from './faults.ts';
import { listWorlds, worldWith } from './worlds.ts';

const read = (text: string): Fault => {
  const fault = parseFault(text);
  if (typeof fault === 'string') throw new Error(fault);
  return fault;
};

describe('a fault', () => {
  test.each([
    ['refs.limit=13', { name: 'refs.limit', values: ['13'] }],
    ['refs.14=refused', { name: 'refs', subject: '14', values: ['refused'] }],
    ['refs.14@2K=refused', { name: 'refs', subject: '14@2K', values: ['refused'] }],
    ['aspect.4:5=ignored', { name: 'aspect', subject: '4:5', values: ['ignored'] }],
    [
      'shape.gemini-2.5-flash-image=hosted-url',
      { name: 'shape', subject: 'gemini-2.5-flash-image', values: ['hosted-url'] },
    ],
    ['message.refs=no = no', { name: 'message', subject: 'refs', values: ['no = no'] }],
    ['shape=text@0.1', { name: 'shape', values: ['text'], rate: 0.1 }],
    [
      'shape.a=text|none@0.25',
      { name: 'shape', subject: 'a', values: ['text', 'none'], rate: 0.25 },
    ],
    [
      'message.refs=mail a@b.example',
      { name: 'message', subject: 'refs', values: ['mail a@b.example'] },
    ],
    ['fail=429|none', { name: 'fail', values: ['429', 'none'] }],
  ])('%s is a name, what it is about, and values', (text, fault) => {
    expect(parseFault(text)).toEqual(fault);
  });

  test.each([
    ['refs.limt=13', 'did you mean "refs.limit"?'],
    ['shap=text', 'did you mean "shape"?'],
    ['shape=txt', 'did you mean "text"?'],
    ['aspect.4:5=ignord', 'did you mean "ignored"?'],
    ['message.promt=other', 'did you mean "message.prompt"?'],
    ['refs.limit', 'write name=value'],
    ['refs.limit=many', 'is no value of refs.limit'],
    ['zzzzzzzzzz=1', 'assay mock --list names them all'],
  ])('%s is told what is wrong with it', (text, said) => {
    expect(parseFault(text)).toContain(said);
  });

  test('every behaviour that is listed can be set to each of its words', () => {
    const texts = listBehaviours().flatMap(({ name, values }) =>
      values.filter((value) => !value.startsWith('<')).map((value) => `${name}=${value}`),
    );
    expect(texts.length).toBeGreaterThan(100);
    expect(texts.filter((text) => typeof parseFault(text) === 'string')).toEqual([]);
  });
});

describe('behaviour', () => {
  test('is honest where nothing is said', () => {
    expect(behaveAs([])(0)('refs.limit')).toBe('14');
  });

  test('is what was said last of a subject, be it of this one or of all', () => {
    const ask = behaveAs(['shape.a=text', 'shape=none', 'shape.b=data-uri'].map(read))(0);
    expect([ask('shape', 'a'), ask('shape', 'b')]).toEqual(['none', 'data-uri']);
  });

  test('of one subject leaves the others honest', () => {
    const ask = behaveAs([read('refs.14=refused')])(0);
    expect([ask('refs', '13'), ask('refs', '14')]).toEqual(['listed', 'refused']);
  });

  test('with several values takes them in turn', () => {
    const at = behaveAs([read('size.2K=1K|2K')]);
    expect([0, 1, 2].map((turn) => at(turn)('size', '2K'))).toEqual(['1K', '2K', '1K']);
  });
});

describe('a behaviour that comes by chance', () => {
  const TURNS = Array.from({ length: 2000 }, (_, turn) => turn);
  const drawn = (...texts: readonly string[]) => {
    const at = behaveAs(texts.map(read));
    return TURNS.map((turn) => at(turn)('shape', 'a'));
  };
  const share = (values: readonly string[], value: string) =>
    values.filter((one) => one === value).length / TURNS.length;

  test('has about its share of the generations, and leaves the others as they are', () => {
    for (const rate of [0.05, 0.1, 0.5, 0.9]) {
      const values = drawn('shape=none', `shape=text@${rate}`);
      // Four standard deviations of so many draws.
      expect(Math.abs(share(values, 'text') - rate)).toBeLessThan(
        4 * Math.sqrt((rate * (1 - rate)) / 2000),
      );
      expect(share(values, 'none')).toBeCloseTo(1 - share(values, 'text'));
    }
  });

  test('follows from the seed alone', () => {
    expect(drawn('shape=text@0.5')).toEqual(drawn('shape=text@0.5'));
    expect(drawn('shape=text@0.5')).toEqual(drawn('seed=1', 'shape=text@0.5'));
    expect(drawn('shape=text@0.5')).not.toEqual(drawn('seed=2', 'shape=text@0.5'));
  });

  test('is the same however often it is asked for in one generation', () => {
    const ask = behaveAs([read('shape=text@0.5')])(3);
    expect(new Set(TURNS.map(() => ask('shape', 'a'))).size).toBe(1);
  });
});

describe('worlds', () => {
  test('are listed by day, and each can be read', () => {
    const days = listWorlds().map(({ world }) => world);
    expect(days).toEqual(['2026-02-26', '2026-03-23', '2026-03-30', '2026-04-14']);
    for (const day of days) expect(worldWith(day, []).length).toBeGreaterThan(3);
  });

  test('that do not exist, and faults that do not, are named', () => {
    expect(() => worldWith('2026-01-01', [])).toThrow('unknown world "2026-01-01"');
    expect(() => worldWith('2026-03-30', ['siez=1K'])).toThrow('did you mean "size"?');
  });
});
