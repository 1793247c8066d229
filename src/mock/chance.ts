/**
 * A number from 0 up to 1 that follows from a seed, a name and a turn, and looks like chance: FNV-1a over all of them, mixed as
 * MurmurHash3 ends (Austin Appleby, public domain), so that neighbouring turns have nothing in common.
 */
export function draw(seed: string, name: string, turn: number): number {
  let hash = 0x811c9dc5;
  for (const unit of Array.from(`${seed} ${name} ${turn}`, (one) => one.codePointAt(0) ?? 0)) {
    hash = Math.imul(hash ^ unit, 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}
