import type { Auth, Json, Request } from '../domain/claim.ts';
import { didYouMean } from '../domain/problem.ts';
import { durationMs } from '../domain/duration.ts';
import { fill, merge, type Scope, withLowerHeaders, withoutNulls } from './expand.ts';
import { conform } from './issues.ts';
import { generators, requestKeys } from './schema.ts';
import { type Complain, quoted, type Span } from './source.ts';
import { isGenerator, literal, member, type Written, type WrittenMap } from './written.ts';

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
  complain(at, `no request is called ${quoted(name)}`, didYouMean(name, names));
}

/** Fills a request for one case and leaves out what is null; nothing comes back where it cannot be sent. */
export function buildRequest(
  written: WrittenMap,
  scope: Scope,
  complain: Complain,
): Request | undefined {
  const filled = withoutNulls(fill(written, scope, complain));
  const keys = conform(requestKeys, filled, complain);
  const sound = checkGenerators(member(filled, 'json'), complain);
  if (keys === undefined || !sound) return undefined;
  const { path, url, query = {}, headers = {}, json, timeout } = keys;
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
    method: keys.method ?? (json === undefined ? 'GET' : 'POST'),
    ...(path === undefined ? {} : { path }),
    ...(url === undefined ? {} : { url }),
    query: asTexts(query),
    headers: asTexts(headers),
    auth,
    ...(json === undefined ? {} : { json: json as Json }),
    ...(timeout === undefined ? {} : { timeoutMs: durationMs(timeout) }),
  };
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

/** Whether every generator in a body is known and has its own keys; what is not is noted. */
function checkGenerators(node: Written | undefined, complain: Complain): boolean {
  if (node === undefined || node.kind === 'scalar' || literal(node) !== undefined) return true;
  if (node.kind === 'list') {
    return node.items.map((item) => checkGenerators(item, complain)).every(Boolean);
  }
  if (isGenerator(node)) return checkGenerator(node, complain);
  return [...node.members.values()]
    .map(({ value }) => checkGenerators(value, complain))
    .every(Boolean);
}

function checkGenerator(node: WrittenMap, complain: Complain): boolean {
  let sound = true;
  for (const [name, { key, value }] of node.members) {
    const schema = Object.hasOwn(generators, name) ? generators[name] : undefined;
    if (schema === undefined && name.startsWith('$')) {
      complain(key, `unknown generator ${quoted(name)}`, didYouMean(name, Object.keys(generators)));
    } else if (node.members.size > 1) {
      complain(key, 'a generator stands alone in its mapping');
    }
    const conforms = schema !== undefined && conform(schema, value, complain) !== undefined;
    sound &&= conforms && node.members.size === 1;
  }
  return sound;
}
