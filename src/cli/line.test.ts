import { expect, test } from 'vitest';
import { advancing, overwrittenLine } from './line.ts';

/** A terminal of so many columns, and a clock that stands still until it is moved. */
function aTerminal(columns: number) {
  const written: string[] = [];
  const screen = { columns };
  let now = 0;
  let sleeping: { readonly untilMs: number; readonly wake: () => void }[] = [];
  const line = overwrittenLine(
    { write: (text) => void written.push(text), columns: () => screen.columns },
    {
      monotonic: () => now,
      sleep: (ms) => new Promise((wake) => void sleeping.push({ untilMs: now + ms, wake })),
    },
  );
  const pass = async (ms: number) => {
    now += ms;
    const due = sleeping.filter(({ untilMs }) => untilMs <= now);
    sleeping = sleeping.filter((one) => !due.includes(one));
    for (const { wake } of due) wake();
    await Promise.resolve();
  };
  return { line, written, screen, pass };
}

const CLEAR = '\r\u001B[2K';

test('a line is shown at once, then at most 20 times a second, and the newest always in the end', async () => {
  const { line, written, pass } = aTerminal(80);
  let made = 0;
  for (let second = 0; second < 2; second += 1) {
    for (let at = 0; at < 1_000; at += 1) {
      line.show(() => `${(made += 1)} of ${second}.${at}`);
      await pass(1);
    }
  }
  await pass(50);
  expect(written.length).toBeGreaterThan(30);
  expect(written.length).toBeLessThanOrEqual(41);
  expect(written[0]).toBe(`${CLEAR}1 of 0.0`);
  expect(written.at(-1)).toBe(`${CLEAR}${made} of 1.999`);
  expect(made).toBe(written.length); // what nobody sees is not made
});

test('what is taken away does not come back, and nothing is cleared where nothing stands', async () => {
  const { line, written, pass } = aTerminal(80);
  line.clear();
  line.show(() => 'one');
  line.show(() => 'two');
  line.clear();
  await pass(50);
  line.clear();
  expect(written).toEqual([`${CLEAR}one`, CLEAR]);
});

test('a line ends before the last column, also of a terminal that became narrower', async () => {
  const { line, written, screen, pass } = aTerminal(8);
  line.show(() => '图片图片图片');
  screen.columns = 4;
  await pass(50);
  line.show(() => 'abcdef');
  screen.columns = 1;
  await pass(50);
  line.show(() => 'abcdef');
  expect(written).toEqual([`${CLEAR}图片图…`, `${CLEAR}ab…`, `${CLEAR}…`]);
});

test('what would leave the line is not obeyed', () => {
  const { line, written } = aTerminal(80);
  line.show(() => 'a\nb\tc\u001B[2Jd');
  expect(written).toEqual([`${CLEAR}a b c\\u001b[2Jd`]);
});

test('what takes long tells how far it is: on a terminal soon, in a pipe by tenths and late, and what is short says nothing', async () => {
  const told = async (ms: number, isLive: boolean) => {
    const { line, written, pass } = aTerminal(80);
    let now = 0;
    const tell = advancing(
      { say: (text) => void written.push(text), ...(isLive && { line }) },
      'reading',
      () => now,
    );
    for (let done = 0; done <= 100; done += 1) {
      tell(done, 100);
      now += ms;
      await pass(ms);
    }
    return written;
  };
  expect([await told(2, true), await told(40, false)]).toEqual([[], []]);
  const live = await told(4, true);
  expect(live[0]).toBe(`${CLEAR}reading: 75%`);
  expect(live.at(-1)).toBe(CLEAR);
  const tenths = ['60', '70', '80', '90', '100'].map((share) => `reading: ${share}%`);
  expect((await told(100, false)).slice(-5)).toEqual(tenths);
});
