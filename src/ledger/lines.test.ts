import { expect, test } from 'vitest';
import type { Exchange } from '../domain/exchange.ts';
import { cutForLedger, KEPT_BODY_BYTES } from './lines.ts';

function exchange(text: string): Exchange {
  const body = { text, bytes: 1_000_000, payloads: [], cut: false };
  return {
    id: 'x1',
    sent: { method: 'GET', url: 'http://127.0.0.1/', headers: {} },
    attempts: [
      {
        at: '2026-03-30T12:00:00.000Z',
        ms: 1,
        outcome: { kind: 'unanswered', cause: 'timeout', detail: '' },
      },
      {
        at: '2026-03-30T12:00:01.000Z',
        ms: 1,
        outcome: { kind: 'answered', status: 200, headers: {}, body },
      },
    ],
    fetched: {},
  };
}

function kept(text: string) {
  const outcome = cutForLedger(exchange(text)).attempts[1]?.outcome;
  return outcome?.kind === 'answered' ? outcome.body : undefined;
}

test('a body of 64 KiB is kept whole, and a longer one is cut and marked', () => {
  expect(KEPT_BODY_BYTES).toBe(64 * 1024);
  const most = 'a'.repeat(65_536);
  expect(cutForLedger(exchange(most))).toEqual(exchange(most));
  expect(kept(`${most}b`)).toEqual({ text: most, bytes: 1_000_000, payloads: [], cut: true });
});

test('what counts are bytes, and no character is cut in two', () => {
  expect(kept('é'.repeat(32_768))?.cut).toBe(false);
  expect(kept('é'.repeat(32_769))?.text).toBe('é'.repeat(32_768));
  expect(kept(`aaa${'😀'.repeat(16_384)}`)?.text).toBe(`aaa${'😀'.repeat(16_383)}`);
  expect(kept('\ud800'.repeat(21_846))?.text).toBe('\ud800'.repeat(21_845));
});

test('an exchange without an answer is kept as it is', () => {
  const { attempts, ...rest } = exchange('');
  const unanswered = { ...rest, attempts: attempts.slice(0, 1) };
  expect(cutForLedger(unanswered)).toEqual(unanswered);
});
