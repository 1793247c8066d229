import { lookup } from 'node:dns/promises';
import { makeHash } from '../adapters/sha256.ts';
import { makeGuard } from '../adapters/guard.ts';
import { makeTransport } from '../adapters/http.ts';
import type { Target } from '../domain/target.ts';
import type { MakeHash } from '../image/payload.ts';

/** The network as a run meets it: only the target's own host may be an address of this machine or its network. */
export function openTransport(
  limits: Target,
  targets: readonly Target[],
  hash: MakeHash = makeHash,
): ReturnType<typeof makeTransport> {
  const own = [...new Set(targets)].flatMap(({ baseUrl }) =>
    baseUrl === undefined ? [] : [new URL(baseUrl).hostname],
  );
  return openNetwork(limits.concurrency, [...new Set(own)], hash);
}

/** The network where only these hosts may be addresses of this machine or its network, with so many connections at once. */
export function openNetwork(
  connections: number,
  exemptHosts: readonly string[],
  hash: MakeHash = makeHash,
): ReturnType<typeof makeTransport> {
  const guard = makeGuard({
    exemptHosts,
    lookup: async (hostname) =>
      (await lookup(hostname, { all: true })).map(({ address, family }) => ({
        address,
        family: family === 6 ? 6 : 4,
      })),
  });
  return makeTransport({ connections, guard, makeHash: hash });
}
