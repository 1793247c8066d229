import { caseId } from '../domain/claim.ts';
import type { DueReason } from '../domain/due.ts';
import type { LeftOut } from '../domain/run.ts';
import { labelled } from './columns.ts';
import { dollars } from './cost.ts';
import { counted } from './counted.ts';

/** Why a case needs evidence, in a few words. */
export function reasonText(reason: DueReason): string {
  switch (reason.kind) {
    case 'unproven':
      return 'never decided';
    case 'unstable':
      return 'unstable';
    case 'edited':
      return 'edited';
    case 'stale':
      return `stale since ${instant(reason.atMs)}`;
    case 'soon':
      return `stale from ${instant(reason.atMs)}`;
    case 'sentence':
      return 'the docs say something else';
    case 'version':
      return `gateway ${reason.from} → ${reason.to}`;
    case 'alias':
      return `alias ${reason.from} → ${reason.to}`;
    case 'price':
      return `price of ${reason.model}: ${reason.from} → ${reason.to}`;
    default:
      return reason satisfies never;
  }
}

/** Why a case is not asked for now: `fresh until 2026-12-20 02:00`. */
export function notDueText(kind: 'fresh' | 'waiting', untilMs: number): string {
  return kind === 'fresh'
    ? `fresh until ${instant(untilMs)}`
    : `tried in vain or unstable; tried again from ${instant(untilMs)}`;
}

/** Cases that were left out, of which those that the budget cut say what they would take, and when. */
export function withTurns(
  leftOut: readonly LeftOut[],
  cut: readonly CutCase[],
): readonly LeftOut[] {
  const byCase = new Map(cut.map((one) => [caseId(one.claim, one.case), one]));
  return leftOut.map((one) => {
    const found = byCase.get(caseId(one.claim, one.case));
    return found === undefined ? one : { ...one, ...found, reason: cutText(found.usd, found.turn) };
  });
}

/** What it takes, and in how many runs it has its turn. */
interface CutCase extends Pick<LeftOut, 'claim' | 'case'> {
  readonly usd: number;
  readonly turn?: number;
}

/** `budget: $0.24, its turn comes in 3 runs`. */
function cutText(usd: number, turn: number | undefined): string {
  const when =
    turn === undefined
      ? 'no run in sight can pay it'
      : `its turn comes in ${counted(turn, 'run')}, if nothing else comes up`;
  return `budget: ${dollars(usd)}, ${when}`;
}

/** That a quiet night is one, and when something comes up again. */
export function nothingDue(
  notDue: readonly { readonly kind: 'fresh' | 'waiting'; readonly untilMs: number }[],
): string {
  const next = notDue.reduce((least, { untilMs }) => Math.min(least, untilMs), Infinity);
  const when = next === Infinity ? '' : `; the next case comes up on ${instant(next)}`;
  const need = notDue.length === 1 ? 'needs' : 'need';
  return `nothing is due: ${counted(notDue.length, 'case')} ${need} no evidence now${when}`;
}

/** Cases that are left out, together where the reason is the same. */
export function leftOutLines(
  leftOut: readonly { readonly claim: string; readonly case: string; readonly reason: string }[],
  columns: number,
): readonly string[] {
  const byReason = Map.groupBy(leftOut, ({ reason }) => reason);
  return [...byReason].map(([reason, all]) => {
    const ids = all.map((one) => caseId(one.claim, one.case)).join(', ');
    return `left out, ${reason}: ${counted(all.length, 'case')}\n${labelled('', ids, 5, columns)}`;
  });
}

/** `2026-12-20 02:00`, in UTC. */
function instant(ms: number): string {
  return new Date(ms).toISOString().slice(0, 16).replace('T', ' ');
}
