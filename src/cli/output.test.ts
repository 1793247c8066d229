import { afterEach, expect, test } from 'vitest';
import { standardOutput } from './output.ts';

const own = Object.getOwnPropertyDescriptor(process.stdout, 'columns');
afterEach(() => {
  Object.defineProperty(process.stdout, 'columns', own ?? { value: undefined, configurable: true });
});

test.each([
  [undefined, 80],
  [0, 80],
  [10, 40],
  [100, 100],
  [500, 120],
])('on a terminal that says it has %j columns, %i are written in', (value, columns) => {
  Object.defineProperty(process.stdout, 'columns', { value, configurable: true });
  expect(standardOutput().columns).toBe(columns);
});
