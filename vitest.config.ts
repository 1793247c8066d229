import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts'],
    globalSetup: 'src/cli/published.fixture.ts',
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // By default one processor is left to vitest, which has nothing to do: of two, that is half of the machine.
    maxWorkers: '100%',
  },
});
