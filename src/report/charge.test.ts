import { expect, test } from 'vitest';
import {
  answer,
  measured,
  moved,
  paidExchange,
  row,
  TIMEOUT,
  without,
} from '../domain/charge.fixture.ts';
import type { Outcome } from '../domain/exchange.ts';
import type { Usage } from '../domain/usage.ts';
import { chargeLines } from './charge.ts';

const said = (usage: Usage, ...outcomes: readonly Outcome[]) =>
  chargeLines({ ...paidExchange(...outcomes), usage }, 200);

test('a measured charge is shown with its source, its counter, its rows and its cost', () => {
  const rows = [row({ upstreamModel: 'gemini-2.5-flash-image', groupRatio: 0.5 })];
  expect(said(measured({ rows, counter: moved(50_000, 60_000), boundMs: 10_000 }))).toEqual([
    '  charged     aligned: counter +50000, log 50000 ($0.10); it cost $0.10',
    '  measured    by management, rows joined by request id, settled 500 ms after the answer, not counted before 10 s',
    '  counter     1000000 before, 1050000 after, 1060000 at most',
    '  row         ours: consume 50000 ($0.10), nano-banana as gemini-2.5-flash-image, group ratio 0.5, request id r1, 2026-04-14T12:00:00.000Z',
  ]);
});

test('each row says whose it is', () => {
  const rows = [
    row(),
    row({ kind: 'refund', requestId: 'r9' }),
    row({ model: 'other' }),
    row({ model: 'other', requestId: 'r8' }),
    row({ kind: 'other' }),
  ];
  const [charged, , , ...shown] = said(measured({ rows }), TIMEOUT, answer(200));
  expect(charged).toContain('cannot be told (disturbed: another client used the key');
  expect(shown.map((line) => /row +([^:]+)/.exec(line)?.[1])).toEqual([
    'ours',
    'ours or not',
    'ours',
    'not ours',
    'no charge',
  ]);
});

test('what is unsettled, of a key without limit or shown by one side alone is said', () => {
  expect(said(measured({ isSettled: false, isUnlimited: true })).join('\n')).toMatch(
    /cannot be told \(unsettled: .*\): counter .*\n.* not settled in its time, a key without limit/,
  );
  expect(said(without('rows'))[0]).toContain('one side alone is shown: counter +50000 ($0.10); it');
});

test('what was not measured says why, and shows the rows that were read all the same', () => {
  const detail = 'only its rows were asked for';
  const unread = { kind: 'unmeasured', source: 'token', cause: 'unmeasured', detail } as const;
  expect(said({ ...unread, rows: [row()] })).toEqual([
    `  charged     by token: not measured (unmeasured: ${detail})`,
    '  row         ours: consume 50000, nano-banana, request id r1, 2026-04-14T12:00:00.000Z',
  ]);
  expect(said({ ...unread, source: 'none' })).toEqual([
    `  charged     not measured (unmeasured: ${detail})`,
  ]);
});

test('names that a gateway chose cannot move the cursor', () => {
  const [, , , line] = said(measured({ rows: [row({ model: '\u001b[2J', requestId: '\u0007' })] }));
  expect(line).toMatch(/^[ -~]+$/);
});

test('nothing is said of an exchange whose charge nobody asked for', () => {
  expect(chargeLines(paidExchange(), 80)).toEqual([]);
});
