import type { ReferenceSource } from '../domain/target.ts';

/** What a `$references` generator asks for. */
export interface ReferenceNeed {
  readonly count: number;
  /** Any if absent. */
  readonly format?: string;
  /** Exact length; any if absent. */
  readonly bytes?: number;
  /** How many sources to pass over first. */
  readonly skip: number;
  /** URLs that answer 404 instead of images. */
  readonly missing: boolean;
}

/** The URLs that a target offers for a need, or the sentence that says what it lacks. */
export type Offered = { readonly urls: readonly string[] } | { readonly lacks: string };

const ANY_FORMAT = 'png';

/** What stands for `{bytes}` where the claim does not care: small, and large enough for any flat image. */
const ANY_BYTES = 4096;

/**
 * Distinct URLs for a need, one from each source in the order of the target's list, then further ones from those
 * whose `{n}` makes them inexhaustible (suite-format, "References").
 */
export function offer(sources: readonly ReferenceSource[], need: ReferenceNeed): Offered {
  const templates = sources.flatMap((source) => template(source, need) ?? []);
  const endless = templates.filter((url) => url.includes('{n}'));
  const wanted = need.skip + need.count;
  const urls = new Set<string>();
  for (let n = 1; urls.size < wanted; n++) {
    const round = n === 1 ? templates : endless;
    if (round.length === 0) break;
    for (const url of round) urls.add(url.replaceAll('{n}', String(n)));
  }
  if (urls.size < wanted) return { lacks: `target offers ${urls.size} of ${wanted} ${name(need)}` };
  return { urls: [...urls].slice(need.skip, wanted) };
}

function template(source: ReferenceSource, need: ReferenceNeed): string | undefined {
  const url = need.missing ? source.missing : source.url;
  if (url === undefined) return undefined;
  if (!need.missing && !serves(source, url, need)) return undefined;
  return url
    .replaceAll('{format}', need.format ?? source.format ?? ANY_FORMAT)
    .replaceAll('{bytes}', String(need.bytes ?? source.bytes ?? ANY_BYTES));
}

function serves(source: ReferenceSource, url: string, need: ReferenceNeed): boolean {
  const rightFormat =
    need.format === undefined || source.format === undefined || source.format === need.format;
  const rightBytes =
    need.bytes === undefined ||
    (source.bytes === undefined ? url.includes('{bytes}') : source.bytes === need.bytes);
  return rightFormat && rightBytes;
}

function name(need: ReferenceNeed): string {
  if (need.missing) return 'missing references';
  const format = need.format ?? 'references';
  return need.bytes === undefined ? format : `${format} of ${need.bytes} bytes`;
}
