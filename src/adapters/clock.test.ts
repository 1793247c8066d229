import { expect, test } from 'vitest';
import { systemClock } from './clock.ts';

test('dates begin where the clock is told to, and durations do not care', () => {
  const start = Date.UTC(2001, 0, 1);
  const clock = systemClock(start);
  expect(new Date(clock.wall()).toISOString()).toMatch(/^2001-01-01T/);
  expect(clock.wall()).toBeGreaterThanOrEqual(start);
  expect(Math.abs(clock.monotonic() - systemClock().monotonic())).toBeLessThan(Date.now() - start);
});

test('without a start it tells the time of this machine', () => {
  const before = Date.now();
  const told = systemClock().wall();
  expect(told).toBeGreaterThanOrEqual(before);
  expect(told).toBeLessThanOrEqual(Date.now());
});

test('a sleep of a year goes on until it is aborted, and ends without an error', async () => {
  const clock = systemClock(0);
  const abort = new AbortController();
  let isAwake = false;
  const asleep = (async () => {
    await clock.sleep(31_536_000_000, abort.signal);
    isAwake = true;
  })();
  await clock.sleep(5);
  expect(isAwake).toBe(false);
  abort.abort();
  await asleep;
  expect(isAwake).toBe(true);
  await clock.sleep(31_536_000_000, abort.signal);
});
