import { describe, expect, test } from 'vitest';
import { answered, payload, token } from './exchange.fixture.ts';
import { findImages, hostedUrls } from './images.ts';

const png = payload();
const inline = token(png);
const url = 'https://h.example/a.png';

/** Each form alone in its body, as it is sent: what only a walk through the body can find must not be passed over. */
const FORMS: readonly (readonly [string, string, string])[] = [
  [
    'inlineData',
    `{"parts":[{"inlineData":{"mimeType":"image/png","data":"${inline}"}}]}`,
    'inline-data',
  ],
  [
    'garbage in inline_data',
    '{"inline_data":{"mime_type":"image/png","data":"!!"}}',
    'inline-data',
  ],
  ['garbage in b64_json', '{"data":[{"b64_json":"!!"}]}', 'inline-data'],
  ['b64_json in escapes', String.raw`{"data":[{"b64\u005fjson":"!!"}]}`, 'inline-data'],
  ['a payload on its own', inline, 'inline-data'],
  ['a data URI', `{"text":"![image](data:image/png;base64,${inline})"}`, 'data-uri'],
  ['garbage in a data URI', '{"text":"data:image/png;base64,!!"}', 'data-uri'],
  ['a url', `{"data":[{"url":"${url}"}]}`, 'hosted-url'],
  [
    'a url with escaped slashes',
    String.raw`{"data":[{"url":"https:\/\/h.example\/a.png"}]}`,
    'hosted-url',
  ],
  ['a url in escapes', String.raw`{"data":[{"url":"\u0068ttps://h.example/a.png"}]}`, 'hosted-url'],
  ['a url in capitals', '{"data":[{"url":"HTTPS://h.example/a.png"}]}', 'hosted-url'],
  ['a Markdown image', `{"text":"![Image](${url})"}`, 'hosted-url'],
];

describe('the only image of an answer', () => {
  test.each(FORMS)('is found as %s', (_, text, at) => {
    const answer = answered(200, text, { payloads: [png] });
    expect(findImages(answer, {}).map((one) => one.at)).toEqual([at]);
  });

  test.each(FORMS)('is to be fetched only where it is hosted: %s', (_, text, at) => {
    const answer = answered(200, text, { payloads: [png] });
    expect(hostedUrls(answer)).toHaveLength(at === 'hosted-url' ? 1 : 0);
  });
});

test('an answer without a trace of one has none', () => {
  const answer = answered(200, { id: 'w1', state: 'ready', tags: ['data', 'url', 'image'] });
  expect([findImages(answer, {}), hostedUrls(answer)]).toEqual([[], []]);
});
