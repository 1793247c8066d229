import type { Run } from '../../domain/run.ts';
import type { RunEvent } from '../../engine/events.ts';
import { derivedCases } from '../derived.ts';
import { ledgerFolder, nowMs, remember } from '../memory.ts';
import { perform, withEarlier } from '../perform.ts';
import { askedOf } from '../resumption.ts';
import { secretsOf } from '../secrets.ts';
import { sayStake, stakeOf } from '../stakes.ts';
import { planOn } from '../staged.ts';
import { plannedReading } from '../usage.ts';
import { problemsError } from './errors.ts';
import type { Listed } from './listed.ts';

/**
 * Sends what some of the listed cases need, judges the answers and keeps the evidence. Rejects with an error that shows what
 * has to be mended, a missing key for one, before anything is sent.
 */
export async function sendCases(
  { asked: all, project, output }: Listed,
  wanted: readonly string[],
  signal: AbortSignal,
  tell: (event: RunEvent) => void,
): Promise<Run> {
  const asked = { ...all, words: wanted };
  const staged = await planOn(project, asked, output);
  if ('problems' in staged) throw problemsError(staged.problems);
  const { stage, chosen, plan } = staged;
  try {
    const secrets = secretsOf(stage, plannedReading(plan) !== undefined);
    if ('problems' in secrets) throw problemsError(secrets.problems);
    sayStake(stakeOf(staged), output); // nobody can be asked from within a test
    const folder = ledgerFolder(asked, stage.target.grade === 'rehearsal');
    const performed = await perform(staged, {
      folder,
      ...secrets,
      startAtWallMs: nowMs(asked),
      asked: askedOf(asked, staged),
      signal,
      tell,
    });
    if (plan.derived.length === 0) return performed.sent;
    const { sent, evidence } = await withEarlier(performed, folder, output);
    const remembered = remember(project, evidence, Date.parse(sent.endedAt));
    return {
      ...sent,
      cases: [...sent.cases, ...derivedCases(chosen, stage.targetFor, remembered)],
    };
  } finally {
    await stage.close();
  }
}
