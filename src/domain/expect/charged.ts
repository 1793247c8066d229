import { type Charge, type ChargeOutcome, chargeOf, movedBy } from '../charge.ts';
import { isFine } from '../exchange.ts';
import type { Measured } from '../usage.ts';
import type { Untold } from '../verdict.ts';
import type { Judged, Kind, Miss, Seen, ValueOf, Zod } from './kind.ts';
import { isNear, priceKeys, priceOf } from './price.ts';

const keys = (z: Zod) =>
  z
    .union([z.enum(['nothing', 'aligned']), priceKeys(z)])
    .describe('what the key’s counter and log show of this request; alone in its claim');

type Charged = ValueOf<typeof keys>;

/** What a request really cost, by the counter and the log of its key. */
export const charged: Kind<Charged> = {
  name: 'charged',
  keys,
  judge(value, seen) {
    const { usage } = seen.exchange;
    if (usage === undefined) return unmeasured('its charge was not measured');
    if (usage.kind === 'unmeasured') return { cause: usage.cause, detail: usage.detail };
    const charge = chargeOf(seen.exchange, usage);
    if (charge.untold !== undefined) return charge.untold;
    // What is to cost nothing has failed whoever asked for it, whatever its status.
    const hasFailed = value === 'nothing' || !isFine(seen.exchange);
    const bill: Bill = { charge, usage, seen, hasFailed };
    if (value === 'nothing') return costsNothing(bill);
    return value === 'aligned' ? isAligned(bill) : costs(value, bill);
  },
};

/** A measured charge, and what it is held against. */
interface Bill {
  readonly charge: Charge;
  readonly usage: Measured;
  readonly seen: Seen;
  readonly hasFailed: boolean;
}

function costsNothing(bill: Bill): Judged {
  const { delta, logged = 0 } = bill.charge;
  if ((delta ?? 0) !== 0 || logged !== 0) {
    const failed: readonly ChargeOutcome[] = isFine(bill.seen.exchange)
      ? ['charged on failure']
      : [];
    return misses('nothing', [...new Set([...wrong(bill), ...failed])], bill);
  }
  // What was reserved, and not given back, stands in no row.
  return delta === undefined ? unmeasured('the source shows no counter') : [];
}

function isAligned(bill: Bill): Judged {
  const { delta, logged, own } = bill.charge;
  if (logged === undefined)
    return unmeasured('the source shows no log to hold its counter against');
  const outcomes = wrong(bill);
  if (outcomes.length > 0) return misses('aligned', outcomes, bill);
  if (delta === undefined) return unmeasured('the source shows no counter to hold its log against');
  // To some groups a gateway gives everything for nothing.
  const isFree = own.some(({ groupRatio }) => groupRatio === 0);
  return delta > 0 || bill.hasFailed || isFree ? [] : misses('aligned', ['mismatch'], bill);
}

function costs(value: Exclude<Charged, string>, bill: Bill): Judged {
  const { charge, usage, seen } = bill;
  const amount = charge.delta ?? charge.logged;
  if (amount === undefined) return unmeasured('the source shows neither counter nor log');
  const price = priceOf(value, charge, usage, seen);
  if ('cause' in price) return price;
  if (isNear(amount, price)) return [];
  if (price.isOfAnyGroup) {
    const detail = `${price.says} may be another price for the key's group, which the source does not show; ${movedBy(charge, usage)}`;
    return { cause: 'unseen', detail };
  }
  const outcomes = wrong(bill);
  return misses(price.says, outcomes.length > 0 ? outcomes : ['mismatch'], bill);
}

function unmeasured(detail: string): Untold {
  return { cause: 'unmeasured', detail };
}

function wrong({ charge }: Bill): readonly ChargeOutcome[] {
  return charge.outcomes.filter((one) => one !== 'aligned' && one !== 'aligned late');
}

/** One finding for each outcome. */
function misses(expected: string, outcomes: readonly ChargeOutcome[], bill: Bill): readonly Miss[] {
  const moved = movedBy(bill.charge, bill.usage);
  return outcomes.map((outcome) => ({
    expected,
    actual: `${outcome}: ${shows(outcome, bill)}; ${moved}`,
  }));
}

/** What shows that an outcome has come. */
function shows(outcome: ChargeOutcome, { charge, usage, seen, hasFailed }: Bill): string {
  const { delta = 0, logged = 0, charges, own } = charge;
  const { attempts } = seen.exchange;
  switch (outcome) {
    case 'aligned':
    case 'aligned late':
      return 'counter and log agree';
    case 'log only':
      return usage.isUnlimited === true
        ? 'the counter of a key without limit stood still'
        : 'the counter stood still';
    case 'counter only':
      return own.length === 0 ? 'no row of the log shows it' : 'its row in the log shows nothing';
    case 'mismatch':
      if (delta === 0 && logged === 0) return 'nothing was charged';
      return usage.counter && usage.rows && delta !== logged
        ? 'counter and log differ'
        : 'another amount was charged';
    case 'charged on failure':
      return hasFailed ? `the answer was ${seen.answer.status}` : 'an earlier attempt was charged';
    case 'charged twice':
      if (charges < 2) return 'the counter moved by twice its row';
      return `${charges} rows for ${attempts.length === 1 ? 'one request' : `${attempts.length} attempts`}`;
    case 'refund missing':
      return `${delta - logged} stayed that no row accounts for`;
    default:
      return outcome satisfies never;
  }
}
