import {
  array,
  assert,
  asyncProperty,
  constantFrom,
  integer,
  option,
  record,
  shuffledSubarray,
  subarray,
} from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Claim } from '../domain/claim.ts';
import type { Outcome } from '../domain/exchange.ts';
import type { Run } from '../domain/run.ts';
import { writeImage } from '../image/write.ts';
import {
  aClaim,
  aTarget,
  answered,
  fakePorts,
  idOf,
  lookup,
  sha256,
  unanswered,
} from './engine.fixture.ts';
import { type Meeting, makeMeetings } from './meet.ts';
import { inOrder } from './order.ts';
import { type Plan, plan } from './plan.ts';
import type { Clock } from './ports.ts';
import { run } from './run.ts';

/** Sleeping lets everything else that is ready go first, and takes no time. */
const CLOCK: Clock = {
  wall: () => Date.UTC(2026, 2, 30),
  monotonic: () => 0,
  sleep: () => new Promise((resolve) => void setImmediate(resolve)),
};

const CLAIMS: readonly Claim[] = Array.from({ length: 12 }, (_, at) => aClaim(`c${10 + at}`));

/** How one side of a comparison is: which claims it is asked, how many at a time, and what its gateway does. */
interface Half {
  readonly name: string;
  readonly asked: readonly string[];
  readonly concurrency: number;
  readonly behave: (id: string) => Outcome;
  /** After so many requests somebody ends both runs; never if absent. */
  readonly endsAfter?: number;
}

function planOf({ name, asked, concurrency }: Half): Plan {
  const target = aTarget({ name, concurrency });
  return plan({
    target,
    targetFor: () => target,
    chosen: CLAIMS.filter(({ id }) => asked.includes(id)).map((claim) => ({ claim, cases: [''] })),
    claims: lookup(CLAIMS),
    sha256,
    writeImage,
  });
}

/** Runs both sides to their ends, and tells what was sent, in order: `left c10`. */
async function compared(
  left: Half,
  right: Half,
): Promise<{ readonly runs: readonly Run[]; readonly sent: readonly string[] }> {
  const plans = [planOf(left), planOf(right)] as const;
  const meetings = makeMeetings(plans[0], plans[1], CLOCK);
  const sent: string[] = [];
  const ended = new AbortController();
  const perform = (half: Half, made: Plan, meeting: Meeting) => {
    const behave = async (json: Parameters<typeof idOf>[0]) => {
      sent.push(`${half.name} ${idOf(json)}`);
      if (sent.length >= (half.endsAfter ?? Infinity)) ended.abort();
      await CLOCK.sleep(0);
      return half.behave(idOf(json));
    };
    const { ports } = fakePorts(behave, { clock: CLOCK });
    return run(made, ports, {
      id: half.name,
      tool: '0.1.0',
      claims: lookup(CLAIMS),
      meeting,
      signal: ended.signal,
      tell: () => {},
    });
  };
  const runs = await Promise.all([
    perform(left, plans[0], meetings.left),
    perform(right, plans[1], meetings.right),
  ]);
  return { runs, sent };
}

function aHalf(name: string, more: Partial<Half> = {}): Half {
  const asked = CLAIMS.map(({ id }) => id);
  return { name, asked, concurrency: 1, behave: () => answered(200), ...more };
}

describe('two runs that are compared', () => {
  test('send each pair close together, however many each may send at once', async () => {
    const { sent } = await compared(aHalf('left', { concurrency: 4 }), aHalf('right'));
    expect(sent).toHaveLength(2 * CLAIMS.length);
    for (const { id } of CLAIMS) {
      const [a, b] = [sent.indexOf(`left ${id}`), sent.indexOf(`right ${id}`)];
      expect(Math.abs(a - b), id).toBe(1);
    }
  });

  test('do not wait for what the other leaves out', async () => {
    const asked = CLAIMS.slice(6).map(({ id }) => id);
    const { runs, sent } = await compared(aHalf('left'), aHalf('right', { asked }));
    expect(sent).toHaveLength(12 + 6);
    expect(runs.map(({ cases }) => cases.length)).toEqual([12, 6]);
  });

  test('try again without the other what surprises only one', async () => {
    const behave = (id: string) => answered(id === 'c13' ? 400 : 200);
    const { sent } = await compared(aHalf('left', { behave }), aHalf('right'));
    expect(sent.filter((one) => one === 'left c13')).toHaveLength(2);
    expect(sent).toHaveLength(25);
  });

  test('go on alone when the other has met an outage', async () => {
    const behave = () => unanswered('unreachable');
    const { runs } = await compared(aHalf('left', { behave }), aHalf('right'));
    expect(runs.map(({ end }) => end.kind)).toEqual(['outage', 'complete']);
    expect(runs[1]?.cases.every(({ verdict }) => verdict.kind === 'pass')).toBe(true);
  });

  test('end when they are interrupted', async () => {
    const { runs, sent } = await compared(aHalf('left', { endsAfter: 5 }), aHalf('right'));
    expect(runs.map(({ end }) => end.kind)).toEqual(['interrupted', 'interrupted']);
    expect(sent.length).toBeLessThan(8);
  });

  test('come to their ends whatever each leaves out, refuses, fails to answer or is cut off by', async () => {
    const ids = CLAIMS.map(({ id }) => id);
    const outcome = constantFrom(answered(200), answered(400), unanswered('timeout'));
    const arbitrary = (name: string) =>
      record({
        asked: subarray(ids),
        concurrency: integer({ min: 1, max: 4 }),
        outcomes: array(outcome, { minLength: ids.length, maxLength: ids.length }),
        endsAfter: option(integer({ min: 1, max: 30 }), { nil: undefined }),
      }).map(({ asked, concurrency, outcomes, endsAfter }): Half => ({
        name,
        asked,
        concurrency,
        behave: (id) => outcomes[ids.indexOf(id)] ?? answered(200),
        ...(endsAfter !== undefined && { endsAfter }),
      }));
    await assert(
      asyncProperty(arbitrary('left'), arbitrary('right'), async (left, right) => {
        const { runs } = await compared(left, right);
        expect(runs.map(({ cases }) => cases.length)).toEqual([
          left.asked.length,
          right.asked.length,
        ]);
      }),
      { numRuns: 150 },
    );
  });
});

test('exchanges that need their key alone, in any order on either side, never wait for one another for ever', async () => {
  const side = record({
    concurrency: integer({ min: 1, max: 4 }),
    alone: subarray(CLAIMS.map(({ id }) => id)),
    order: shuffledSubarray(
      CLAIMS.map((_, at) => at),
      { minLength: 6 },
    ),
  });
  await assert(
    asyncProperty(side, side, async (a, b) => {
      const plans = [a, b].map(({ concurrency, order }, at): Plan => {
        const whole = planOf(aHalf(at === 0 ? 'left' : 'right', { concurrency }));
        return { ...whole, exchanges: order.flatMap((index) => whole.exchanges[index] ?? []) };
      });
      const [left, right] = plans;
      if (left === undefined || right === undefined) throw new Error('two sides');
      const meetings = makeMeetings(left, right, CLOCK);
      const { signal } = new AbortController();
      const sent: string[] = [];
      const go = async (made: Plan, alone: readonly string[], meeting: Meeting) => {
        const isAlone = (name: string) => alone.includes(name);
        await inOrder(
          made,
          ({ cases }) => cases.some(({ claim }) => isAlone(claim.id)),
          async (planned) => {
            meeting.enter(planned);
            await meeting.arrive(planned, 1, signal);
            sent.push(planned.id);
            await CLOCK.sleep(0);
            meeting.leave(planned);
          },
        );
        meeting.end();
      };
      await Promise.all([go(left, a.alone, meetings.left), go(right, b.alone, meetings.right)]);
      expect(sent).toHaveLength(left.exchanges.length + right.exchanges.length);
    }),
    { numRuns: 200 },
  );
});

test('a side that never begins is not waited for once it is known to have ended', async () => {
  const plans = [planOf(aHalf('left')), planOf(aHalf('right'))] as const;
  const { left, right } = makeMeetings(plans[0], plans[1], CLOCK);
  const [first] = plans[0].exchanges;
  if (first === undefined) throw new Error('nothing planned');
  const told: string[] = [];
  left.enter(first);
  const arrived = left
    .arrive(first, 1, new AbortController().signal)
    .then(() => told.push('went on'));
  await CLOCK.sleep(0);
  await CLOCK.sleep(0);
  told.push('the other ends');
  right.end();
  await arrived;
  expect(told).toEqual(['the other ends', 'went on']);
});
