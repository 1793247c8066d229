/** What a suite names, as far as its lines show without being read as YAML. */
export interface Glance {
  readonly suite: string;
  readonly claims: readonly {
    readonly id: string;
    readonly says: string;
    /** As its cases spell them. */
    readonly vary: readonly { readonly name: string; readonly values: readonly string[] }[];
  }[];
}

const SUITE = /^\s*suite:\s*['"]?([a-z0-9.-]+)/;
const CLAIM = /^\s*(?:-\s+)?\{?\s*id:\s*['"]?([a-z0-9.-]+)['"]?\s*(?:,|#|$)/;
const SAYS = /\bsays:\s*(?:"([^"]*)"|'([^']*)'|`([^`]*)`|(.*))/;
/** Where a claim stands in one line, its sentence ends at the next key. */
const NEXT_KEY = /,\s*\w+:.*$/;
const VARY = /\bvary:\s*\{(.*)\}/;
const LIST = /([A-Za-z][\w-]*):\s*\[([^\]]*)\]/g;

/**
 * Looks through the lines of a suite, in YAML or as a module, for what a shell completes: at each press of a key there is no
 * time for more, and nothing that is looked at is run. What is not found there is missed; what is found may be none.
 */
export function glance(text: string): Glance | undefined {
  let suite: string | undefined;
  const claims: Glance['claims'][number][] = [];
  for (const line of text.split('\n')) {
    suite ??= SUITE.exec(line)?.[1];
    const id = CLAIM.exec(line)?.[1];
    if (id !== undefined) claims.push({ id, says: '', vary: [] });
    const last = claims.pop();
    if (last === undefined) continue;
    const [, ...said] = SAYS.exec(line) ?? [];
    const says =
      said
        .find((one) => one !== undefined)
        ?.replace(NEXT_KEY, '')
        .trim() ?? '';
    const vary = varied(VARY.exec(line)?.[1] ?? '');
    claims.push({
      id: last.id,
      says: last.says === '' ? says : last.says,
      vary: last.vary.length === 0 ? vary : last.vary,
    });
  }
  return suite === undefined ? undefined : { suite, claims };
}

function varied(text: string): Glance['claims'][number]['vary'] {
  return [...text.matchAll(LIST)].map(([, name = '', list = '']) => ({
    name,
    values: [...list.matchAll(/"([^"]*)"|'([^']*)'|([^\s,][^,]*)/g)].map(
      ([, double, single, bare = '']) => spelt(double ?? single ?? bare.trim()),
    ),
  }));
}

/** As a case spells it in its name. */
function spelt(value: string): string {
  return value.replaceAll('%', '%25').replaceAll('/', '%2F');
}
