import { Buffer } from 'node:buffer';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { get, type Heard, images, native, post, PROMPT, references } from './asking.ts';
import { fileOf } from './pictures.ts';
import { type Mock, startMock } from './server.ts';

/** One line of fixtures/sentences/faults.yaml. */
interface Falsified {
  readonly sentence: number;
  readonly world: string;
  readonly honest?: readonly string[];
  readonly with: readonly string[];
  readonly why: string;
}

const folder = join(import.meta.dirname, '../../fixtures/sentences');
const falsified = parse(readFileSync(join(folder, 'faults.yaml'), 'utf8')) as Falsified[];
const means = parse(readFileSync(join(folder, 'means.yaml'), 'utf8')) as {
  readonly last: number;
  readonly untestable: readonly number[];
  readonly billing: readonly number[];
};

const FAMILY = [
  'gemini-2-5-flash-image',
  'gemini-3-pro-image-preview',
  'gemini-3.1-flash-image-preview',
  'gemini-2.5-flash-image',
  'gemini-2.5-flash-image-preview',
  'nano-banana',
  'nano-banana-2',
];
const RATIOS = '1:1 1:4 1:8 2:3 3:2 3:4 4:1 4:3 4:5 5:4 8:1 9:16 16:9 21:9 auto 7:5'.split(' ');
const SQUARE = Buffer.from(fileOf({ format: 'png', width: 64, height: 64, shade: 9 }));

/** Requests that between them touch everything the pages speak of. */
function probes(mock: Mock, with30MiB: boolean): readonly (() => Promise<Heard>)[] {
  const IMAGE = { responseModalities: ['IMAGE'] };
  const edit = { inlineData: { mimeType: 'image/png', data: SQUARE.toString('base64') } };
  const unofficial = (imageGenerationConfig: object) => ({ ...IMAGE, imageGenerationConfig });
  const lengths = with30MiB ? ['31457280', '31457281'] : [];
  const counts = [1, 2, 3, 14, 15, 20];
  const byQuery = `/v1beta/models/nano-banana-2:generateContent?key=sk-a`;
  if (mock.world !== '2026-03-30') {
    return [
      ...FAMILY.map((model) => () => native(mock, model)),
      ...FAMILY.map((model) => () => native(mock, model, IMAGE, [{ text: PROMPT }, edit])),
      ...FAMILY.map((model) => () => images(mock, { model })),
      () => post(mock.url + byQuery, { contents: [{ parts: [{ text: PROMPT }] }] }, {}),
      ...[{}, { responseModalities: ['TEXT'] }].map(
        (config) => () => native(mock, FAMILY[0] ?? '', config),
      ),
      () => native(mock, FAMILY[0] ?? '', IMAGE, [{ text: 'Generate a 16:9 widescreen painting' }]),
      () => native(mock, FAMILY[0] ?? '', unofficial({ numberOfImages: 4 })),
      ...RATIOS.slice(0, 13).map(
        (aspectRatio) => () => native(mock, FAMILY[0] ?? '', unofficial({ aspectRatio })),
      ),
    ];
  }
  return [
    () => images(mock),
    ...['1K', '2K', '4K'].map((resolution) => () => images(mock, { resolution })),
    ...RATIOS.map((aspect_ratio) => () => images(mock, { aspect_ratio })),
    ...counts.map((count) => () => images(mock, { image_input: references(mock, count) })),
    ...counts.map(
      (count) => () => images(mock, { image_input: references(mock, count), resolution: '2K' }),
    ),
    ...['png', 'jpeg'].map(
      (format) => () => images(mock, { image_input: references(mock, 2, format) }),
    ),
    ...lengths.map(
      (bytes) => () => images(mock, { image_input: references(mock, 1, 'png', bytes) }),
    ),
    () => images(mock, { image_input: references(mock, 1)[0] }),
    () => images(mock, { image_input: mock.missing }),
    () => images(mock, { image_input: 'data:image/png;base64,AAAA' }),
    () => images(mock, { image: references(mock, 1)[0] }),
    () => images(mock, { model: null }),
    () => images(mock, { prompt: null }),
  ];
}

/** Everything that is answered, the hosted images included, without what differs from run to run. */
async function answers(
  line: Pick<Falsified, 'world'>,
  faults: readonly string[],
  with30MiB: boolean,
) {
  const mock = await startMock({ world: line.world, faults });
  try {
    const heard: unknown[] = [];
    for (const probe of probes(mock, with30MiB)) {
      const { status, text } = await probe();
      const url = /http:\/\/127\.0\.0\.1:\d{2,}[^")]+/.exec(text)?.[0];
      const image = url === undefined ? undefined : await get(url);
      const port = new URL(mock.hostingUrl).port;
      heard.push([status, text.replaceAll(`:${port}`, ''), image?.status, image?.text]);
    }
    return heard;
  } finally {
    await mock.close();
  }
}

const honestAnswers = new Map<string, Promise<readonly unknown[]>>();
afterAll(() => honestAnswers.clear());

describe('the faults for the numbered sentences', () => {
  test('are there for every sentence that a request can settle, and for no other', () => {
    const settled = Array.from({ length: means.last }, (_, index) => index + 1).filter(
      (number) => !means.untestable.includes(number) && !means.billing.includes(number),
    );
    expect(
      [...new Set(falsified.map(({ sentence }) => sentence))].toSorted((a, b) => a - b),
    ).toEqual(settled);
  });

  test.each(['2026-02-26', '2026-03-30', '2026-04-14'])(
    'are not needed for the answers of %s to be the same twice',
    async (world) => {
      expect(await answers({ world }, [], false)).toEqual(await answers({ world }, [], false));
    },
  );

  const distinct = new Map(
    falsified.map((line) => [
      `${line.world} ${(line.honest ?? []).join()} ${line.with.join()}`,
      line,
    ]),
  );
  test.each([...distinct.values()])('$with is seen in some answer of $world', async (line) => {
    const base = line.honest ?? [];
    const with30MiB = line.with.some((fault) => fault.startsWith('bytes'));
    const key = [line.world, with30MiB, ...base].join();
    const honest = honestAnswers.get(key) ?? answers(line, base, with30MiB);
    honestAnswers.set(key, honest);
    const faulty = await answers(line, [...base, ...line.with], with30MiB);
    const changed = (await honest).filter(
      (one, index) => JSON.stringify(one) !== JSON.stringify(faulty[index]),
    );
    expect(changed.length).toBeGreaterThan(0);
    expect(faulty).toHaveLength((await honest).length);
  });
});
