import { systemClock } from '../adapters/clock.ts';
import { makeHash } from '../adapters/sha256.ts';
import type { Evidence } from '../domain/evidence.ts';
import { makeRedactor } from '../domain/redact.ts';
import type { Run } from '../domain/run.ts';
import type { RunEvent } from '../engine/events.ts';
import type { Plan } from '../engine/plan.ts';
import type { Claims } from '../engine/controls.ts';
import type { Recorder } from '../engine/ports.ts';
import { run } from '../engine/run.ts';
import { writeImage } from '../image/write.ts';
import { openTransport } from './network.ts';
import type { Stage } from './stage.ts';
import { usageSources } from './usage.ts';
import { version } from './version.ts';

/** What a rehearsal needs besides its plan. */
export interface Rehearsing {
  readonly stage: Pick<Stage, 'key' | 'accessToken'>;
  readonly claims: Claims;
  readonly startAtWallMs: number;
  readonly signal: AbortSignal;
  readonly tell: (event: RunEvent) => void;
}

/** Whoever types rehearses all the time: a ledger of that would be full of what nobody meant. */
const NOWHERE: Recorder = {
  exchange: async () => {},
  usage: async () => {},
  evidence: async () => {},
};

/** Executes a plan of rehearsals with the real clock and network, and keeps nothing of it. */
export async function rehearse(
  plan: Plan,
  { stage, claims, startAtWallMs, signal, tell }: Rehearsing,
): Promise<{ readonly run: Run; readonly evidence: readonly Evidence[] }> {
  const { key, accessToken } = stage;
  const clock = systemClock(startAtWallMs);
  const targets = plan.exchanges.map(({ target }) => target);
  const transport = openTransport(plan.target, targets);
  const evidence: Evidence[] = [];
  try {
    const ports = {
      transport,
      clock,
      recorder: NOWHERE,
      usageOf: usageSources(transport, clock, { key, accessToken }),
      redactor: makeRedactor([key, accessToken].filter((one) => one !== undefined)),
      makeHash,
      writeImage,
    };
    const order = {
      id: 'watch',
      tool: version(),
      ...(key !== undefined && { key }),
      claims,
      signal,
      tell: (event: RunEvent) => {
        if (event.kind === 'judged') evidence.push(event.evidence);
        tell(event);
      },
    };
    return { run: await run(plan, ports, order), evidence };
  } finally {
    await transport.close();
  }
}
