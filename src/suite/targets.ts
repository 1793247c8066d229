import type { z } from 'zod';
import type { Json } from '../domain/claim.ts';
import type { Problem } from '../domain/problem.ts';
import type { Target, UsageSettings } from '../domain/target.ts';
import { durationMs } from '../domain/duration.ts';
import { conform, defined } from './issues.ts';
import type { SuiteFile } from './outline.ts';
import { type targetKeys, targetsKeys } from './targetKeys.ts';
import { type Complain, complainer, explainedBy, inOrder, openSource } from './source.ts';
import { member, type Written } from './written.ts';
import { readYaml } from './yaml.ts';

/** The targets of a file, and everything that is wrong with it. */
export interface LoadedTargets {
  /** Complete only where no problem is an error. */
  readonly targets: readonly Target[];
  readonly problems: readonly Problem[];
}

/** Reads `targets.yaml`; of a key only the name of its variable is kept. It throws for no input. */
export function loadTargets(file: SuiteFile): LoadedTargets {
  const problems: Problem[] = [];
  const source = openSource(file.name, file.bytes, coverKeys);
  if (!('text' in source)) return { targets: [], problems: [source] };
  const complain = complainer(source, problems);
  const written = readYaml(source, complain);
  const targets =
    written === undefined ? [] : readTargets(written, explainedBy('targets', complain));
  return { targets, problems: inOrder(problems, [file.name]) };
}

/**
 * Someone may write a key where its name belongs, or an access token for the id of a token; a problem shows the line, and
 * must not show the key.
 */
function coverKeys(text: string): string {
  return text
    .replace(
      /(\b(?:key|token)["']?[ \t]*:[ \t]*["']?)(?!env:)([^\s,}"']+)/g,
      (_, before: string, key: string) => before + '*'.repeat(key.length),
    )
    .replace(/\/\/[^\s/@"']+@/g, (userinfo) => `//${'*'.repeat(userinfo.length - 3)}@`)
    .replace(/\bsk-[\w-]+/g, (key) => '*'.repeat(key.length));
}

function readTargets(written: Written, complain: Complain): readonly Target[] {
  const file = conform(targetsKeys, written, complain);
  if (file === undefined) return [];
  return Object.entries(file.targets).flatMap(([name, keys]) => {
    const node = member(member(written, 'targets'), name) ?? written;
    return targetOf(name, keys, node, complain) ?? [];
  });
}

function targetOf(
  name: string,
  keys: z.infer<typeof targetKeys>,
  node: Written,
  complain: Complain,
): Target | undefined {
  const { grade, baseUrl, key, channel, pace, budget = {}, confirmAboveUsd, mock } = keys;
  if (baseUrl === undefined && grade === 'live') {
    complain(node.span, 'a live target needs a baseUrl');
    return undefined;
  }
  const base = baseUrl === undefined ? undefined : baseOf(baseUrl);
  if (baseUrl !== undefined && base === undefined) {
    const at = member(node, 'baseUrl') ?? node;
    complain(at.span, 'a baseUrl is http or https, without credentials, query or fragment');
    return undefined;
  }
  const usage = usageOf(keys, node, complain);
  return {
    name,
    grade,
    ...(base === undefined ? {} : { baseUrl: base }),
    ...(key === undefined ? {} : { keyName: key.slice('env:'.length) }),
    ...(channel === undefined ? {} : { channel }),
    concurrency: keys.concurrency ?? 4,
    ...(pace === undefined ? {} : { pace: paceOf(pace) }),
    timeoutMs: durationMs(keys.timeout ?? '300s'),
    budget: defined(budget),
    ...(confirmAboveUsd === undefined ? {} : { confirmAboveUsd }),
    let: (keys.let ?? {}) as Readonly<Record<string, Json>>,
    references: (keys.references ?? []).map(defined),
    ...(mock === undefined ? {} : { mock }),
    ...(usage === undefined ? {} : { usage }),
  };
}

/** The keys that a source does not heed. */
const HEEDLESS = {
  management: [],
  dashboard: ['key', 'user', 'token'],
  token: ['key', 'user', 'token'],
  none: ['key', 'user', 'token', 'within', 'batch'],
} as const;

/** Where charges are read: what a source needs must be there, and what it would not heed must not. */
function usageOf(
  { grade, baseUrl, key, usage }: z.infer<typeof targetKeys>,
  node: Written,
  complain: Complain,
): UsageSettings | undefined {
  if (usage === undefined) return undefined;
  const { source, user, token, within, batch } = usage;
  const complainOf = (message: string) => complain((member(node, 'usage') ?? node).span, message);
  const idle = HEEDLESS[source].filter((name) => usage[name] !== undefined);
  if (idle.length > 0) complainOf(`${idle.join(', ')}: source ${source} has no use for that`);
  const isOwn = baseUrl === undefined; // a mock in this process, which brings what it takes to read it
  if (source === 'management' && !isOwn && (usage.key === undefined || user === undefined))
    complainOf('source management needs key, an access token, and user, the id of its user');
  if (source === 'management' && usage.key !== undefined && usage.key === key)
    complainOf('an access token is never the key itself: the account of its user has one');
  if ((source === 'dashboard' || source === 'token') && grade === 'live' && key === undefined)
    complainOf(`source ${source} is read with the key of the target, and it has none`);
  return {
    source,
    ...(usage.key === undefined ? {} : { keyName: usage.key.slice('env:'.length) }),
    ...(user === undefined ? {} : { user }),
    ...(token === undefined ? {} : { token }),
    ...(within === undefined ? {} : { withinMs: durationMs(within) }),
    ...(batch === undefined ? {} : { batchMs: durationMs(batch) }),
  };
}

function baseOf(text: string): string | undefined {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol)) return undefined;
  if (url.username !== '' || url.password !== '' || /[?#]/.test(text)) return undefined;
  return text.replace(/\/+$/, '');
}

const PACE_UNITS = { s: 1000, min: 60_000, h: 3_600_000 } as const;

function paceOf(text: string): NonNullable<Target['pace']> {
  const [count, unit] = text.split('/');
  return { count: Number(count), perMs: PACE_UNITS[unit as keyof typeof PACE_UNITS] };
}
