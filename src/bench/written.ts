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

/** How many claims a bench sends, how many of them at once, and how large their answers are. */
export interface Load {
  readonly claims: number;
  readonly atOnce: number;
  /** With an image in them, so many MiB; small and without one if absent. */
  readonly bodyMiB?: number;
}

/** What was written for one bench. */
export interface WrittenSuite {
  /** The folder of suites. */
  readonly suites: string;
  /** The file of the answer's shape. */
  readonly shape: string;
  /** Where the requests go, below the server's address. */
  readonly path: string;
  /** The selector of one claim in it. */
  readonly claim: string;
}

/** Writes a folder of suites, as a user would have it: claims whose requests all differ, and the target `bench`. */
export async function writeSuite(folder: string, url: string, load: Load): Promise<WrittenSuite> {
  const { claims, atOnce, bodyMiB } = load;
  const path = bodyMiB === undefined ? '/v1/widgets' : `/v1/pictures/${bodyMiB}`;
  const { shape } = await writeFolder(folder, url, atOnce, {
    'widgets.yaml': suite(claims, path),
  });
  return { suites: folder, shape, path, claim: 'widgets/widget' };
}

/** Claims in one suite of `writeClaims`: about as long as a file that people still keep an overview of. */
const CLAIMS_A_SUITE = 500;

/** Writes a folder of so many claims, each in full, as a large project would have them; nothing answers them. */
export async function writeClaims(folder: string, claims: number): Promise<WrittenSuite> {
  const suites = Array.from({ length: Math.ceil(claims / CLAIMS_A_SUITE) }, (_, at) => at + 1);
  const { shape } = await writeFolder(
    folder,
    'http://127.0.0.1:9',
    1,
    Object.fromEntries(suites.map((number) => [`family-${number}.yaml`, family(number, claims)])),
  );
  return { suites: folder, shape, path: '/v1/widgets', claim: 'family-1/widget-1' };
}

async function writeFolder(
  folder: string,
  url: string,
  atOnce: number,
  files: Readonly<Record<string, string>>,
): Promise<{ readonly shape: string }> {
  const shape = join(folder, 'shapes', 'widget.json');
  await mkdir(join(folder, 'shapes'), { recursive: true });
  await Promise.all([
    writeFile(shape, JSON.stringify(SHAPE)),
    ...Object.entries(files).map(([name, text]) => writeFile(join(folder, name), text)),
    writeFile(join(folder, 'targets.yaml'), targets(url, atOnce)),
  ]);
  return { shape };
}

/** As many cases as there are to be claims: a matrix of batches of at most 50, as such a suite would be written. */
function suite(claims: number, path: string): string {
  const batch = Math.min(claims, 50);
  return `suite: widgets
claims:
  - id: widget
    says: A widget is made, whatever its number
    vary: { batch: [${numbers(claims / batch)}], n: [${numbers(batch)}] }
    request: { path: ${path}, json: { model: widget-1, prompt: Draw a small round one, batch: "\${batch}", n: "\${n}" } }
    expect:
      - status: 200
      - json: { at: $.state, equals: ready }
      - schema: widget.json
`;
}

function family(number: number, claims: number): string {
  const first = (number - 1) * CLAIMS_A_SUITE + 1;
  const count = Math.min(CLAIMS_A_SUITE, claims - first + 1);
  const each = Array.from({ length: count }, (_, at) => claim(first + at));
  return `suite: family-${number}\nclaims:\n${each.join('')}`;
}

function claim(n: number): string {
  return `  - id: widget-${n}
    says: Widget ${n} is made
    request: { path: /v1/widgets, json: { model: widget-1, prompt: Draw a small round one, n: ${n} } }
    expect: [ { status: 200 }, { json: { at: $.state, equals: ready } }, { schema: widget.json } ]
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
