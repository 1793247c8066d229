import { type Claim, claimId, type Suite } from '../domain/claim.ts';
import type { Problem } from '../domain/problem.ts';
import { claimOf, type Home, namedValues } from './claims.ts';
import { cycles } from './cycles.ts';
import { withLimits } from './limits.ts';
import { refuseHoles } from './expand.ts';
import type { Surroundings } from './expectation.ts';
import { type Outline, outline, stem, type SuiteFile } from './outline.ts';
import type { Mention } from './mentions.ts';
import { namedRequests } from './request.ts';
import { type Index, parseSelector, resolve } from './selector.ts';
import { type Shapes, shapeReader } from './shapes.ts';
import { inOrder, placeOf, quoted } from './source.ts';
import { tableOf } from './tables.ts';
import { member } from './written.ts';

/** What a folder of suites says, and everything that is wrong with it. */
export interface Loaded {
  /** Complete only where no problem is an error. */
  readonly suites: readonly Suite[];
  readonly problems: readonly Problem[];
  /** Every place at which a suite names a target, for `targetProblems`. */
  readonly mentions: readonly Mention[];
}

/**
 * Reads suites, all files together, so that selectors may cross them; `shapes` gives the bytes of a file
 * below the folder of shapes, and `tell` is told how far it is. It throws for no input: whatever is wrong is a problem.
 */
export function loadSuites(
  files: readonly SuiteFile[],
  shapes: (file: string) => Uint8Array | undefined,
  tell: (done: number, all: number) => void = () => {},
): Loaded {
  const problems: Problem[] = [];
  const mentions: Mention[] = [];
  const all = files.length * 2; // each is outlined, then understood
  const outlines = files.flatMap((file, at) => {
    tell(at, all);
    return outline(file, problems) ?? [];
  });
  refuseTwins(outlines);
  const read = new Set(outlines.map(({ source }) => source.file));
  const unread = files.filter(({ name }) => !read.has(name)).map(({ name }) => stem(name));
  const index = indexOf(outlines);
  const reader = shapeReader(shapes);
  const suites = outlines.flatMap((one, at) => {
    tell(files.length + at, all);
    return suiteOf(one, index, unread, reader, mentions) ?? [];
  });
  tell(all, all);
  refuseCycles(suites, outlines);
  return {
    suites,
    problems: inOrder(
      problems,
      files.map(({ name }) => name),
    ),
    mentions,
  };
}

function suiteOf(
  one: Outline,
  index: Index,
  unread: readonly string[],
  shapes: Shapes,
  mentions: Mention[],
): Suite | undefined {
  const { id, header, written, source, complain } = one;
  if (header === undefined) return undefined;
  const suiteLet = member(written, 'let');
  if (suiteLet !== undefined) refuseHoles(suiteLet, complain);
  const requests = namedRequests(member(written, 'requests'), complain);
  const home: Home = { id, header, values: namedValues(suiteLet), requests };
  const around: Surroundings = {
    source,
    complain,
    shapes,
    resolve: (text, at) => {
      const selector = parseSelector(text, id);
      if ('suite' in selector && unread.includes(selector.suite)) return undefined;
      const need = 'suite' in selector ? resolve(selector, index) : selector;
      if ('claim' in need) return need;
      complain(at, need.message, need.hint === undefined ? {} : { hint: need.hint });
      return undefined;
    },
  };
  const { page, rehearse, superseded } = header;
  const pages = page === undefined ? {} : typeof page === 'string' ? { '': page } : page;
  const [firstTable] = one.tables;
  if (page === undefined && firstTable !== undefined) {
    complain(firstTable.written.span, 'a table needs a page to stand in', { hint: 'page: FILE' });
  }
  return {
    id,
    title: header.title ?? id,
    file: source.file,
    pages,
    ...(rehearse === undefined ? {} : { rehearse }),
    ...(superseded === undefined ? {} : { superseded }),
    claims: withLimits(
      one.claims.flatMap((claim) => claimOf(claim, home, around) ?? []),
      one.claims,
      home,
      around,
    ),
    tables: one.tables.map((table) => tableOf(table, pages, around, mentions)),
  };
}

function indexOf(outlines: readonly Outline[]): Index {
  return new Map(
    outlines.map(({ id, claims, claimed }) => {
      const cases = new Map<string, readonly string[] | undefined>();
      for (const claim of claimed) cases.set(claim, undefined);
      for (const { keys, rows } of claims)
        cases.set(
          keys.id,
          rows.map(({ name }) => name),
        );
      return [id, cases];
    }),
  );
}

function refuseTwins(outlines: readonly Outline[]): void {
  const seen = new Map<string, string>();
  for (const { id, written, source, complain } of outlines) {
    const node = member(written, 'suite');
    if (node === undefined) continue;
    const { file, line } = placeOf(source, node.span.start);
    const other = seen.get(id);
    if (other === undefined) seen.set(id, `${file}:${line}`);
    else complain(node.span, `the suite of ${other} is called ${quoted(id)} as well`);
  }
}

function refuseCycles(suites: readonly Suite[], outlines: readonly Outline[]): void {
  const claims = new Map<string, Claim>(
    suites.flatMap((suite) => suite.claims).map((claim) => [claimId(claim), claim]),
  );
  for (const circle of cycles([...claims.values()])) {
    const claim = claims.get(circle[0] ?? '');
    const home = outlines.find(({ id }) => id === claim?.suite);
    const written = home?.claims.find(({ keys }) => keys.id === claim?.id)?.written;
    const node = written && (member(written, 'given') ?? member(written, 'of') ?? written);
    if (node !== undefined) {
      home?.complain(node.span, `this claim rests on itself: ${circle.join(' → ')}`);
    }
  }
}
