import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'rolldown';
import { declaration } from './src/build/declaration.ts';
import { notices } from './src/build/notices.ts';
import { suiteJsonSchema } from './src/suite/jsonSchema.ts';

/** What stands in the package beside its code: the type of a suite, and the notices that the licences of libraries ask for. */
const companions: Plugin = {
  name: 'companions',
  generateBundle(_, bundle) {
    const modules = Object.values(bundle).flatMap((file) =>
      file.type === 'chunk' ? file.moduleIds : [],
    );
    const files = {
      'index.d.ts': declaration(suiteJsonSchema()),
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
 * The same YAML library as published for browsers. The one for Node asks the environment for a debugging switch at every
 * token, which takes as long as all of its lexing.
 */
const yaml = fileURLToPath(new URL('node_modules/yaml/browser/index.js', import.meta.url));

/** What is published: bundled JavaScript, one chunk for each dynamic import, so that a verb loads only what it needs. */
export default defineConfig({
  input: { main: 'src/cli/main.ts', index: 'src/index.ts' },
  platform: 'node',
  resolve: { alias: { yaml } },
  plugins: [withoutHttp2, companions],
  output: {
    dir: 'dist',
    cleanDir: true,
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: 'chunks/[name]-[hash].js',
    // Names stay, so that the stack of a bug can be read; blanks and comments would only be read at each start.
    minify: { compress: false, mangle: false, codegen: { removeWhitespace: true } },
  },
});
