import { expect, it } from 'vitest';
import { makeRedactor } from '../domain/redact.ts';
import { answered, handClock } from './engine.fixture.ts';
import { fetchHosted } from './fetched.ts';
import type { Transport } from './ports.ts';

const KEY = 'sk-secret-key';

/** Fetches the images at these addresses, each of which takes so long; the times that each was given. */
async function fetched(urls: readonly string[], eachMs: number, timeoutMs: number) {
  const clock = handClock();
  const given: number[] = [];
  const transport: Pick<Transport, 'fetch'> = {
    fetch: async (_, leftMs) => {
      given.push(leftMs);
      await clock.sleep(Math.min(eachMs, leftMs));
      return { kind: 'answered', status: 404, type: '' };
    },
  };
  const ports = {
    transport: transport as Transport,
    clock,
    redactor: makeRedactor([KEY]),
  };
  const answer = answered(200, { data: urls.map((url) => ({ url })) });
  return { given, clock, came: await fetchHosted(answer, ports, timeoutMs) };
}

it('all hosted images of one answer together get no more time than the answer had', async () => {
  const urls = ['http://h/1.png', 'http://h/2.png', 'http://h/3.png', 'http://h/4.png'];
  const { given, clock, came } = await fetched(urls, 100_000, 150_000);
  expect(given).toEqual([60_000, 60_000, 30_000]);
  expect(clock.monotonic()).toBe(150_000);
  expect(came['http://h/4.png']).toMatchObject({ kind: 'unanswered', cause: 'unfetched' });
});

it('an address that bears the key, however it is spelled, is not fetched', async () => {
  const urls = [`http://h/${KEY}.png`, `http://h/?k=${btoa(KEY)}`, 'http://h/1.png'];
  const { given, came } = await fetched(urls, 1, 1_000);
  expect(given).toHaveLength(1);
  expect(Object.values(came)).toMatchObject([
    { cause: 'guarded', detail: 'the address bears a secret of ours' },
    { cause: 'guarded' },
    { status: 404 },
  ]);
});
