import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { parseAst } from 'rolldown/parseAst';
import { describe, expect, test } from 'vitest';

const SRC = import.meta.dirname;

/** What each room may import of ours, beside itself: imports point inward only (see README, "The way of one claim"). */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  domain: [],
  image: [],
  suite: ['domain', 'image'],
  engine: ['domain', 'image'],
  ledger: ['domain', 'image'],
  docs: ['domain', 'image'],
  report: ['domain', 'image'],
  adapters: ['domain', 'image', 'engine/ports.ts', 'ledger'],
  mock: ['image/write.ts'],
  cli: ['domain', 'image', 'suite', 'engine', 'ledger', 'docs', 'report', 'adapters', 'mock'],
  build: ['suite'],
  bench: [
    'domain',
    'image',
    'suite',
    'engine',
    'ledger',
    'docs',
    'report',
    'adapters',
    'mock',
    'cli',
  ],
};

/** Packages that are pure: they read no clock, no disk and no network. */
const DOMAIN_PACKAGES = ['ajv', 'ajv-formats', 'canonicalize', 'json-p3', 're2js', 'zod'];

/** Rooms that touch the world; everyone else is pure. `image` may deflate, and sum up as deflating does. */
const WORLDLY = ['adapters', 'mock', 'cli', 'bench', 'build'];
const NODE_EXCEPTIONS: Readonly<Record<string, readonly string[]>> = {
  'image/thumbnail.ts': ['node:zlib'],
  'image/walks.ts': ['node:zlib'],
  'image/write.ts': ['node:zlib'],
};

/** What the package says of itself, its version above all. */
const MANIFEST = '../package.json';

/** Names by which code reaches time, network, randomness or the process without importing anything. */
const AMBIENT = [
  'process',
  'fetch',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'console',
  'performance',
  'globalThis',
  'require',
];

const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter(
  (file) => /\.[jt]s$/.test(file) && !/\.(test|fixture)\.ts$/.test(file),
);

describe('the import rule', () => {
  test('sees the whole source', () => {
    expect(files.length).toBeGreaterThan(80);
  });

  test.each(files)('%s imports inward only', (file) => {
    expect(breaches(file, readFileSync(join(SRC, file), 'utf8'))).toEqual([]);
  });

  test.each([
    ['domain/x.ts', "import { a } from '../engine/plan.ts';"],
    ['domain/x.ts', "import { a } from './../adapters/http.ts';"],
    ['domain/x.ts', "export * from '../image/read.ts';"],
    ['domain/x.ts', "import fs from 'node:fs';"],
    ['domain/x.ts', "import { parse } from 'yaml';"],
    ['domain/x.ts', 'const at = Date.now();'],
    ['domain/x.ts', 'const at = new Date();'],
    ['domain/x.ts', 'const at = Math.random();'],
    ['report/x.ts', 'console.log(1);'],
    ['engine/x.ts', 'await globalThis.fetch("http://127.0.0.1");'],
    ['engine/x.ts', "const { a } = await import('../suite/load.ts');"],
    ['mock/x.ts', "import { readImage } from '../image/read.ts';"],
    ['engine/x.ts', "import { startMock } from '../mock/server.ts';"],
    ['image/read.ts', "import zlib from 'node:zlib';"],
  ])('finds the breach in %s: %s', (file, code) => {
    expect(breaches(file, code)).toHaveLength(1);
  });
});

/** What a file imports or names against the rule. */
function breaches(file: string, code: string): readonly string[] {
  const room = file.includes('/') ? (file.split('/')[0] ?? '') : 'cli';
  const isPure = !WORLDLY.includes(room);
  const found: string[] = [];
  visit(parseAst(code, { lang: 'ts' }), (node, parent) => {
    const specifier = importedBy(node);
    if (specifier !== undefined && !mayImport(file, room, specifier))
      found.push(`imports ${specifier}`);
    const named = isPure ? ambient(node, parent) : undefined;
    if (named !== undefined) found.push(`uses ${named}`);
  });
  return found;
}

function mayImport(file: string, room: string, specifier: string): boolean {
  if (specifier.startsWith('node:')) {
    return WORLDLY.includes(room) || (NODE_EXCEPTIONS[file]?.includes(specifier) ?? false);
  }
  if (!specifier.startsWith('.')) {
    const name = specifier.startsWith('@') ? specifier : (specifier.split('/')[0] ?? '');
    return room !== 'domain' || DOMAIN_PACKAGES.includes(name);
  }
  const target = relative(SRC, resolve(SRC, dirname(file), specifier));
  if (target === MANIFEST) return room === 'cli';
  if (target.startsWith('..')) return false;
  if (target.split('/')[0] === room) return true;
  return (MAY_IMPORT[room] ?? []).some(
    (allowed) => target === allowed || target.startsWith(`${allowed}/`),
  );
}

type Node = Readonly<Record<string, unknown>> & { readonly type: string };

function importedBy(node: Node): string | undefined {
  const isImport = [
    'ImportDeclaration',
    'ExportNamedDeclaration',
    'ExportAllDeclaration',
    'ImportExpression',
  ];
  const source = isImport.includes(node.type) ? node['source'] : undefined;
  return isNode(source) && typeof source['value'] === 'string' ? source['value'] : undefined;
}

/** `Date.now()`, `new Date()`, `Math.random()`, and the names of AMBIENT where they are no member, key or type. */
function ambient(node: Node, parent: Node | undefined): string | undefined {
  if (node.type === 'NewExpression') {
    const { callee, arguments: given } = node;
    const isNow =
      isNode(callee) && callee['name'] === 'Date' && Array.isArray(given) && given.length === 0;
    return isNow ? 'new Date()' : undefined;
  }
  if (node.type === 'MemberExpression') {
    const [object, property] = [node['object'], node['property']];
    const text =
      isNode(object) && isNode(property)
        ? `${String(object['name'])}.${String(property['name'])}`
        : '';
    return text === 'Date.now' || text === 'Math.random' ? text : undefined;
  }
  if (node.type !== 'Identifier' || !AMBIENT.includes(String(node['name']))) return undefined;
  const isMemberName =
    parent?.type === 'MemberExpression' &&
    parent['property'] === node &&
    parent['computed'] !== true;
  const isKey =
    parent !== undefined && /Property|Method|Signature/.test(parent.type) && parent['key'] === node;
  return isMemberName || isKey ? undefined : String(node['name']);
}

function visit(
  node: unknown,
  see: (node: Node, parent: Node | undefined) => void,
  parent?: Node,
): void {
  if (Array.isArray(node)) {
    for (const item of node) visit(item, see, parent);
    return;
  }
  if (!isNode(node)) return;
  see(node, parent);
  for (const child of Object.values(node)) if (typeof child === 'object') visit(child, see, node);
}

function isNode(value: unknown): value is Node {
  return (
    typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'
  );
}
