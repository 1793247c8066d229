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
  const { shape } = await writeFolder(folder, targets(url, atOnce), {
    'widgets.yaml': suite(claims, path),
  });
  return { suites: folder, shape, path, claim: 'widgets/widget' };
}

/** Claims that share a key, and how long a charge of them may take to show. */
export interface Billing {
  readonly ordinary: number;
  /** Each has the key alone. */
  readonly billing: number;
  readonly atOnce: number;
  readonly withinMs: number;
}

/** Writes a folder of suites of which some claims are about what their request is charged, and the target `bench`. */
export async function writeBilling(
  folder: string,
  url: string,
  { ordinary, billing, atOnce, withinMs }: Billing,
): Promise<WrittenSuite> {
  const usage = `usage: { source: management, key: env:ASSAY_BENCH_ACCESS, user: 1, within: ${withinMs}ms }`;
  const { shape } = await writeFolder(folder, targets(url, atOnce, usage), {
    'lamps.yaml': `suite: lamps
requests:
  lamp: { path: ${LAMPS}, json: { model: nano-banana-2, prompt: "Draw lamp \${n}" } }
claims:
  - { id: drawn, says: A lamp is drawn, vary: { n: [${numbers(ordinary)}] }, request: lamp, expect: [ { status: 200 } ] }
  - { id: drawn.charged, says: It is charged as logged, vary: { n: [${numbers(billing, ordinary)}] },
      request: lamp, given: [ { status: 200 } ], expect: [ { charged: aligned } ] }
`,
  });
  return { suites: folder, shape, path: LAMPS, claim: 'lamps/drawn' };
}

const LAMPS = '/v1/images/generations';

/** Claims in one suite of `writeClaims`: about as long as a file that people still keep an overview of. */
const CLAIMS_A_SUITE = 500;

/** Writes a folder of so many claims, each in full, as a large project would have them; nothing answers them. */
export async function writeClaims(folder: string, claims: number): Promise<WrittenSuite> {
  const suites = Array.from({ length: Math.ceil(claims / CLAIMS_A_SUITE) }, (_, at) => at + 1);
  const { shape } = await writeFolder(
    folder,
    targets('http://127.0.0.1:9', 1),
    Object.fromEntries(suites.map((number) => [`family-${number}.yaml`, family(number, claims)])),
  );
  return { suites: folder, shape, path: '/v1/widgets', claim: 'family-1/widget-1' };
}

async function writeFolder(
  folder: string,
  targetsFile: string,
  files: Readonly<Record<string, string>>,
): Promise<{ readonly shape: string }> {
  const shape = join(folder, 'shapes', 'widget.json');
  await mkdir(join(folder, 'shapes'), { recursive: true });
  await Promise.all([
    writeFile(shape, JSON.stringify(SHAPE)),
    ...Object.entries(files).map(([name, text]) => writeFile(join(folder, name), text)),
    writeFile(join(folder, 'targets.yaml'), targetsFile),
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

function numbers(count: number, after = 0): string {
  return Array.from({ length: count }, (_, at) => after + at + 1).join(', ');
}

function targets(url: string, atOnce: number, more = ''): string {
  return `targets:
  bench: { grade: live, mock: allowed, baseUrl: "${url}", key: env:ASSAY_BENCH_KEY, concurrency: ${atOnce}, ${more} }
`;
}
