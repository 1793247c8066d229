import { makeUsageSource, PUBLIC_PACE, SOURCES } from '../adapters/usage/sources.ts';
import { type Target, targetId } from '../domain/target.ts';
import { limited } from '../engine/limits.ts';
import type { Plan } from '../engine/plan.ts';
import type { Ask, Clock, Ports, Transport, UsageSource } from '../engine/ports.ts';
import type { PlannedReading } from '../report/reading.ts';

/** The longest that a usage source may take to answer: it only reads. */
const MOST_READ_MS = 30_000;

/** What opens the usage sources of a run. */
interface Secrets {
  /** The target's own, without a channel pin. */
  readonly key: string | undefined;
  readonly accessToken: string | undefined;
}

/** How the charges of a plan are read; nothing where no claim of it is about a charge. */
export function plannedReading({ exchanges }: Plan): PlannedReading | undefined {
  const measured = exchanges.filter(({ measures }) => measures === 'charge');
  const [first] = measured;
  if (first === undefined) return undefined;
  const { name: target, usage } = first.target;
  const name = usage?.source ?? 'none';
  const source = name === 'none' ? null : { name, ...SOURCES[name] };
  return { exchanges: measured.length, target, source };
}

/** The usage source of each target of a run, as its settings name it; it is asked through the run's own transport, and no oftener than it allows. */
export function usageSources(
  transport: Transport,
  clock: Clock,
  secrets: Secrets,
): Ports['usageOf'] {
  const asks = new Map<string, { readonly ask: Ask; readonly askPublic: Ask }>();
  const sources = new Map<string, UsageSource>();

  /** Targets at one address share its limits. */
  const asksOf = (name: UsageSource['name'], baseUrl: string) => {
    const id = `${name} ${baseUrl}`;
    const known = asks.get(id);
    if (known !== undefined) return known;
    const { pace } = SOURCES[name];
    const askPublic = limited(PUBLIC_PACE, clock, transport.send);
    const ask = pace === PUBLIC_PACE ? askPublic : limited(pace, clock, transport.send);
    asks.set(id, { ask, askPublic });
    return { ask, askPublic };
  };

  const open = (target: Target, name: UsageSource['name'], baseUrl: string): UsageSource => {
    const { user, token } = target.usage ?? {};
    return makeUsageSource(name, {
      baseUrl,
      key: secrets.key ?? '',
      ...(secrets.accessToken !== undefined && { accessToken: secrets.accessToken }),
      ...(user !== undefined && { user }),
      ...(token !== undefined && { token }),
      timeoutMs: Math.min(target.timeoutMs, MOST_READ_MS),
      ...asksOf(name, baseUrl),
    });
  };

  return (target) => {
    const { usage, baseUrl } = target;
    if (usage === undefined || usage.source === 'none' || baseUrl === undefined) return undefined;
    if (usage.source === 'management' && secrets.accessToken === undefined) return undefined;
    const id = targetId(target);
    const source = sources.get(id) ?? open(target, usage.source, baseUrl);
    sources.set(id, source);
    return source;
  };
}
