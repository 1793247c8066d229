import type { Expectation } from '../domain/claim.ts';
import { type Exchange, isFine, outcomeOf } from '../domain/exchange.ts';
import { aliasSeen } from '../domain/expect/alias.ts';
import { isMapping } from '../domain/gatewayError.ts';
import { joinRows, modelAsked } from '../domain/rows.ts';
import { look } from '../domain/seen.ts';
import { keyPlace, type Target } from '../domain/target.ts';
import type { LogRow, Measured, Unmeasured, Usage } from '../domain/usage.ts';
import { type Before, makeMeter, type Meter, type Wait } from './meter.ts';
import type { Ports, UsageSource } from './ports.ts';
import type { PlannedCase, PlannedExchange } from './sharing.ts';

/** Measures what is charged in a run, on the key of each of its targets. */
export interface Measure {
  /** Whether a usage source is asked about an exchange: that may take a while. */
  readonly isRead: (planned: PlannedExchange) => boolean;
  /** Whether an exchange needs its key alone. */
  readonly needsAlone: (planned: PlannedExchange) => boolean;
  /** Notes that something was sent to a target of which no usage source is asked, and what came of it last. */
  readonly use: (target: Target, exchange: Exchange | undefined) => void;
  /** Where the key of an exchange that is to be measured stands, or why that cannot be told; nothing for any other. */
  readonly before: (planned: PlannedExchange) => Promise<Before | Unmeasured | undefined>;
  /** What a usage source shows of an exchange that was sent, not yet redacted; nothing where no case asks for that. */
  readonly after: (
    planned: PlannedExchange,
    exchange: Exchange,
    before: Before | Unmeasured | undefined,
  ) => Promise<Usage | undefined>;
  /** How many requests usage sources were sent. */
  readonly reads: () => number;
}

/** What measuring needs of a run. */
interface Measuring {
  readonly ports: Ports;
  readonly signal: AbortSignal;
  /** Whether it goes on with what an earlier part has begun: that may have sent something. */
  readonly goesOn: boolean;
  /** Told when the run begins to wait for a charge, with the most milliseconds that it takes. */
  readonly tell: (planned: PlannedExchange, wait: Wait, withinMs: number) => void;
}

interface Metered {
  readonly source: UsageSource;
  readonly meter: Meter;
}

/** The measure of a run; where nothing of it is to be measured, no source is asked for. */
export function makeMeasure(
  exchanges: readonly PlannedExchange[],
  { ports, signal, goesOn, tell }: Measuring,
): Measure {
  const keys = new Map<string, Metered>();
  for (const { target, measures } of exchanges) {
    if (measures === undefined || keys.has(keyPlace(target))) continue;
    const source = ports.usageOf(target);
    if (source === undefined) continue;
    const meter = makeMeter({ source, target, clock: ports.clock, signal, wasUsed: goesOn });
    keys.set(keyPlace(target), { source, meter });
  }
  const keyOf = ({ target, measures }: Pick<PlannedExchange, 'target' | 'measures'>) =>
    measures === undefined ? undefined : keys.get(keyPlace(target));

  return {
    isRead: (planned) => keyOf(planned) !== undefined,
    needsAlone: (planned) => planned.measures === 'charge' && keyOf(planned) !== undefined,
    use: (target, exchange) => {
      if (keys.size > 0) keys.get(keyPlace(target))?.meter.use(exchange);
    },
    before: async (planned) => {
      if (planned.measures !== 'charge') return undefined;
      const key = keyOf(planned);
      if (key === undefined) return sourceless(planned.target);
      return await key.meter.before((wait, withinMs) => tell(planned, wait, withinMs));
    },
    after: async (planned, exchange, before) => {
      const key = keyOf(planned);
      if (before?.kind !== 'before' || key === undefined) {
        key?.meter.use(exchange);
        return before?.kind === 'unmeasured' ? before : key && (await rowsAlone(exchange, key));
      }
      const due = planned.cases.some(isFree) ? 'nothing' : 'charge';
      const told = (wait: Wait, withinMs: number) => tell(planned, wait, withinMs);
      const usage = await key.meter.after(exchange, before, told, due);
      if (usage.kind === 'unmeasured') return usage;
      return { ...usage, ...(await listed(planned, exchange, key.source, signal)) };
    },
    reads: () => [...keys.values()].reduce((sum, { source }) => sum + source.asked(), 0),
  };
}

function sourceless({ name }: Target): Unmeasured {
  const detail = `no usage source of ${name} shows what is charged`;
  return { kind: 'unmeasured', source: 'none', cause: 'unmeasured', detail };
}

/** For the model behind an alias; where reads are scarce, only if the answer does not name it. */
async function rowsAlone(
  exchange: Exchange,
  { source, meter }: Metered,
): Promise<Unmeasured | undefined> {
  const outcome = outcomeOf(exchange);
  // What failed has no row that names a model.
  if (!source.sees.log || outcome.kind === 'unanswered' || !isFine(exchange)) return undefined;
  if (source.isScarce && aliasSeen(look(exchange, outcome)) !== undefined) return undefined;
  const sentAt = Math.floor(Date.parse(exchange.attempts[0]?.at ?? '') / 1000) * 1000;
  // Rows that tell their request by its time and model alone could be of any earlier one.
  const isOwn = (row: LogRow): boolean =>
    row.requestId !== undefined || Date.parse(row.at) >= sentAt;
  return await meter.rows((rows) => joinRows(rows, exchange).own.filter(isOwn));
}

/** The price list, where a case asks what it says. */
async function listed(
  { cases }: PlannedExchange,
  exchange: Exchange,
  source: UsageSource,
  signal: AbortSignal,
): Promise<Pick<Measured, 'listedPerImage'>> {
  const model = modelAsked(exchange.sent);
  const isAsked = cases.some((one) => one.case.expect.some(isAboutListed));
  if (!isAsked || model === undefined) return {};
  const read = await source.listedPerImage(model, signal);
  return read.kind === 'unread' || read.value === undefined ? {} : { listedPerImage: read.value };
}

function isFree({ case: { expect } }: PlannedCase): boolean {
  return expect.some(({ kind, value }) => kind === 'charged' && value === 'nothing');
}

function isAboutListed({ kind, value }: Expectation): boolean {
  if (kind !== 'charged' || !isMapping(value)) return false;
  const { perImage } = value;
  return perImage === 'listed' || (isMapping(perImage) && 'listed' in perImage);
}
