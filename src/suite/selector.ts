import type { Claim, Need, Suite } from '../domain/claim.ts';
import { claimId } from '../domain/claim.ts';
import { didYouMean, nearest, type Problem } from '../domain/problem.ts';
import { quoted } from './source.ts';
import { constraint } from './vary.ts';

/** `[suite/]claim[/var=value…]`, taken apart; without a claim it names a whole suite. */
export interface Selector {
  readonly suite: string;
  readonly claim?: string;
  /** As they stand in the names of cases. */
  readonly constraints: readonly string[];
}

/** The cases of every known claim by suite and id; none are known of a claim that could not be read. */
export type Index = ReadonlyMap<string, ReadonlyMap<string, readonly string[] | undefined>>;

/** Why a selector names nothing. */
export interface Unresolved {
  readonly message: string;
  readonly hint?: string;
}

/** Takes a selector apart; a single name is a claim of the suite at home, or, without one, a suite. */
export function parseSelector(text: string, home?: string): Selector | Unresolved {
  const parts = text.split('/');
  const first = parts.findIndex((part) => part.includes('='));
  const names = first === -1 ? parts : parts.slice(0, first);
  const constraints: string[] = [];
  for (const part of first === -1 ? [] : parts.slice(first)) {
    const read = readConstraint(part);
    if (read === undefined) return misshapen(text);
    constraints.push(read);
  }
  const [one = '', two, ...more] = names;
  if (more.length > 0 || names.some((name) => name === '')) return misshapen(text);
  if (two !== undefined) return { suite: one, claim: two, constraints };
  if (home !== undefined) return { suite: home, claim: one, constraints };
  return constraints.length > 0 ? misshapen(text) : { suite: one, constraints };
}

/** Read and spelt again, so that `%2f` and `%2F` name the same case. */
function readConstraint(part: string): string | undefined {
  const at = part.indexOf('=');
  if (at < 1) return undefined;
  try {
    return constraint(part.slice(0, at), decodeURIComponent(part.slice(at + 1)));
  } catch {
    return undefined;
  }
}

function misshapen(text: string): Unresolved {
  return {
    message: `${quoted(text)} is no selector`,
    hint: 'write [suite/]claim[/var=value…], with %2F for / and %25 for % in a value',
  };
}

/** The cases that a selector with a claim names, or why it names none. */
export function resolve(selector: Selector, index: Index): Need | Unresolved {
  const { suite, claim = '', constraints } = selector;
  const claims = index.get(suite);
  if (claims === undefined) {
    return { message: `no suite is called ${quoted(suite)}`, ...didYouMean(suite, index.keys()) };
  }
  if (!claims.has(claim)) return unknownClaim(suite, claim, index);
  const id = `${suite}/${claim}`;
  const known = claims.get(claim);
  if (known === undefined) return { claim: id, cases: [] };
  const cases = known.filter((name) => constraints.every((one) => name.split('/').includes(one)));
  return cases.length > 0 ? { claim: id, cases } : unknownCase(id, constraints, known);
}

function unknownClaim(suite: string, claim: string, index: Index): Unresolved {
  const message = `no claim is called ${quoted(`${suite}/${claim}`)}`;
  const near = nearest(claim, index.get(suite)?.keys() ?? []);
  if (near !== undefined) return { message, hint: `did you mean "${near}"?` };
  const elsewhere = [...index].find(([, claims]) => claims.has(claim));
  return elsewhere === undefined
    ? { message }
    : { message, hint: `did you mean "${elsewhere[0]}/${claim}"?` };
}

function unknownCase(
  id: string,
  constraints: readonly string[],
  known: readonly string[],
): Unresolved {
  const parts = [...new Set(known.flatMap((name) => name.split('/')))];
  const wrong = constraints.find((one) => !parts.includes(one));
  if (wrong === undefined)
    return { message: `no case of ${id} has all of ${constraints.join(', ')}` };
  const message = `no case of ${id} has ${wrong}`;
  if (known.every((name) => name === '')) return { message, hint: 'this claim does not vary' };
  const name = wrong.slice(0, wrong.indexOf('=') + 1);
  const values = parts.filter((part) => part.startsWith(name));
  if (values.length > 0) return { message, hint: `it has ${values.slice(0, 8).join(', ')}` };
  return { message, ...didYouMean(wrong, parts) };
}

/** Some cases of a claim, as the command line chose them. */
export interface Chosen {
  readonly claim: Claim;
  readonly cases: readonly string[];
}

/** What selectors chose, and what is wrong with them. */
export interface Selection {
  readonly chosen: readonly Chosen[];
  readonly problems: readonly Problem[];
}

/** What to run: everything that is not superseded, or what the selectors name, superseded or not. */
export function select(suites: readonly Suite[], selectors: readonly string[]): Selection {
  const index = indexOf(suites);
  const cases = new Map<string, Set<string>>();
  const problems: Problem[] = [];
  const choose = (claim: string, names: readonly string[]) => {
    const chosen = cases.get(claim) ?? new Set();
    for (const name of names) chosen.add(name);
    cases.set(claim, chosen);
  };
  const chooseSuite = (suite: Suite) => {
    for (const claim of suite.claims) {
      if (claim.superseded === undefined) choose(claimId(claim), caseNames(claim));
    }
  };
  if (selectors.length === 0) {
    for (const suite of suites) if (suite.superseded === undefined) chooseSuite(suite);
  }
  for (const text of selectors) {
    const selector = parseSelector(text);
    const suite = 'suite' in selector ? suites.find(({ id }) => id === selector.suite) : undefined;
    if ('suite' in selector && selector.claim === undefined && suite !== undefined) {
      chooseSuite(suite);
      continue;
    }
    const need = 'suite' in selector ? resolve(selector, index) : selector;
    if ('claim' in need) choose(need.claim, need.cases);
    else problems.push({ severity: 'error', ...need });
  }
  const chosen = suites
    .flatMap((suite) => suite.claims)
    .flatMap((claim) => {
      const names = cases.get(claimId(claim));
      return names === undefined
        ? []
        : [{ claim, cases: caseNames(claim).filter((name) => names.has(name)) }];
    });
  return { chosen, problems };
}

/** The names of a claim's cases; a claim that is not sent has the single case "". */
export function caseNames(claim: Claim): readonly string[] {
  return claim.basis.kind === 'sent' ? claim.basis.cases.map(({ name }) => name) : [''];
}

/** The cases of all claims of some suites. */
export function indexOf(suites: readonly Suite[]): Index {
  return new Map(
    suites.map((suite) => [
      suite.id,
      new Map(suite.claims.map((claim) => [claim.id, caseNames(claim)])),
    ]),
  );
}
