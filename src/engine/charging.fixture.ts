import type { Evidence } from '../domain/evidence.ts';
import type { Exchange } from '../domain/exchange.ts';
import {
  anExpectation,
  answered,
  aRequest,
  type Behaviour,
  handClock,
  idOf,
  type Made,
} from './engine.fixture.ts';
import { storedBy } from './stored.fixture.ts';
import { type Charged, type Counts, fakeKey } from './usage.fixture.ts';

/** For tests only: counter and log are to agree. */
export const aligned = [anExpectation('charged', 'aligned')];
/** For tests only: in units of quota. */
export const TEN_CENTS = 50_000;

/** For tests only: a request for one image, which differs from others by its id. */
export function asks(id: string) {
  return aRequest({ id, model: 'nano-banana' });
}

/** For tests only: a gateway that is fine with everything, and charges each request ten cents, by a clock that nobody waits for. */
export function aGateway(
  counts: Counts = {},
  charges: (id: string) => readonly Charged[] = tenCents,
) {
  const clock = handClock();
  const key = fakeKey(clock, counts);
  let requests = 0;
  const behave: Behaviour = (json) => {
    const requestId = `r${++requests}`;
    for (const charged of charges(idOf(json))) {
      key.charge({ ...charged, row: { requestId, ...charged.row } });
    }
    return answered(200, {}, { 'x-oneapi-request-id': requestId });
  };
  return { key, behave, ports: { clock, usageOf: () => key.source } };
}

function tenCents(): readonly Charged[] {
  return [{ quota: TEN_CENTS }];
}

/** For tests only: the evidence that a run has kept, in order. */
export function evidenceOf({ seen }: Made): readonly Evidence[] {
  return seen.lines.flatMap((line) => ('evidence' in line ? [line.evidence] : []));
}

/** For tests only: the exchanges that a run has kept, in order, with what they were charged. */
export function exchangesOf(made: Made): readonly Exchange[] {
  return storedBy(made).exchanges;
}
