import { accessTokenOf, keyOf } from '../adapters/environment.ts';
import type { Refused } from './output.ts';
import type { Performing } from './perform.ts';
import type { Stage } from './stage.ts';

/** Mocks in this process bring theirs; an access token is asked for only where a claim is about what was charged. */
export function secretsOf(
  { target, key, accessToken }: Stage,
  isMeasured: boolean,
): Pick<Performing, 'key' | 'accessToken'> | Refused {
  const own = keyOf(target, process.env);
  if ('problem' in own) return { problems: [own.problem] };
  const reads = isMeasured && accessToken === undefined ? accessTokenOf(target, process.env) : {};
  if ('problem' in reads) return { problems: [reads.problem] };
  return { key: own.key ?? key, accessToken: accessToken ?? reads.key };
}
