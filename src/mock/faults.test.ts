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
