import { z } from 'zod';
import type { Problem } from '../domain/problem.ts';
import { refuseHoles } from './expand.ts';
import { conform } from './issues.ts';
import { requestKeys } from './requestKeys.ts';
import { claimKeys, stepKeys, suiteKeys, tableKeys } from './schema.ts';
import {
  type Complain,
  complainer,
  explainedBy,
  openSource,
  placeOf,
  quoted,
  type Source,
} from './source.ts';
import { readValue } from './value.ts';
import { varyRows, type VaryRow } from './vary.ts';
import { itemsOf, member, type Written, type WrittenMap } from './written.ts';
import { readYaml } from './yaml.ts';

/** A file as the loader takes it: its name, for problems, and what is in it. */
export interface SuiteFile {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** For a module: what it exports as its default, or why it could not be evaluated. Without it, the bytes are YAML. */
  readonly evaluated?: { readonly value: unknown } | { readonly problem: Problem };
}

// Requests and expectations are judged once they are filled, case by case; until then only their keys can be.
const unfilledRequest = z.strictObject(
  Object.fromEntries(Object.keys(requestKeys.shape).map((key) => [key, z.unknown().optional()])),
);
const unfilledClaim = claimKeys.extend({
  request: z.unknown().optional(),
  given: z.array(z.unknown()).optional(),
  expect: z.array(z.unknown()).min(1).optional(),
  steps: z.array(z.unknown()).min(1).optional(),
});
/** The keys of a step, its request and expectations not yet read. */
export const unfilledStep = stepKeys.extend({
  request: z.unknown().optional(),
  expect: z.array(z.unknown()).min(1).optional(),
  until: z.array(z.unknown()).min(1).optional(),
});
const header = suiteKeys.extend({
  requests: z.record(z.string(), z.unknown()).optional(),
  claims: z.array(z.unknown()),
  tables: z.array(z.unknown()).optional(),
});

/** The keys of a suite that its claims and tables do not have. */
export type Header = z.infer<typeof header>;
/** The keys of a claim, its requests and expectations not yet read. */
type ClaimKeys = z.infer<typeof unfilledClaim>;
/** The keys of a step. */
export type StepKeys = z.infer<typeof unfilledStep>;
/** The keys of a table. */
export type TableKeys = z.infer<typeof tableKeys>;

/** A claim before its cases are filled. */
export interface ClaimOutline {
  readonly keys: ClaimKeys;
  readonly written: WrittenMap;
  readonly rows: readonly VaryRow[];
}

/** A table before its selectors are resolved. */
export interface TableOutline {
  readonly keys: TableKeys;
  readonly written: WrittenMap;
}

/** A suite's file as far as it can be read by itself; other suites' selectors need no more of it. */
export interface Outline {
  readonly id: string;
  readonly source: Source;
  readonly complain: Complain;
  /** Absent where the suite's own keys have problems. */
  readonly header?: Header;
  readonly written: WrittenMap;
  readonly claims: readonly ClaimOutline[];
  readonly tables: readonly TableOutline[];
  /** Every id that a claim was given, also where the claim has problems. */
  readonly claimed: ReadonlySet<string>;
}

/** Reads what a file says by itself, or nothing where it is no mapping; every problem is noted. */
export function outline(file: SuiteFile, problems: Problem[]): Outline | undefined {
  const { evaluated } = file;
  if (evaluated !== undefined && 'problem' in evaluated) {
    problems.push(evaluated.problem);
    return undefined;
  }
  const source = openSource(file.name, file.bytes);
  if (!('text' in source)) {
    problems.push(source);
    return undefined;
  }
  const complain = complainer(source, problems);
  const written =
    evaluated === undefined
      ? readYaml(source, complain)
      : readValue(evaluated.value, source, complain);
  if (written === undefined) return undefined;
  if (written.kind !== 'map') {
    complain(written.span, 'a suite is a mapping that begins with its name', {
      hint: 'suite: NAME',
    });
    return undefined;
  }
  const keys = conform(header, written, explainedBy('claims', complain), {
    instead: { suite: stem(file.name), claims: [] },
    vital: ['let', 'requests'],
    apart: ['claims', 'tables'],
  });
  const requests = member(written, 'requests');
  if (requests?.kind === 'map') {
    for (const { value } of requests.members.values()) refuseKeys(value, complain);
  }
  const claims = itemsOf(member(written, 'claims'));
  const id = text(member(written, 'suite')) ?? stem(file.name);
  return {
    id,
    source,
    complain,
    ...(keys === undefined ? {} : { header: keys }),
    written,
    claims: claims.flatMap((claim) => outlineClaim(claim, complain)),
    tables: itemsOf(member(written, 'tables')).flatMap((table) => outlineTable(table, complain)),
    claimed: claimIds(claims, source, complain),
  };
}

/** Notes what is no mapping, and each key that no request has; its values are judged once they are filled. */
export function refuseKeys(request: Written, complain: Complain): void {
  if (request.kind === 'map' && [...request.members.keys()].every(isOfRequest)) return;
  conform(unfilledRequest, request, explainedBy('requests', complain));
}

function isOfRequest(name: string): boolean {
  return Object.hasOwn(requestKeys.shape, name);
}

function outlineClaim(written: Written, complain: Complain): readonly ClaimOutline[] {
  const keys = conform(unfilledClaim, written, explainedBy('claims', complain), {
    instead: { id: 'nameless', says: 'nothing' },
    vital: ['let', 'vary'],
    apart: ['request', 'given', 'expect', 'steps'],
  });
  const request = member(written, 'request');
  if (request?.kind === 'map') refuseKeys(request, complain);
  else if (request !== undefined) conform(z.string(), request, complain);
  if (keys === undefined || written.kind !== 'map') return [];
  const vary = member(written, 'vary');
  for (const names of [member(written, 'let'), vary]) {
    if (names !== undefined) refuseHoles(names, complain);
  }
  return [{ keys, written, rows: varyRows(vary, complain) }];
}

function outlineTable(written: Written, complain: Complain): readonly TableOutline[] {
  const keys = conform(tableKeys, written, explainedBy('tables', complain), {
    vital: ['under', 'key', 'owns', 'words', 'rows'],
  });
  return keys === undefined || written.kind !== 'map' ? [] : [{ keys, written }];
}

function claimIds(
  claims: readonly Written[],
  source: Source,
  complain: Complain,
): ReadonlySet<string> {
  const lines = new Map<string, number>();
  for (const claim of claims) {
    const node = member(claim, 'id');
    const id = text(node);
    if (node === undefined || id === undefined) continue;
    const line = lines.get(id);
    if (line === undefined) lines.set(id, placeOf(source, node.span.start).line);
    else complain(node.span, `the claim of line ${line} is called ${quoted(id)} as well`);
  }
  return new Set(lines.keys());
}

function text(node: Written | undefined): string | undefined {
  return node?.kind === 'scalar' && typeof node.value === 'string' ? node.value : undefined;
}

/** A suite that cannot be read is known by its file's name, so that selectors into it are no second problem. */
export function stem(file: string): string {
  return (file.split(/[/\\]/).at(-1) ?? file).replace(/\.ya?ml$|\.suite\.m?[jt]s$/, '');
}
