import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { aDesk, type Desk, remembered } from './desk.fixture.ts';

const INDEX = pathToFileURL(join(import.meta.dirname, '../index.ts')).href;

let desk: Desk;
afterEach(() => desk.close());

/** Sets up a desk with such suites; its live target is not used. */
async function open(suites: Readonly<Record<string, string>>): Promise<void> {
  desk = await aDesk({ suites, target: { baseUrl: 'http://127.0.0.1:1' } });
}

const YAML = `suite: banana
rehearse: 2026-03-30
requests:
  edit:
    path: /v1/images/generations
    json: { model: nano-banana-2, prompt: A plain background, image_input: { $references: { count: "\${refs}", format: webp } } }
claims:
  - { id: refs.within, says: x, vary: { refs: [1, 14] }, expect: [ { image: any } ] }
  - { id: refs.beyond, says: x, let: { refs: 15 }, expect: [ { rejected: { message: at most 14 reference images } } ] }
`;

const MODULE = `import { defineSuite } from '${INDEX}';
import { MODEL } from './models/names.ts';

type Count = number;
const within: readonly Count[] = [1, 14];
const beyond: Count = 15;

export default defineSuite({
  suite: 'banana',
  rehearse: '2026-03-30',
  requests: {
    edit: {
      path: '/v1/images/generations',
      json: {
        model: MODEL,
        prompt: 'A plain background',
        image_input: { $references: { count: '\${refs}', format: 'webp' } },
      },
    },
  },
  claims: [
    { id: 'refs.within', says: 'x', vary: { refs: within }, expect: [{ image: 'any' }] },
    {
      id: 'refs.beyond',
      says: 'x',
      let: { refs: beyond },
      expect: [{ rejected: { message: \`at most \${beyond - 1} reference images\` } }],
    },
  ],
});
`;
/** What a module imports may take its time. */
const NAMES = `await new Promise((end) => setTimeout(end, 50));
export const MODEL = 'nano-banana-2';
`;

test('a suite in TypeScript is run as the same in YAML is, and its evidence counts for both', async () => {
  const digests: Record<string, readonly string[]> = {};
  for (const [form, suites] of Object.entries({
    yaml: { 'banana.yaml': YAML },
    module: { 'banana.suite.mts': MODULE, 'models/names.ts': NAMES },
  })) {
    await open(suites);
    const said = await desk.assay(['run']);
    expect(said).toMatchObject({
      code: 0,
      stderr: expect.not.stringContaining('Warning') as string,
    });
    expect(said.stdout).toContain('3 pass · 0 fail · 0 inconclusive');
    const { evidence } = await remembered(desk.ledger);
    digests[form] = evidence.map(({ claim, digest }) => `${claim} ${digest}`).toSorted();
    await desk.close();
  }
  expect(digests['module']).toHaveLength(3);
  expect(digests['module']).toEqual(digests['yaml']);
});

test('a claim of a module that fails is shown at its line', async () => {
  await open({ 'banana.suite.mts': MODULE, 'models/names.ts': NAMES });
  const { code, stdout } = await desk.assay(['run', '--with', 'refs.limit=20']);
  expect(code).toBe(1);
  expect(stdout).toContain('banana.suite.mts:27:18');
});

test('whatever is wrong with a module is a problem with its place, and never a stack', async () => {
  await open({
    'a.suite.mjs': 'export const suite = 1;\n',
    'b.suite.mjs': 'const limit = 14;\n\nthrow new RangeError(`no ${limit}`);\n',
    'c.suite.mjs': 'export default {\n  suite: "c"\n  claims: [],\n};\n',
    'd.suite.mts': 'enum Size { Small }\nexport default { suite: "d", claims: [] };\n',
    'e.suite.mts': 'import { defineSuite } from "assay";\nexport default defineSuite({});\n',
    'f.suite.mts':
      'export default {\n  suite: "f",\n  claims: [\n    { id: "x", says: "x", expct: [] },\n  ],\n};\n',
    'package.json': '{ "type": "commonjs" }', // as npm init writes it
    'g.suite.ts': 'import a from "node:path";\nexport default a;\n',
    'ignored.ts': 'throw new Error("this is no suite")',
    'ignored.suite.ts.bak': 'throw new Error("this is no suite")',
  });
  const { code, stdout, stderr } = await desk.assay(['lint'], { NODE_NO_WARNINGS: '1' });
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  const here = stderr.replaceAll(desk.folder, '').replaceAll(/ imported from \S+/g, '');
  const cannot = 'error: this module cannot be evaluated';
  expect(here.split('\n').filter((line) => /^error|^ +(-->|[a-z"])/.test(line))).toEqual([
    'error: this module has no default export',
    '  --> /suites/a.suite.mjs:1:1',
    '   export default defineSuite({ … })',
    `${cannot}: RangeError: no 14`,
    '  --> /suites/b.suite.mjs:3:7',
    `${cannot}: SyntaxError: Unexpected identifier 'claims'`,
    '  --> /suites/c.suite.mjs:1:1',
    '   "node /suites/c.suite.mjs" shows where',
    `${cannot}: SyntaxError: TypeScript enum is not supported in strip-only mode`,
    '  --> /suites/d.suite.mts:1:1',
    '   "node /suites/d.suite.mts" shows where',
    `${cannot}: Cannot find package 'assay'`,
    '  --> /suites/e.suite.mts:1:1',
    '   install assay beside the suites or above them: npm install --save-dev assay',
    'error: unknown key "expct"',
    '  --> /suites/f.suite.mts:4:27',
    `${cannot}: SyntaxError: Cannot use import statement outside a module`,
    '  --> /suites/g.suite.ts:1:1',
    '   name it *.suite.mts, or say "type": "module" in package.json',
  ]);
});

const SOUND = 'export default { suite: "a", claims: [] };';

test.each([
  [
    'ends the process itself',
    'process.exit(0);',
    2,
    /the process ended while \S*a\.suite\.mjs was/,
  ],
  ['leaves something running', `setInterval(() => {}, 1000); ${SOUND}`, 0, /^$/],
  [
    'throws what has no text',
    'throw Object.assign(new Error(""), { message: 5 });',
    2,
    /evaluated: /,
  ],
  ['leaves a failure behind', `void Promise.reject(new Error("boom")); ${SOUND}`, 3, /Error: boom/],
])(
  'a module that %s neither holds the verb up nor ends it as another would',
  async (_, text, code, said) => {
    await open({ 'a.suite.mjs': text });
    const ended = await desk.assay(['lint']);
    expect(ended.code).toBe(code);
    expect(ended.stderr).toMatch(said);
  },
);
