import { alias } from './alias.ts';
import { charged } from './charged.ts';
import { events } from './events.ts';
import { header } from './header.ts';
import { image } from './image.ts';
import { json } from './json.ts';
import type { Kind } from './kind.ts';
import { latency } from './latency.ts';
import { observed } from './observed.ts';
import { rejected } from './rejected.ts';
import { schema } from './schema.ts';
import { status } from './status.ts';
import { text } from './text.ts';

/**
 * Every kind of expectation by the name that suites use.
 * A kind's value is whatever its own keys let through, so the table cannot name one type for all.
 */
// oxlint-disable-next-line typescript/no-explicit-any -- each value was parsed by the keys of the kind that judges it
export const kinds: Readonly<Record<string, Kind<any>>> = {
  status,
  rejected,
  header,
  json,
  schema,
  image,
  text,
  events,
  alias,
  charged,
  latency,
  observed,
};
