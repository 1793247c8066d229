import { expect, test } from 'vitest';
import { aRequest, aTarget, aClaim } from '../engine/engine.fixture.ts';
import type { RunEvent } from '../engine/events.ts';
import type { Wait } from '../engine/meter.ts';
import type { PlannedExchange } from '../engine/sharing.ts';
import { progress } from './progress.ts';

const CLAIM = aClaim('lamp.charged');
const EXCHANGE: PlannedExchange = {
  id: 'x',
  target: aTarget(),
  request: aRequest({}),
  cases:
    CLAIM.basis.kind === 'sent'
      ? CLAIM.basis.cases.map((one) => ({ claim: CLAIM, case: one, digest: '', isControl: false }))
      : [],
  after: [],
  usd: 0,
  requests: 1,
  worst: { requests: 1, usd: 0 },
  measures: 'charge',
};

function waits(wait: Wait, withinMs: number): RunEvent {
  return { kind: 'measuring', exchange: EXCHANGE, wait, withinMs };
}

/** What is shown of some events. */
function shown(isLive: boolean, events: readonly RunEvent[]): string {
  let text = '';
  const tell = progress({ isLive, columns: 80 }, (more) => {
    text += more;
  });
  for (const event of events) tell(event);
  return text;
}

test('a wait for a charge is said where it takes long, and on a terminal whenever it is made', () => {
  const short = waits('its charge', 1_500);
  const long = waits('earlier charges', 14_100);
  expect(shown(false, [short, long])).toBe(
    'waiting up to 15 s for earlier charges, before s/lamp.charged\n',
  );
  expect(shown(true, [short])).toBe(
    '\r\u001B[2Kwaiting up to 2 s for the charge of s/lamp.charged',
  );
});
