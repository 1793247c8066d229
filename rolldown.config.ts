import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type CodeSplittingGroup, defineConfig, type Plugin } from 'rolldown';
import { isolatedDeclarationSync } from 'rolldown/experimental';
import { declaration } from './src/build/declaration.ts';
import { notices } from './src/build/notices.ts';
import { suiteJsonSchema } from './src/suite/jsonSchema.ts';

/** What is imported as `assay/vitest`. */
const VITEST = 'src/cli/vitest/claims.ts';

/** What stands in the package beside its code: the types of suites and of `claims`, and the notices that the licences of libraries ask for. */
const companions: Plugin = {
  name: 'companions',
  generateBundle(_, bundle) {
    const modules = Object.values(bundle).flatMap((file) =>
      file.type === 'chunk' ? file.moduleIds : [],
    );
    const files = {
      'index.d.ts': declaration(suiteJsonSchema()),
      'vitest.d.ts': isolatedDeclarationSync(VITEST, readFileSync(VITEST, 'utf8')).code,
      'THIRD-PARTY-NOTICES.txt': notices(modules, readFileSync('LICENSE', 'utf8')),
    };
    for (const [fileName, source] of Object.entries(files))
      this.emitFile({ type: 'asset', fileName, source });
  },
};

/** Assay speaks HTTP/1.1 alone; merely to load Node's HTTP/2, and TLS with it, would be a fifth of a small run. */
const withoutHttp2: Plugin = {
  name: 'without-http2',
  load: {
    filter: { id: /undici[\\/]lib[\\/]dispatcher[\\/]client-h2\.js$/ },
    handler: () => "module.exports = () => { throw new Error('HTTP/2 is left out'); };",
  },
};

/**
 * Where an assertion has no message, Node reads the source around it to make one. In a bundle without blanks it ends in a
 * SyntaxError there, by which nobody can tell that an answer was malformed.
 */
const assertWithMessage: Plugin = {
  name: 'assert-with-message',
  transform: {
    filter: { id: /undici[\\/]lib[\\/].*\.js$/ },
    handler: (code) =>
      code.replace(
        /require\('(?:node:)?assert'\)/,
        "((assert) => Object.assign((value, message = 'an assertion of undici does not hold') => assert(value, message), assert))($&)",
      ),
  },
};

/**
 * The same YAML library as published for browsers. The one for Node asks the environment for a debugging switch at every
 * token, which takes as long as all of its lexing.
 */
const yaml = fileURLToPath(new URL('node_modules/yaml/browser/index.js', import.meta.url));

/**
 * Some modules of ours are needed by several verbs: those that the same ones need share a chunk, and a smaller one is joined
 * to its nearest. To find and open forty files takes longer than to read what one verb of two would do without.
 */
const common: CodeSplittingGroup = {
  name: 'common',
  test: /[\\/]src[\\/](?!cli[\\/]version\.ts)/, // --version loads nothing else
  minShareCount: 2,
  entriesAware: true,
  entriesAwareMergeThreshold: 5_000,
  includeDependenciesRecursively: false,
};

/** What is loaded at every start, help and wrong words included: in a chunk of its own, to which nothing else is joined. */
const start: CodeSplittingGroup = {
  name: 'start',
  test: /[\\/]src[\\/](cli[\\/](dispatch|verbs|options|arguments|output|line|when|tolerated|help)|domain[\\/](problem|duration|shard)|report[\\/](printable|columns|paint)|adapters[\\/]clock|suite[\\/]day)\.ts/,
  priority: 1,
  includeDependenciesRecursively: false,
};

/** What is published: bundled JavaScript, one chunk for each dynamic import, so that a verb loads only what it needs. */
export default defineConfig({
  input: { main: 'src/cli/main.ts', index: 'src/index.ts', vitest: VITEST },
  external: ['vitest'],
  platform: 'node',
  resolve: { alias: { yaml } },
  plugins: [withoutHttp2, assertWithMessage, companions],
  preserveEntrySignatures: 'allow-extension',
  output: {
    dir: 'dist',
    cleanDir: true,
    format: 'esm',
    entryFileNames: '[name].js',
    // A common chunk is named after all who share it.
    chunkFileNames: ({ name }) => `chunks/${name.split('~', 1)[0]}-[hash].js`,
    codeSplitting: { groups: [start, common] },
    // Names stay, so that the stack of a bug can be read; blanks and comments would only be read at each start.
    minify: { compress: false, mangle: false, codegen: { removeWhitespace: true } },
  },
});
