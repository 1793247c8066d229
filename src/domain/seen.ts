import { type Parsed, parsedBody } from './body.ts';
import { type EventStream, eventsOf } from './events.ts';
import type { Answered, Exchange } from './exchange.ts';
import type { Seen } from './expect/kind.ts';
import { findImages } from './images.ts';
import { textsOf } from './texts.ts';

/** Looks at an answer: parsing, finding images and texts happen once, when an expectation first asks. */
export function look(exchange: Exchange, answer: Answered): Seen {
  const events = once(() => eventsOf(answer));
  const json = () => jsonOf(answer, events());
  const values = once(() => {
    const read = events()?.events.map((event) => event.json) ?? [json()];
    return read.flatMap((one) => (one.kind === 'json' ? [one.value] : []));
  });
  return {
    exchange,
    answer,
    json,
    events,
    values,
    images: once(() => findImages(answer, exchange.fetched)),
    texts: once(() => textsOf(answer)),
  };
}

function jsonOf({ body }: Answered, stream: EventStream | undefined): Parsed {
  if (stream === undefined) return parsedBody(body);
  const { length } = stream.events;
  return {
    kind: 'broken',
    why: `an event stream of ${length} ${length === 1 ? 'event' : 'events'}`,
  };
}

/** Whether an answer is an HTML page, by its declared type or its first tag. */
export function isHtml(answer: Answered): boolean {
  const type = Object.hasOwn(answer.headers, 'content-type')
    ? answer.headers['content-type']
    : undefined;
  return (
    /^\s*text\/html/i.test(type ?? '') ||
    /^\s*<(?:!doctype html|html)\b/i.test(answer.body.text.slice(0, 200))
  );
}

function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => (made ??= { value: make() }).value;
}
