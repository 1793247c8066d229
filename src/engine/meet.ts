import { caseId } from '../domain/claim.ts';
import type { Plan } from './plan.ts';
import type { Clock } from './ports.ts';
import type { PlannedExchange } from './sharing.ts';

/** Where one run waits for another that makes the same exchanges elsewhere, so that both sides of a pair start close in time. */
export interface Meeting {
  /** An exchange is attended to from now on. */
  readonly enter: (planned: PlannedExchange) => void;
  /**
   * A trial of it is ready to be sent: resolves once that of its partner is too, or can come no more, or the signal aborts.
   * Whatever else goes on in either run is bounded, and so is this.
   */
  readonly arrive: (planned: PlannedExchange, trial: number, signal: AbortSignal) => Promise<void>;
  /** All its trials are through, or will not be made. */
  readonly leave: (planned: PlannedExchange) => void;
  /** The run is over, or never began. */
  readonly end: () => void;
}

/** A run that is compared with nothing waits for nobody. */
export const ALONE: Meeting = {
  enter: () => {},
  arrive: () => Promise.resolve(),
  leave: () => {},
  end: () => {},
};

/** Where nothing moves for so long although everybody has come or waits, nothing will. */
const STILL_MS = 50;

/** One exchange of a side as its partner finds it. */
interface Place {
  partner?: Place;
  /** The highest trial for which it has come. */
  reached: number;
  hasLeft: boolean;
  /** Lets it go on, while it waits. */
  release?: () => void;
}

/** How far a side is. */
interface Half {
  readonly places: ReadonlyMap<string, Place>;
  hasBegun: boolean;
  hasEnded: boolean;
  /** Exchanges that are attended to. */
  active: number;
}

/**
 * The meeting points of two runs. Who waits is let go when nothing else moves on either side, as where both attend to the
 * same exchanges in another order: the first to have come goes first, and its partner follows alone.
 */
export function makeMeetings(
  left: Plan,
  right: Plan,
  clock: Clock,
): { readonly left: Meeting; readonly right: Meeting } {
  const halves = [halfOf(left), halfOf(right)] as const;
  joinPartners(left, halves[0], right, halves[1]);
  /** In the order in which they came. */
  const waiting = new Set<Place>();
  /** Counts whatever moves. */
  let moves = 0;

  const letGo = (place: Place): void => {
    if (!waiting.delete(place)) return;
    moves += 1;
    place.release?.();
  };
  const isStill = (): boolean =>
    waiting.size > 0 &&
    halves.every(({ hasBegun, hasEnded }) => hasBegun || hasEnded) &&
    halves[0].active + halves[1].active === waiting.size;
  const lookWhetherStill = async (): Promise<void> => {
    const seen = moves;
    if (!isStill()) return;
    await clock.sleep(STILL_MS);
    const [first] = waiting;
    if (seen === moves && isStill() && first !== undefined) letGo(first);
  };
  const moved = (): void => {
    moves += 1;
    void lookWhetherStill();
  };
  const gone = (place: Place): void => {
    place.hasLeft = true;
    if (place.partner !== undefined) letGo(place.partner);
  };

  const meetingOf = (half: Half): Meeting => ({
    enter: () => {
      half.hasBegun = true;
      half.active += 1;
      moved();
    },
    arrive: async ({ id }, trial, signal) => {
      const place = half.places.get(id);
      if (place === undefined) return;
      place.reached = trial;
      const { partner } = place;
      if (partner === undefined || partner.hasLeft || signal.aborted) return;
      if (partner.reached >= trial) {
        letGo(partner);
        return;
      }
      const { promise, resolve } = Promise.withResolvers<void>();
      const leave = () => letGo(place);
      place.release = resolve;
      waiting.add(place);
      signal.addEventListener('abort', leave, { once: true });
      moved();
      await promise;
      signal.removeEventListener('abort', leave);
    },
    leave: ({ id }) => {
      half.active -= 1;
      const place = half.places.get(id);
      if (place !== undefined) gone(place);
      moved();
    },
    end: () => {
      half.hasEnded = true;
      for (const place of half.places.values()) gone(place);
      moved();
    },
  });
  return { left: meetingOf(halves[0]), right: meetingOf(halves[1]) };
}

function halfOf({ exchanges }: Plan): Half {
  const places = exchanges.map(({ id }): [string, Place] => [id, { reached: 0, hasLeft: false }]);
  return { places: new Map(places), hasBegun: false, hasEnded: false, active: 0 };
}

/** Partners judge the same case; what one side leaves out can make an exchange of fewer cases than its partner. */
function joinPartners(left: Plan, leftHalf: Half, right: Plan, rightHalf: Half): void {
  const byCase = new Map<string, Place>();
  for (const one of right.exchanges) {
    const place = rightHalf.places.get(one.id);
    for (const name of caseNames(one)) if (place !== undefined) byCase.set(name, place);
  }
  for (const one of left.exchanges) {
    const place = leftHalf.places.get(one.id);
    const partner = caseNames(one)
      .map((name) => byCase.get(name))
      .find((other) => other !== undefined && other.partner === undefined);
    if (place === undefined || partner === undefined) continue;
    place.partner = partner;
    partner.partner = place;
  }
}

function caseNames({ cases }: PlannedExchange): readonly string[] {
  return cases.map(({ case: one }) => caseId(one.claim, one.name));
}
