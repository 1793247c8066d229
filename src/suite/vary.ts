import type { Json } from '../domain/claim.ts';
import { type Complain, quoted } from './source.ts';
import { itemsOf, plain, type Written, type WrittenMap } from './written.ts';

/** One row of a claim's `vary` matrix: the case's name, and what each varied name stands for in it. */
export interface VaryRow {
  readonly name: string;
  readonly values: ReadonlyMap<string, Written>;
}

/** More cases than anyone pays for; a product of lists reaches it by accident. */
const MOST_CASES = 10_000;

const ONE_CASE: readonly VaryRow[] = [{ name: '', values: new Map() }];

/** The rows of `vary`: the product of a mapping, or those of a list; a claim without one is one case. */
export function varyRows(vary: Written | undefined, complain: Complain): readonly VaryRow[] {
  if (vary === undefined) return ONE_CASE;
  const rows = vary.kind === 'map' ? product(vary, complain) : itemsOf(vary).map(valuesOf);
  const named = rows.map((values) => ({ name: caseName(values), values }));
  const seen = new Set<string>();
  for (const { name } of named) {
    if (seen.has(name)) complain(vary.span, `two cases are both named ${quoted(name)}`);
    seen.add(name);
  }
  return named;
}

/** `name=value` for the name of a case: JSON text for what is no string, `/` and `%` percent-encoded. */
export function constraint(name: string, value: Json): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return `${name}=${text.replaceAll('%', '%25').replaceAll('/', '%2F')}`;
}

function caseName(values: ReadonlyMap<string, Written>): string {
  return [...values].map(([name, value]) => constraint(name, plain(value))).join('/');
}

function product(vary: WrittenMap, complain: Complain): readonly ReadonlyMap<string, Written>[] {
  const lists = [...vary.members].map(([name, { value }]) => [name, itemsOf(value)] as const);
  const count = lists.reduce((so, [, items]) => so * items.length, 1);
  if (count > MOST_CASES) {
    complain(vary.span, `these are ${count} cases; a claim has at most ${MOST_CASES}`);
    return [];
  }
  let rows: ReadonlyMap<string, Written>[] = [new Map()];
  for (const [name, items] of lists) {
    rows = rows.flatMap((row) => items.map((item) => new Map([...row, [name, item]])));
  }
  return rows;
}

function valuesOf(row: Written): ReadonlyMap<string, Written> {
  if (row.kind !== 'map') return new Map();
  return new Map([...row.members].map(([name, { value }]) => [name, value]));
}
