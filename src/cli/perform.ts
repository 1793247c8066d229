import { systemClock } from '../adapters/clock.ts';
import {
  type RunRecorder,
  nextRunId,
  openLedgerFile,
  recorder,
  reopenLedgerFile,
} from '../adapters/ledger.ts';
import { type LedgerFile, LedgerUnusable } from '../adapters/ledgerFile.ts';
import { makeHash, sha256 } from '../adapters/sha256.ts';
import type { Evidence } from '../domain/evidence.ts';
import type { Gateway } from '../domain/gateway.ts';
import { makeRedactor } from '../domain/redact.ts';
import type { Run } from '../domain/run.ts';
import type { RunEvent } from '../engine/events.ts';
import { seenTarget } from '../engine/evidence.ts';
import type { Meeting } from '../engine/meet.ts';
import { pinnedKey } from '../engine/outgoing.ts';
import type { Plan } from '../engine/plan.ts';
import type { Transport } from '../engine/ports.ts';
import { run as execute } from '../engine/run.ts';
import { writeImage } from '../image/write.ts';
import type { RunStart } from '../ledger/lines.ts';
import { closeOf } from '../ledger/run.ts';
import { gatewayNow, pricedModels } from './gateway.ts';
import type { KeptImages } from './images.ts';
import { interruption } from './interrupt.ts';
import { openHeads } from './memory.ts';
import { openTransport } from './network.ts';
import type { Output } from './output.ts';
import type { Resumed } from './resumed.ts';
import type { Staged } from './staged.ts';
import { usageSources } from './usage.ts';
import { version } from './version.ts';

/** How a plan is to be performed. */
export interface Performing {
  /** The folder of the ledger. */
  readonly folder: string;
  /** The key without a channel pin; none is shown if absent. */
  readonly key: string | undefined;
  /** With which a usage source reads what is charged; absent where none needs it. */
  readonly accessToken: string | undefined;
  readonly startAtWallMs: number;
  /** What was asked of it, for whoever goes on with it. */
  readonly asked: Pick<RunStart, 'selected' | 'world' | 'faults' | 'shard' | 'suites' | 'discover'>;
  /** The run that it goes on with; it is a new one if absent. */
  readonly resumed?: Resumed;
  /** Where it waits for the run that it is compared with. */
  readonly meeting?: Meeting;
  /** Keeps the images of its answers; none are kept if absent. */
  readonly images?: KeptImages;
  /** Ends it early; if absent, an interruption of this process does. */
  readonly signal?: AbortSignal;
  readonly tell: (event: RunEvent) => void;
}

/** A run, and what evidence there is of it. */
export interface Performed {
  readonly sent: Run;
  readonly evidence: readonly Evidence[];
}

/** What sends the requests: a run of the plan, or a search that begins with it. */
type Execute = typeof execute;

/**
 * Executes a plan with the real clock, network and ledger. The ledger is open before the first request is paid; rejects with
 * LedgerUnusable where it cannot be opened, and what fails later is the end of the run.
 */
export async function perform(
  { plan, project, due }: Staged,
  how: Performing,
  send: Execute = execute,
): Promise<Performed> {
  const { key, accessToken, resumed } = how;
  const clock = systemClock(how.startAtWallMs);
  const at = new Date(clock.wall()).toISOString();
  const tool = version();
  const keys = key === undefined ? [] : [key, pinnedKey(key, plan.target.channel)];
  const redactor = makeRedactor(accessToken === undefined ? keys : [...keys, accessToken]);
  const transport = openTransport(
    plan.target,
    plan.exchanges.map(({ target }) => target),
    how.images?.open(redactor),
  );
  const signal = how.signal ?? interruption();
  const evidence: Evidence[] = [...(resumed?.earlier.evidence ?? [])];
  const tell = (event: RunEvent): void => {
    if (event.kind === 'judged') evidence.push(event.evidence);
    how.tell(event);
  };
  try {
    const { id, file, kept } =
      resumed === undefined
        ? await beginRecord(plan, how, at, tool, async () =>
            redactor.value(due?.gateway ?? (await gatewayAt(plan, transport, signal))),
          )
        : await continueRecord(resumed, at, tool);
    const ports = {
      transport,
      clock,
      recorder: kept,
      usageOf: usageSources(transport, clock, { key, accessToken }),
      redactor,
      makeHash,
      writeImage,
    };
    // As its first line has it, so that the run reads the same when it is told again.
    const startedAt = resumed?.earlier.startedAt ?? at;
    const sent = await send(plan, ports, {
      id,
      tool,
      ...(key !== undefined && { key }),
      claims: project.claim,
      ...(resumed !== undefined && { earlier: resumed.earlier }),
      ...(how.meeting !== undefined && { meeting: how.meeting }),
      signal,
      tell,
    });
    return { sent: await closeLedger({ ...sent, startedAt }, kept, file, tell), evidence };
  } finally {
    await transport.close();
    await how.images?.close();
  }
}

/**
 * What the gateway says of itself as a run begins, where something of it is about charges: a price can move without any
 * answer that shows it, and else each answer shows the version.
 */
async function gatewayAt(
  { target, exchanges }: Plan,
  transport: Transport,
  signal: AbortSignal,
): Promise<Gateway> {
  const cases = exchanges.flatMap((one) => one.cases.map((each) => each.case));
  if (pricedModels(cases).length === 0) return {};
  return (await gatewayNow(target, cases, transport, signal)).gateway;
}

/** The open file of a run, behind the line that says how it begins or goes on. */
interface OpenRecord {
  readonly id: string;
  readonly file: LedgerFile;
  readonly kept: RunRecorder;
}

async function beginRecord(
  { target }: Plan,
  { folder, asked }: Performing,
  startedAt: string,
  tool: string,
  readGateway: () => Promise<Gateway>,
): Promise<OpenRecord> {
  const id = await nextRunId(folder, Date.parse(startedAt), Math.random);
  const file = await openLedgerFile(folder, id);
  const kept = recorder(file, sha256);
  const gateway = await readGateway();
  const said = Object.keys(gateway).length === 0 ? {} : { gateway };
  await kept.start({ id, startedAt, tool, target: seenTarget(target), ...asked, ...said });
  return { id, file, kept };
}

async function continueRecord(
  { run, hold, earlier }: Resumed,
  at: string,
  tool: string,
): Promise<OpenRecord> {
  const file = reopenLedgerFile(run.file, run.tail, hold);
  const kept = recorder(file, sha256, run.tail.prev);
  const { lost } = earlier;
  await kept.resume({ at, tool, anew: [...earlier.anew], lost });
  return { id: run.start.id, file, kept };
}

/** Writes how a run ended and closes its file; a run whose ledger cannot be closed has failed at that, and keeps all it found. */
export async function closeLedger(
  sent: Run,
  kept: Pick<RunRecorder, 'end'>,
  file: LedgerFile,
  tell: (event: RunEvent) => void,
): Promise<Run> {
  try {
    await kept.end(closeOf(sent));
    await file.close();
    return sent;
  } catch (error) {
    if (sent.end.kind === 'ledger-failed') return sent;
    const end = ledgerFailed(error);
    tell(end);
    return { ...sent, end };
  }
}

/** A run with its evidence and the heads of all that came before it in its ledger; a ledger that cannot be read any more has failed. */
export async function withEarlier(
  { sent, evidence }: Performed,
  folder: string,
  output: Output,
): Promise<Performed> {
  try {
    const earlier = await openHeads(folder, Date.parse(sent.endedAt), output, sent.id);
    return { sent, evidence: [...earlier.evidence, ...evidence] };
  } catch (error) {
    return { sent: { ...sent, end: ledgerFailed(error) }, evidence };
  }
}

function ledgerFailed(error: unknown): Extract<Run['end'], { kind: 'ledger-failed' }> {
  if (!(error instanceof LedgerUnusable)) throw error;
  return { kind: 'ledger-failed', detail: error.message };
}
