import { type Claim, claimId } from '../domain/claim.ts';

/** The claims whose `given` and `of` lead back to themselves: each circle once, from the claim that is met first. */
export function cycles(claims: readonly Claim[]): readonly (readonly string[])[] {
  const edges = new Map(claims.map((claim) => [claimId(claim), restsOn(claim)]));
  const finished = new Set<string>();
  const circles: (readonly string[])[] = [];
  for (const start of edges.keys()) {
    const path: string[] = [];
    // An explicit stack: a chain of claims can be longer than the call stack.
    const stack: { id: string; next: Iterator<string> }[] = [];
    const enter = (id: string) => {
      path.push(id);
      stack.push({ id, next: (edges.get(id) ?? [])[Symbol.iterator]() });
    };
    if (!finished.has(start)) enter(start);
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const { value, done } = top.next.next();
      if (done === true) {
        finished.add(top.id);
        path.pop();
        stack.pop();
      } else if (path.includes(value)) {
        circles.push([...path.slice(path.indexOf(value)), value]);
      } else if (!finished.has(value)) {
        enter(value);
      }
    }
  }
  return circles;
}

function restsOn(claim: Claim): readonly string[] {
  const { basis } = claim;
  if (basis.kind === 'derived') return basis.of.map(({ need }) => need.claim);
  if (basis.kind === 'untestable') return [];
  const controls = basis.cases.flatMap(({ given }) => given);
  return [...new Set(controls.flatMap((one) => ('need' in one ? [one.need.claim] : [])))];
}
