/** Says whether one more request of an address is within its limit, and counts it if so. */
export type RateLimit = (address: string, most: number) => boolean;

/** So many requests in any window of `perMs`; those that are turned away do not count (new-api: in-memory rate limiter). */
export function rateLimit(perMs: number, clock: () => number): RateLimit {
  const served = new Map<string, number[]>();
  return (address, most) => {
    const now = clock();
    const recent = (served.get(address) ?? []).filter((at) => now - at < perMs);
    const isWithin = recent.length < most;
    served.set(address, isWithin ? [...recent, now] : recent);
    return isWithin;
  };
}
