/** The `index`th of `of` parts of a project, counted from 1. */
export interface Shard {
  readonly index: number;
  readonly of: number;
}

/** More parts than anyone has machines for. */
const MOST_SHARDS = 1000;

/** Reads `2/3`; undefined where it is no shard. */
export function shardOf(text: string): Shard | undefined {
  const [, index, of] = /^(\d{1,4})\/(\d{1,4})$/.exec(text) ?? [];
  const shard = { index: Number(index), of: Number(of) };
  const isRight = shard.index >= 1 && shard.index <= shard.of && shard.of <= MOST_SHARDS;
  return isRight ? shard : undefined;
}
