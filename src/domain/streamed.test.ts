import { describe, expect, test } from 'vitest';
import type { Json } from './claim.ts';
import { answered, exchangeOf, gemini, inline, payload, token } from './exchange.fixture.ts';
import { aliasSeen } from './expect/alias.ts';
import { hostedUrls } from './images.ts';
import { look } from './seen.ts';

const png = payload();
const URL_OF = 'https://media.example/a.png';

/** What is seen of a stream of these events. */
function seen(events: readonly Json[]) {
  const text = events.map((one) => `data: ${JSON.stringify(one)}\n\n`).join('');
  const headers = { 'content-type': 'text/event-stream' };
  const answer = answered(200, text, { headers, payloads: [png] });
  return { ...look(exchangeOf(answer), answer), urls: hostedUrls(answer) };
}

const chat = (content: Json, index = 0): Json => ({ choices: [{ index, delta: { content } }] });
const block = (text: string, index = 0): Json => ({
  type: 'content_block_delta',
  index,
  delta: { type: 'text_delta', text },
});
const response = (delta: string): Json => ({ type: 'response.output_text.delta', delta });

describe('the text of a stream', () => {
  test.each<[string, readonly Json[]]>([
    ['chat', [chat('a white '), chat('cat')]],
    ['chat in pieces', [chat([{ type: 'text', text: 'a white ' }]), chat('cat')]],
    ['Gemini', [gemini([{ text: 'a white ' }]), gemini([{ text: 'cat' }])]],
    ['Anthropic', [block('a white '), block('cat')]],
    ['the Responses API', [response('a white '), response('cat')]],
  ])('of %s is what its pieces come to, and each of them', (_, events) => {
    expect(seen(events).texts()).toEqual(['a white cat', 'a white ', 'cat']);
  });

  test('is told apart by who says it', () => {
    expect(seen([chat('one'), chat('two', 1), chat('three')]).texts()[0]).toBe('onethree');
    expect(seen([block('one'), block('two', 1)]).texts()).toEqual(['one', 'two']);
  });

  test.each<[string, Json]>([
    ['Gemini', gemini([{ text: 'a cat?', thought: true }])],
    ['chat', { choices: [{ delta: { reasoning_content: 'a cat?' } }] }],
    [
      'Anthropic',
      { type: 'content_block_delta', delta: { type: 'thinking_delta', thinking: 'a cat?' } },
    ],
    ['the Responses API', { type: 'response.reasoning_summary_text.delta', delta: 'a cat?' }],
  ])('is not what %s thinks', (_, event) => {
    expect(seen([event]).texts()).toEqual([]);
  });
});

describe('an image in a stream', () => {
  test.each<[string, readonly Json[], string]>([
    [
      'inline data of one event',
      [gemini([{ text: 'Here' }]), gemini([inline(png)])],
      'inline-data',
    ],
    [
      'inline data that a later event repeats',
      [gemini([inline(png)]), gemini([inline(png)])],
      'inline-data',
    ],
    ['b64_json', [{ type: 'image_generation.completed', b64_json: token(png) }], 'inline-data'],
    [
      'a data URI',
      [chat('Here: '), chat(`![image](data:image/png;base64,${token(png)})`)],
      'data-uri',
    ],
    [
      'a data URI in two pieces',
      [chat('![image](data:image/png;base64,'), chat(`${token(png)})`)],
      'data-uri',
    ],
    ['a hosted URL', [chat(`![Image](${URL_OF})`)], 'hosted-url'],
    [
      'a hosted URL in three pieces',
      [chat('see https://media'), chat('.example/a'), chat('.png')],
      'hosted-url',
    ],
    ['a hosted URL of its own', [{ data: [{ url: URL_OF }] }], 'hosted-url'],
    [
      'a hosted URL that is said and given',
      [chat(`${URL_OF} `), { data: [{ url: URL_OF }] }],
      'hosted-url',
    ],
  ])('is found as %s', (_, events, at) => {
    const { images, urls } = seen(events);
    expect(images().map((one) => one.at)).toEqual([at]);
    expect(urls).toEqual(at === 'hosted-url' ? [URL_OF] : []);
  });

  test.each<[string, Json]>([
    ['a thought', gemini([{ ...(inline(png) as object), thought: true }])],
    ['an interim image', { type: 'image_generation.partial_image', b64_json: token(png) }],
    ['a thought of the Responses API', { type: 'response.reasoning_text.delta', delta: URL_OF }],
    ['a thought in chat', { choices: [{ delta: { reasoning_content: URL_OF } }] }],
    ['an error', { error: { message: URL_OF } }],
  ])('is no %s', (_, event) => {
    expect(seen([event]).images()).toEqual([]);
  });
});

test('an image whose base64 comes in pieces cannot be told, and garbage in one piece is none', () => {
  const begun = 'data:image/png;base64,iVBORw0KGgo';
  expect(seen([chat(begun), chat('AAAANSUhEUg)')]).images()).toMatchObject([
    { at: 'data-uri', untold: { cause: 'unseen' } },
  ]);
  expect(seen([chat('![image]('), chat(`${begun})`)]).images()).toMatchObject([
    { at: 'data-uri', flaw: 'base64 of no image' },
  ]);
});

test('the model of a stream is the one that its events name, or all of them', () => {
  const named = (...versions: readonly string[]) =>
    aliasSeen(seen(versions.map((modelVersion) => ({ modelVersion }))));
  expect([named('a', 'models/a'), named('a', 'b'), named()]).toEqual(['a', 'a, b', undefined]);
});
