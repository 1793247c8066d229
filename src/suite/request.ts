import type { Auth, Json, Request } from '../domain/claim.ts';
import { didYouMean } from '../domain/problem.ts';
import { durationMs } from '../domain/duration.ts';
import { fill, merge, type Scope, withLowerHeaders, withoutNulls } from './expand.ts';
import { conform } from './issues.ts';
import { checkGenerators, CONTENTS } from './generators.ts';
import { requestKeys } from './requestKeys.ts';
import { type Complain, explainedBy, quoted, type Span } from './source.ts';
import { member, type Written, type WrittenMap } from './written.ts';

/** The named requests of a suite, each merged over the one that it is `like`. */
export type NamedRequests = ReadonlyMap<string, WrittenMap>;

/** Reads `requests:`, and notes a `like` that names nothing or itself. */
export function namedRequests(written: Written | undefined, complain: Complain): NamedRequests {
  const named = new Map<string, WrittenMap>();
  if (written?.kind !== 'map') return named;
  const { members } = written;
  const finish = (name: string, under: readonly string[]): WrittenMap | undefined => {
    const done = named.get(name);
    const own = members.get(name)?.value;
    if (done !== undefined || own?.kind !== 'map') return done;
    const like = member(own, 'like');
    if (like === undefined) {
      named.set(name, withLowerHeaders(own));
    } else {
      const base = String(like.kind === 'scalar' ? like.value : '');
      if (under.includes(base) || base === name) complain(like.span, 'this request is like itself');
      else if (!members.has(base)) noteUnknown(base, like.span, members.keys(), complain);
      const below =
        under.includes(base) || base === name ? undefined : finish(base, [...under, name]);
      named.set(name, below === undefined ? withLowerHeaders(own) : over(below, own));
    }
    return named.get(name);
  };
  for (const name of members.keys()) finish(name, []);
  // In the order in which they were written: the first is the default.
  return new Map(
    [...members.keys()].flatMap((name) => [[name, named.get(name)] as const].filter(isFound)),
  );
}

function isFound(
  entry: readonly [string, WrittenMap | undefined],
): entry is readonly [string, WrittenMap] {
  return entry[1] !== undefined;
}

/** What a claim's `request` says, merged over the named request that it starts from, with the default headers below it. */
export function requestOf(
  written: Written | undefined,
  named: NamedRequests,
  claim: Span,
  complain: Complain,
): WrittenMap | undefined {
  const found = merged(written, named, claim, complain);
  return found && withEnglish(found);
}

function merged(
  written: Written | undefined,
  named: NamedRequests,
  claim: Span,
  complain: Complain,
): WrittenMap | undefined {
  const [first] = named.values();
  if (written === undefined) {
    if (first === undefined) complain(claim, 'this claim has no request, and its suite names none');
    return first;
  }
  const own = written.kind === 'map' ? written : undefined;
  const base = own === undefined ? written : member(own, 'like');
  if (base === undefined)
    return first === undefined ? own && withLowerHeaders(own) : own && over(first, own);
  const name = base.kind === 'scalar' ? String(base.value) : '';
  const below = named.get(name);
  if (below === undefined) noteUnknown(name, base.span, named.keys(), complain);
  return below === undefined || own === undefined ? below : over(below, own);
}

function over(below: WrittenMap, own: WrittenMap): WrittenMap {
  return merge(below, withLowerHeaders(own)) as WrittenMap;
}

function noteUnknown(name: string, at: Span, names: Iterable<string>, complain: Complain): void {
  complain(at, `no request is called ${quoted(name)}`, {
    see: 'requests',
    ...didYouMean(name, names),
  });
}

/** Fills a request for one case and leaves out what is null; nothing comes back where it cannot be sent. */
export function buildRequest(
  written: WrittenMap,
  scope: Scope,
  noted: Complain,
): Request | undefined {
  const complain = explainedBy('requests', noted);
  const filled = withoutNulls(fill(written, scope, complain));
  const keys = conform(requestKeys, filled, complain);
  const sound =
    scope.open === undefined
      ? CONTENTS.map((name) => checkGenerators(member(filled, name), name, complain))
      : [];
  const content = checkContent(filled, complain);
  if (keys === undefined || content === undefined || sound.includes(false)) return undefined;
  const { path, url, query = {}, headers = {}, timeout } = keys;
  if ((path === undefined) === (url === undefined)) {
    const both = path !== undefined;
    complain(
      written.members.get(both ? 'url' : '')?.key ?? written.span,
      both ? 'a request has a path or a url, not both' : 'a request needs a path or a url',
      both ? { hint: 'path: null leaves the other one out' } : {},
    );
    return undefined;
  }
  const auth: Auth = keys.auth ?? (url === undefined ? 'bearer' : 'none');
  if (url !== undefined && auth !== 'none') {
    complain(written.members.get('auth')?.key ?? written.span, 'a url is never sent with the key', {
      hint: 'auth: none',
    });
    return undefined;
  }
  return {
    method: keys.method ?? (content === 'none' ? 'GET' : 'POST'),
    ...(path === undefined ? {} : { path }),
    ...(url === undefined ? {} : { url }),
    query: asTexts(query),
    headers: asTexts(headers),
    auth,
    ...(content === 'none' ? {} : { [content]: keys[content] as Json }),
    ...(timeout === undefined ? {} : { timeoutMs: durationMs(timeout) }),
  };
}

/** Which of the ways to write a body a request has; nothing if there are two, or if its type is said twice, which is noted. */
function checkContent(
  written: Written,
  complain: Complain,
): (typeof CONTENTS)[number] | 'none' | undefined {
  const [content, second] = CONTENTS.flatMap((name) => {
    const key = keyOf(written, name);
    return key === undefined ? [] : [{ name, key }];
  }).toSorted((a, b) => a.key.start - b.key.start);
  if (content === undefined) return 'none';
  const { name } = content;
  if (second !== undefined) {
    complain(second.key, `a request has one body, and this one has ${name} already`, {
      hint: `${name}: null leaves that out`,
    });
    return undefined;
  }
  const header = keyOf(member(written, 'headers'), 'content-type');
  const isTyped = name === 'form' || member(member(written, name), 'type') !== undefined;
  if (name === 'json' || !isTyped || header === undefined) return name;
  complain(
    header,
    name === 'form'
      ? 'Assay sets the content type of a form, with the boundary between its parts'
      : 'the type of this body is said already',
  );
  return undefined;
}

function keyOf(node: Written | undefined, name: string): Span | undefined {
  return node?.kind === 'map' ? node.members.get(name)?.key : undefined;
}

/** The default stands below everything, so that `Accept-Language: null` leaves it out as well. */
function withEnglish(written: WrittenMap): WrittenMap {
  const { span } = written;
  const language: Written = { kind: 'scalar', value: 'en', span };
  const headers: Written = {
    kind: 'map',
    members: new Map([['accept-language', { key: span, value: language, bare: false }]]),
    span,
  };
  const defaults: WrittenMap = {
    kind: 'map',
    members: new Map([['headers', { key: span, value: headers, bare: false }]]),
    span,
  };
  return merge(defaults, written) as WrittenMap;
}

function asTexts(
  values: Readonly<Record<string, string | number | boolean>>,
): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]));
}
