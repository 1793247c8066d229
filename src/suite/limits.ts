import { type Case, type Claim, claimId } from '../domain/claim.ts';
import { canonical } from '../domain/digest.ts';
import { type Discover, documentedLimit, type Side } from '../domain/discover.ts';
import { takesIn } from '../domain/expect/status.ts';
import { didYouMean } from '../domain/problem.ts';
import { casesOf, declaredValues, type Home } from './claims.ts';
import type { Surroundings } from './expectation.ts';
import type { ClaimOutline } from './outline.ts';
import { explainedBy, quoted } from './source.ts';
import type { VaryRow } from './vary.ts';
import { member, type Written } from './written.ts';

/** The claims of a suite, each that says `discover` with what a search of its limit needs; what is wrong with it is noted. */
export function withLimits(
  claims: readonly Claim[],
  outlines: readonly ClaimOutline[],
  home: Home,
  surroundings: Surroundings,
): readonly Claim[] {
  if (outlines.every(({ keys }) => keys.discover === undefined)) return claims;
  const around = { ...surroundings, complain: explainedBy('limits', surroundings.complain) };
  return claims.map((claim) => {
    const outline = outlines.find(({ keys }) => keys.id === claim.id);
    if (outline?.keys.discover === undefined) return claim;
    const discover = readDiscover(claim, outline, { claims, outlines, home, around });
    return discover === undefined ? claim : { ...claim, discover };
  });
}

/** A suite as far as it has been read. */
interface Reading {
  readonly claims: readonly Claim[];
  readonly outlines: readonly ClaimOutline[];
  readonly home: Home;
  readonly around: Surroundings;
}

function readDiscover(claim: Claim, outline: ClaimOutline, reading: Reading): Discover | undefined {
  const { keys, written } = outline;
  const { complain } = reading.around;
  if (keys.discover === undefined) return undefined;
  const { vary, between, over } = keys.discover;
  const node = member(written, 'discover');
  const at = (name: string) => (member(node, name) ?? node ?? written).span;
  const rejecting = overClaim(claim, over, at('over'), reading);
  const accepts = sideOf(claim, outline, vary, at('vary'), reading);
  const rejects =
    accepts && rejecting && sideOf(rejecting.claim, rejecting.outline, vary, at('over'), reading);
  if (accepts === undefined || rejecting === undefined || rejects === undefined) return undefined;
  const [least = 0, most = 0] = between;
  const discover: Discover = {
    vary,
    between: [least, most],
    over: claimId(rejecting.claim),
    accepts,
    rejects,
  };
  const wrong = misfit(discover) ?? unsendable(discover, [outline, rejecting.outline], reading);
  if (wrong === undefined) return discover;
  complain(at(wrong.key), wrong.message, wrong.hint === undefined ? {} : { hint: wrong.hint });
  return undefined;
}

interface Wrong {
  readonly key: 'vary' | 'between' | 'over';
  readonly message: string;
  readonly hint?: string;
}

/** The claim that `over` names: another one of this suite, and one that a refusal meets. */
function overClaim(
  claim: Claim,
  over: string,
  at: Written['span'],
  { claims, outlines, home, around: { complain } }: Reading,
): { readonly claim: Claim; readonly outline: ClaimOutline } | undefined {
  const id = over.startsWith(`${home.id}/`) ? over.slice(home.id.length + 1) : over;
  const found = claims.find((one) => one.id === id);
  const outline = outlines.find(({ keys }) => keys.id === id);
  if (outline === undefined) {
    complain(
      at,
      `no claim of this suite is called ${quoted(over)}`,
      didYouMean(
        id,
        claims.map((one) => one.id),
      ),
    );
    return undefined;
  }
  if (found === undefined) return undefined; // it has problems of its own
  if (found === claim) complain(at, 'the claim that accepts cannot be the one that rejects');
  else if (found.basis.kind === 'sent' && !found.basis.cases.every(isRejecting)) {
    complain(at, `${quoted(over)} does not reject`, {
      hint: 'it expects rejected: { message: … }, or a status that is none of 2xx',
    });
  } else return { claim: found, outline };
  return undefined;
}

function isRejecting({ expect }: Case): boolean {
  return expect.some(({ kind, value }) => {
    if (kind === 'rejected') return true;
    if (kind !== 'status') return false;
    const wanted = [value].flat() as readonly (number | string)[];
    return !wanted.some((one) => [200, 201, 202, 204].some((status) => takesIn(one, status)));
  });
}

/** One of the two claims: what its cases move, and its case in which that still stands open. */
function sideOf(
  { id, basis }: Claim,
  outline: ClaimOutline,
  vary: string,
  at: Written['span'],
  { home, around }: Reading,
): Side | undefined {
  const { complain } = around;
  const [first] = outline.rows;
  if (basis.kind !== 'sent' || basis.cases.some(({ steps }) => steps !== undefined)) {
    complain(at, `${quoted(id)} is about no single request, whose limit could be searched`);
    return undefined;
  }
  if (basis.cases.some(({ trials }) => trials !== undefined)) {
    complain(at, `${quoted(id)} asks for trials, and a probe is only one`, {
      hint: 'give the limit a claim of its own, without trials',
    });
    return undefined;
  }
  const declared = declaredValues(outline, home);
  const known = [...declared.keys(), ...(first?.values.keys() ?? [])];
  if (!known.includes(vary)) {
    complain(at, `${quoted(id)} declares no ${quoted(vary)}`, didYouMean(vary, known));
    return undefined;
  }
  const other = [...(first?.values.keys() ?? [])].find((name) => name !== vary);
  if (other !== undefined) {
    complain(at, `${quoted(id)} varies ${quoted(other)} as well: a search moves one thing`, {
      hint: `give the limit a claim of its own, with ${other} under let`,
    });
    return undefined;
  }
  const values = outline.rows.flatMap(({ name, values: row }) => {
    const node = row.get(vary) ?? declared.get(vary);
    const value = node?.kind === 'scalar' ? node.value : undefined;
    return Number.isSafeInteger(value) ? [{ value: Number(value), case: name }] : [];
  });
  if (values.length < outline.rows.length) {
    complain(at, `${quoted(id)} has a case in which ${quoted(vary)} is no whole number`);
    return undefined;
  }
  const open = caseAt(outline, home, around, { name: '', values: new Map() }, vary);
  return open && { open, values };
}

/** The case of a claim for one row. Its problems have been noted where its own cases were read. */
function caseAt(
  outline: ClaimOutline,
  home: Home,
  around: Surroundings,
  row: VaryRow,
  open?: string,
  complain: Surroundings['complain'] = () => {},
): Case | undefined {
  const resolve: Surroundings['resolve'] = (selector, span) =>
    selector.includes('${') ? undefined : around.resolve(selector, span);
  const muted = { ...around, complain, resolve: open === undefined ? () => undefined : resolve };
  return casesOf({ ...outline, rows: [row] }, home, muted, open)[0];
}

/** What keeps two claims from being about one limit. */
function misfit(discover: Discover): Wrong | undefined {
  const { vary, between, over, accepts, rejects } = discover;
  if (!JSON.stringify(accepts.open.request).includes(`\${${vary}}`)) {
    return {
      key: 'vary',
      message: `${quoted(vary)} never reaches the request`,
      hint: `use it there: "\${${vary}}"`,
    };
  }
  if (canonical(accepts.open.request) !== canonical(rejects.open.request)) {
    return {
      key: 'over',
      message: `${quoted(over)} sends another request`,
      hint: `a probe is one exchange that both judge: they differ in ${vary} alone`,
    };
  }
  const { lastAccepted, firstRejected } = documentedLimit(discover);
  if (lastAccepted >= firstRejected) {
    return {
      key: 'over',
      message: `${vary}=${lastAccepted} is accepted and ${vary}=${firstRejected} rejected: that is no limit`,
    };
  }
  const [least, most] = between;
  if (lastAccepted < least || firstRejected > most) {
    return {
      key: 'between',
      message: `the documented limit, between ${lastAccepted} and ${firstRejected}, is not within [${least}, ${most}]`,
    };
  }
  return undefined;
}

/** Why an end of the range cannot be sent, in the words of the keys that it breaks. */
function unsendable(
  { vary, between }: Discover,
  outlines: readonly ClaimOutline[],
  { home, around }: Reading,
): Wrong | undefined {
  for (const value of between) {
    for (const outline of outlines) {
      const said: string[] = [];
      const span = (member(outline.written, 'discover') ?? outline.written).span;
      const row = { name: '', values: new Map([[vary, { kind: 'scalar', value, span } as const]]) };
      caseAt(outline, home, around, row, undefined, (_, message) => void said.push(message));
      const [message] = said;
      if (message !== undefined)
        return { key: 'between', message: `${vary}=${value} cannot be sent: ${message}` };
    }
  }
  return undefined;
}
