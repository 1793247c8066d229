import { expect, test } from 'vitest';
import { FAIL, PASS, UNDECIDED, evidenceOf } from '../domain/evidence.fixture.ts';
import type { Evidence } from '../domain/evidence.ts';
import type { Verdict } from '../domain/verdict.ts';
import { aRequest, aTarget, aClaim } from '../engine/engine.fixture.ts';
import type { RunEvent } from '../engine/events.ts';
import type { Wait } from '../engine/meter.ts';
import type { PlannedExchange } from '../engine/sharing.ts';
import { type Line, overwrittenLine } from './line.ts';
import { passing, progress } from './progress.ts';

const CLAIM = aClaim('lamp.charged');
const EXCHANGE: PlannedExchange = {
  id: 'x',
  target: aTarget(),
  request: aRequest({}),
  cases:
    CLAIM.basis.kind === 'sent'
      ? CLAIM.basis.cases.map((one) => ({
          claim: CLAIM,
          case: one,
          written: one,
          digest: '',
          sentence: '',
          isControl: false,
        }))
      : [],
  after: [],
  usd: 0.5,
  requests: 1,
  worst: { requests: 1, usd: 0 },
  measures: 'charge',
};

const STARTED: RunEvent = { kind: 'started', exchange: EXCHANGE, trial: 1 };
const SETTLED: RunEvent = { kind: 'settled', exchange: EXCHANGE };

/** The one case, judged in a trial that cost so much. */
function judged(verdict: Verdict, paid: Pick<Evidence, 'usd' | 'measured'>): RunEvent {
  const [one] = EXCHANGE.cases;
  if (one === undefined) throw new Error('an exchange without a case');
  const evidence = evidenceOf(one.case, { verdict, ...paid });
  return { kind: 'judged', case: one, evidence, surprises: true };
}

function waits(wait: Wait, withinMs: number): RunEvent {
  return { kind: 'measuring', exchange: EXCHANGE, wait, withinMs };
}

/** A terminal of 80 columns whose clock goes on by a second with each text, so that each is shown. */
function aScreen(columns = 80): { readonly line: Line; readonly text: () => string } {
  let text = '';
  let ms = 0;
  const line = overwrittenLine(
    { write: (more) => (text += more), columns: () => columns },
    { monotonic: () => (ms += 1_000), sleep: async () => {} },
  );
  return { line, text: () => text };
}

/** What is shown of some events. */
function shown(isLive: boolean, events: readonly RunEvent[]): string {
  let text = '';
  const { line, text: live } = aScreen();
  const say = (more: string) => (text += `${more}\n`);
  const tell = progress(isLive ? { line, say } : { say });
  for (const event of events) tell(event);
  return isLive ? live() : text;
}

test('a wait for a charge is said where it takes long, and on a terminal whenever it is made', () => {
  const short = waits('its charge', 1_500);
  const long = waits('earlier charges', 14_100);
  expect(shown(false, [short, long])).toBe(
    'waiting up to 15 s for earlier charges, before s/lamp.charged\n',
  );
  expect(shown(true, [short])).toBe(
    '\r\u001B[2K0/0 exchanges · waiting up to 2 s for the charge of s/lamp.charged',
  );
});

test.each([
  ['a pass', [PASS], '1 pass · 0 fail · 0 inconclusive'],
  ['two trials that fail', [FAIL, FAIL], '0 pass · 1 fail · 0 inconclusive'],
  ['one that fails, and one that passes', [FAIL, PASS], '1 pass · 0 fail · 0 inconclusive'],
  ['one that nothing was told of in the end', [FAIL, UNDECIDED], '0 pass · 1 fail'],
])('%s is counted once, as in the end', (_, verdicts, text) => {
  const trials = verdicts.flatMap((verdict) => [STARTED, judged(verdict, { usd: 0 })]);
  expect(shown(false, [...trials, SETTLED])).toContain(` exchanges · ${text}`);
});

test('what is under way costs what is declared, and what was measured only that', () => {
  const other: RunEvent = { kind: 'started', exchange: { ...EXCHANGE, id: 'y' }, trial: 1 };
  const trial = [STARTED, judged(PASS, { usd: 0.04, measured: true }), SETTLED];
  expect(shown(false, trial)).toMatch(/ · \$0\.04 measured\n$/);
  expect(shown(false, [other, ...trial])).toMatch(/ · at most \$0\.54, \$0\.04 of it measured\n$/);
  expect(shown(false, [STARTED, SETTLED])).toMatch(/ · at most \$0\.00\n$/);
});

test('a line takes the place of the last one on a terminal, and stands by itself elsewhere', () => {
  const passed = (line?: Line) => {
    const said: string[] = [];
    const show = passing({ say: (text) => void said.push(text), ...(line && { line }) });
    show('refs=14 accepted');
    show('refs=15');
    show();
    return said;
  };
  const clear = '\r\u001B[2K';
  const { line, text } = aScreen(12);
  expect(passed(line)).toEqual([]);
  expect(text()).toBe(`${clear}refs=14 ac…${clear}refs=15${clear}`);
  expect(passed()).toEqual(['refs=14 accepted', 'refs=15']);
});
