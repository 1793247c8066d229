import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The shape of the server's answer, as both sides hold it. */
const SHAPE = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  required: ['id', 'state', 'created', 'tags', 'owner'],
  properties: {
    id: { type: 'string' },
    state: { type: 'string' },
    created: { type: 'integer', minimum: 1 },
    tags: { type: 'array', items: { type: 'string' } },
    owner: {
      type: 'object',
      required: ['name', 'teams'],
      properties: {
        name: { type: 'string' },
        teams: { type: 'array', items: { type: 'string' } },
      },
    },
  },
};

/** How many claims a bench sends, and how many of them at once. */
export interface Load {
  readonly claims: number;
  readonly atOnce: number;
}

/** What was written for one bench, by path. */
export interface WrittenSuite {
  readonly suites: string;
  readonly shape: string;
}

/** Writes a folder of suites, as a user would have it: claims whose requests all differ, and the target `bench`. */
export async function writeSuite(folder: string, url: string, load: Load): Promise<WrittenSuite> {
  const shape = join(folder, 'shapes', 'widget.json');
  await mkdir(join(folder, 'shapes'), { recursive: true });
  await Promise.all([
    writeFile(shape, JSON.stringify(SHAPE)),
    writeFile(join(folder, 'widgets.yaml'), suite(load.claims)),
    writeFile(join(folder, 'targets.yaml'), targets(url, load.atOnce)),
  ]);
  return { suites: folder, shape };
}

/** As many cases as there are to be claims: a matrix of batches of at most 50, as such a suite would be written. */
function suite(claims: number): string {
  const batch = Math.min(claims, 50);
  return `suite: widgets
claims:
  - id: widget
    says: A widget is made, whatever its number
    vary: { batch: [${numbers(claims / batch)}], n: [${numbers(batch)}] }
    request: { path: /v1/widgets, json: { model: widget-1, prompt: Draw a small round one, batch: "\${batch}", n: "\${n}" } }
    expect:
      - status: 200
      - json: { at: $.state, equals: ready }
      - schema: widget.json
`;
}

function numbers(most: number): string {
  return Array.from({ length: most }, (_, at) => at + 1).join(', ');
}

function targets(url: string, atOnce: number): string {
  return `targets:
  bench: { grade: live, baseUrl: "${url}", key: env:ASSAY_BENCH_KEY, concurrency: ${atOnce} }
`;
}
