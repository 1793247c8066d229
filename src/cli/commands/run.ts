import { systemClock } from '../../adapters/clock.ts';
import { keyOf } from '../../adapters/environment.ts';
import { nextRunId, openLedgerFile, recorder } from '../../adapters/ledger.ts';
import { sha256 } from '../../adapters/sha256.ts';
import type { Evidence } from '../../domain/evidence.ts';
import { makeRedactor } from '../../domain/redact.ts';
import { type Run, summary } from '../../domain/run.ts';
import { seenTarget } from '../../engine/evidence.ts';
import { pinnedKey } from '../../engine/outgoing.ts';
import { run as execute } from '../../engine/run.ts';
import { writeImage } from '../../image/write.ts';
import { type Asked, valueOf } from '../arguments.ts';
import { derivedCases } from '../derived.ts';
import { exitCodeOf, toleratedShare } from '../exit.ts';
import { interruption } from '../interrupt.ts';
import { NOW_PROBLEM, ledgerFolder, nowMs, openLedger, remember } from '../memory.ts';
import { openTransport } from '../network.ts';
import type { ExitCode, Output } from '../output.ts';
import { progress } from '../progress.ts';
import { type Staged, openPlan } from '../staged.ts';
import { sayRun } from '../said.ts';
import { version } from '../version.ts';

/** Sends the requests of the chosen claims, judges the answers, keeps the evidence, and says what the tables say now. */
export async function run(asked: Asked, output: Output): Promise<ExitCode> {
  const now = nowMs(asked);
  const tolerated = toleratedShare(valueOf(asked, 'tolerate-undecided'));
  const format = valueOf(asked, 'format') ?? 'terminal';
  const wrong = [
    ...(now === undefined ? [NOW_PROBLEM] : []),
    ...(tolerated === undefined
      ? [{ severity: 'error', message: '--tolerate-undecided takes a share, as in 10%' } as const]
      : []),
    ...(['terminal', 'json'].includes(format)
      ? []
      : [{ severity: 'error', message: '--format is terminal or json' } as const]),
  ];
  if (wrong.length > 0 || now === undefined || tolerated === undefined) {
    await output.problems(wrong);
    return 2;
  }
  const staged = await openPlan(asked, output);
  if (staged === undefined) return 2;
  try {
    const key = keyOf(staged.stage.target, process.env);
    if ('problem' in key) {
      await output.problems([key.problem]);
      return 2;
    }
    const { sent, evidence } = await sendAll(staged, asked, output, key.key ?? staged.stage.key);
    const before = await openLedger(ledgerFolder(asked, isRehearsal(staged)), sent.id);
    if (before.problems.length > 0) await output.problems(before.problems);
    const all = [...before.evidence, ...evidence];
    const digests = staged.plan.exchanges
      .flatMap(({ cases }) => cases)
      .map((one) => [one.case, one.digest] as const);
    const remembered = remember(staged.project, all, Date.parse(sent.endedAt), digests);
    const result = {
      ...sent,
      cases: [...sent.cases, ...derivedCases(staged.chosen, staged.stage, remembered)],
    };
    sayRun(result, staged, remembered, format, output);
    return exitCodeOf(result, tolerated);
  } finally {
    await staged.stage.close();
  }
}

/** A run, and the evidence that it has added to the ledger. */
interface Sent {
  readonly sent: Run;
  readonly evidence: readonly Evidence[];
}

/** Executes the plan with the real clock, network and ledger; the ledger is open before the first request is paid. */
async function sendAll(
  staged: Staged,
  asked: Asked,
  output: Output,
  key: string | undefined,
): Promise<Sent> {
  const { plan, project } = staged;
  const clock = systemClock(valueOf(asked, 'now') === undefined ? undefined : nowMs(asked));
  const folder = ledgerFolder(asked, isRehearsal(staged));
  const id = await nextRunId(folder, clock.wall(), Math.random);
  const file = await openLedgerFile(folder, id);
  const kept = recorder(file, sha256);
  const tool = version();
  const startedAt = new Date(clock.wall()).toISOString();
  await kept.start({
    id,
    startedAt,
    tool,
    target: seenTarget(plan.target),
    selected: asked.words,
  });
  const targets = plan.exchanges.map(({ target }) => target);
  const transport = openTransport(plan.target, targets);
  const secrets = key === undefined ? [] : [key, pinnedKey(key, plan.target.channel)];
  const ports = {
    transport,
    clock,
    recorder: kept,
    redactor: makeRedactor(secrets),
    sha256,
    writeImage,
  };
  const evidence: Evidence[] = [];
  const show = progress(output, (text) => void process.stderr.write(text));
  try {
    const sent = await execute(plan, ports, {
      id,
      tool,
      ...(key !== undefined && { key }),
      claims: project.claim,
      signal: interruption(),
      tell: (event) => {
        if (event.kind === 'judged') evidence.push(event.evidence);
        show(event);
      },
    });
    if (sent.end.kind !== 'ledger-failed') {
      await kept.end({ endedAt: sent.endedAt, reason: sent.end, summary: summary(sent) });
      await file.close();
    }
    return { sent, evidence };
  } finally {
    await transport.close();
  }
}

function isRehearsal({ stage }: Staged): boolean {
  return stage.target.grade === 'rehearsal';
}
