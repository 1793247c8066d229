import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { program } from '../cli/cli.fixture.ts';
import { suiteJsonSchema } from '../suite/jsonSchema.ts';
import { declaration } from './declaration.ts';

const ROOT = join(import.meta.dirname, '../..');
const WORKED = join(ROOT, 'fixtures/worked-example/suite.yaml');
const claim = (rest: string) =>
  `defineSuite({ suite: 's', claims: [{ id: 'c', says: 'x', ${rest} }] });`;

/** Lines of TypeScript, and what the compiler has to say of each: nothing, or a part of its message. */
const LINES: readonly (readonly [code: string, message: string | undefined])[] = [
  [claim('expect: [{ status: 200 }, { image: "any" }]'), undefined],
  [claim('expect: [{ image: { count: "${n}", size: { $literal: "1K" } } }]'), undefined],
  [claim("given: [{ claim: 'other' }], expect: [{ rejected: 'any' }]"), undefined],
  [claim('request: { path: "/v1", json: { a: [1, null] } }, expect: [{ status: 2 }]'), undefined],
  [claim('expct: [{ status: 200 }]'), "'expct' does not exist"],
  [claim('expect: [{ statu: 200 }]'), "'statu' does not exist"],
  [claim('expect: [{}]'), 'not assignable'],
  [claim('expect: [{ image: { format: "gif87" } }]'), '"gif87"'],
  [claim('expect: [{ image: { count: "two" } }]'), 'not assignable'],
  [claim("documented: { as: 'works' }"), '"works"'],
  ["defineSuite({ suite: 's' });", "'claims' is missing"],
];

let folder: string;
let said: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assay-declaration-'));
  await writeFile(join(folder, 'assay.d.ts'), declaration(suiteJsonSchema()));
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
  const head = "import { defineSuite } from './assay.js';";
  const lines = [head, ...LINES.map(([code]) => code)];
  await writeFile(join(folder, 'lines.ts'), lines.join('\n'));
  const worked = JSON.stringify(parse(await readFile(WORKED, 'utf8')));
  await writeFile(join(folder, 'worked.ts'), `${head}\ndefineSuite(${worked});`);
  const flags = ['--noEmit', '--strict', '--exactOptionalPropertyTypes', '--pretty', 'false'];
  const options = [...flags, '--module', 'nodenext', '--types', '', '--skipLibCheck', 'false'];
  const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
  const args = [tsc, ...options, 'lines.ts', 'worked.ts'];
  ({ stdout: said } = await program(process.execPath, args, { cwd: folder }));
});

afterAll(() => rm(folder, { recursive: true }));

describe('the published type of a suite', () => {
  test.each(LINES.map(([code, message], index) => ({ code, message, line: index + 2 })))(
    'of $code says $message',
    ({ message, line }) => {
      const errors = said.split(/^(?=\S)/m).filter((one) => one.startsWith(`lines.ts(${line},`));
      if (message === undefined) expect(errors).toEqual([]);
      else expect(errors.join('')).toContain(message);
    },
  );

  test('takes the worked example, and is itself sound', () => {
    const lines = said.split('\n').filter((line) => /^\S/.test(line));
    expect(lines.filter((line) => !line.startsWith('lines.ts('))).toEqual([]);
  });

  test('is refused where a schema has a form that no type can say', () => {
    const odd = { type: 'object', properties: { a: { not: {} } }, additionalProperties: false };
    expect(() => declaration({ title: 'x', ...odd })).toThrow('not');
  });
});
