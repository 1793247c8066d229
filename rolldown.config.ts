import { defineConfig } from 'rolldown';

/** What is published: bundled JavaScript, one chunk for each dynamic import, so that a verb loads only what it needs. */
export default defineConfig({
  input: { main: 'src/cli/main.ts' },
  platform: 'node',
  output: {
    dir: 'dist',
    cleanDir: true,
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: 'chunks/[name]-[hash].js',
  },
});
