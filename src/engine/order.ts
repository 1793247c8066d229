import pLimit from 'p-limit';
import { keyPlace } from '../domain/target.ts';
import type { Plan } from './plan.ts';
import type { PlannedExchange } from './sharing.ts';

/** The exchanges of one key at one gateway: a rehearsal in this process has a gateway for each of its worlds. */
interface Key {
  /** Ordinary exchanges that are ready or running: they share the key. */
  sharing: number;
  /** Whether a measured one is running: it has the key alone. */
  isTaken: boolean;
  /** Ready, and waiting: ordinary ones only while the key is taken. */
  readonly ordinary: PlannedExchange[];
  readonly measured: PlannedExchange[];
}

/**
 * Attends to each exchange once those it waits for are through. Ordinary ones share their key, as many at a time as the
 * target allows. One that needs its key alone waits, without a place among those, until no ordinary one is ready or
 * running; then all that are ready go one after the other, since each change from one sort to the other takes a wait.
 */
export async function inOrder(
  { exchanges, target }: Pick<Plan, 'exchanges' | 'target'>,
  needsAlone: (planned: PlannedExchange) => boolean,
  attendTo: (planned: PlannedExchange) => Promise<void>,
): Promise<void> {
  const limit = pLimit(target.concurrency);
  const followers = followersOf(exchanges);
  const open = new Map(exchanges.map(({ id }) => [id, 0]));
  for (const { id } of [...followers.values()].flat()) open.set(id, (open.get(id) ?? 0) + 1);
  const keys = new Map<string, Key>();
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let left = exchanges.length;

  const start = (planned: PlannedExchange, release: () => void): void =>
    void limit(attendTo, planned)
      .then(() => through(planned, release))
      .catch(reject);
  const through = ({ id }: PlannedExchange, release: () => void): void => {
    // Who waited for it is ready before the key is given on: a chain of ordinary ones is not cut in two.
    for (const follower of followers.get(id) ?? []) {
      const more = (open.get(follower.id) ?? 0) - 1;
      open.set(follower.id, more);
      if (more === 0) ready(follower);
    }
    release();
    for (const key of keys.values()) giveOn(key);
    left -= 1;
    if (left === 0) resolve();
  };
  const share = (planned: PlannedExchange, key: Key): void => {
    key.sharing += 1;
    start(planned, () => void (key.sharing -= 1));
  };
  const ready = (planned: PlannedExchange): void => {
    const key = keyOf(planned, keys);
    if (needsAlone(planned)) key.measured.push(planned);
    else if (key.isTaken) key.ordinary.push(planned);
    else share(planned, key);
  };
  const giveOn = (key: Key): void => {
    if (key.isTaken || key.sharing > 0) return;
    const next = key.measured.shift();
    if (next === undefined) for (const planned of key.ordinary.splice(0)) share(planned, key);
    else {
      key.isTaken = true;
      start(next, () => void (key.isTaken = false));
    }
  };

  if (left === 0) return;
  for (const planned of exchanges) if (open.get(planned.id) === 0) ready(planned);
  for (const key of keys.values()) giveOn(key);
  await promise;
}

/** Who waits for each exchange; what stands not earlier in the plan is waited for by nobody. */
function followersOf(
  exchanges: readonly PlannedExchange[],
): ReadonlyMap<string, readonly PlannedExchange[]> {
  const followers = new Map<string, PlannedExchange[]>();
  for (const planned of exchanges) {
    for (const id of new Set(planned.after)) followers.get(id)?.push(planned);
    followers.set(planned.id, []);
  }
  return followers;
}

function keyOf({ target }: PlannedExchange, keys: Map<string, Key>): Key {
  const place = keyPlace(target);
  const key = keys.get(place) ?? { sharing: 0, isTaken: false, ordinary: [], measured: [] };
  keys.set(place, key);
  return key;
}
