import type { Json } from '../claim.ts';
import { errorOf, type EventStream, type StreamEvent } from '../events.ts';
import { isMapping } from '../gatewayError.ts';
import { json } from './json.ts';
import {
  type Kind,
  type Miss,
  type Seen,
  type ValueOf,
  type Zod,
  isUntold,
  shown,
} from './kind.ts';
import { schema } from './schema.ts';

const each = (z: Zod) =>
  z
    .strictObject({ json: json.keys(z).optional(), schema: schema.keys(z).optional() })
    .refine(
      (value) => Object.keys(value).length === 1,
      'an event is held against one of json and schema',
    );
const ends = (z: Zod) =>
  z.union([
    z.string().min(1).describe('the data of the last event, as in "[DONE]"'),
    z.strictObject({ event: z.string().min(1).describe('the name of the last event') }),
    z.strictObject({ json: json.keys(z) }),
  ]);
const keys = (z: Zod) =>
  z
    .union([
      z.literal('any'),
      z
        .strictObject({
          atLeast: z.number().int().min(1).optional().describe('how many events with data; 1'),
          each: z
            .array(each(z))
            .min(1)
            .optional()
            .describe('what the JSON of each event must satisfy'),
          ends: ends(z).optional().describe('how the stream says that it is complete'),
        })
        .refine(
          (value) => Object.keys(value).length > 0,
          'say what the events must be, or write: events: any',
        ),
    ])
    .describe('a whole event stream, of JSON and without an error');

type EventsKeys = ValueOf<typeof keys>;
type Wanted = Exclude<EventsKeys, string>;
type Each = ValueOf<typeof each>;

/** The server-sent events of a stream: that each can be read, that none is an error, that some came, and how they end. */
export const events: Kind<EventsKeys> = {
  name: 'events',
  keys,
  files: (value) => eachOf(value).flatMap((one) => one.schema ?? []),
  check(value, shape) {
    const problems = [...eachOf(value), ...endsOf(value)].map((one) =>
      one.json === undefined ? shapeProblem(one.schema, shape) : json.check?.(one.json, undefined),
    );
    return problems.find((problem) => problem !== undefined);
  },
  judge(value, seen, shape) {
    const stream = seen.events();
    if (stream === undefined) return [{ expected: 'an event stream', actual: otherwise(seen) }];
    const wanted = value === 'any' ? {} : value;
    return [
      ...unreadable(stream, wanted),
      ...errors(stream),
      ...tooFew(stream, wanted),
      ...unlike(stream, wanted, seen, shape),
      ...unended(stream, wanted, seen),
    ];
  },
  names: (value, special) =>
    [...eachOf(value), ...endsOf(value)].some(
      (one) => one.json !== undefined && json.names?.(one.json, special) === true,
    ),
};

function eachOf(value: EventsKeys): readonly Each[] {
  return value === 'any' ? [] : (value.each ?? []);
}

function endsOf(value: EventsKeys): readonly Each[] {
  const end = value === 'any' ? undefined : value.ends;
  return typeof end === 'object' && 'json' in end ? [end] : [];
}

/** The suite brings the shapes of all files that are named, by file. */
function shapeIn(shapes: Json | undefined, file: string): Json | undefined {
  return isMapping(shapes) ? shapes[file] : undefined;
}

function shapeProblem(file: string | undefined, shapes: Json | undefined): string | undefined {
  return file === undefined ? undefined : schema.check?.(file, shapeIn(shapes, file));
}

function otherwise({ answer, json: read }: Seen): string {
  const parsed = read();
  if (parsed.kind === 'json') return `a JSON body: ${shown(parsed.value)}`;
  const type = answer.headers['content-type'];
  return `${type === undefined ? 'no content type' : `content type ${shown(type)}`}, ${parsed.why}`;
}

/** The event that only says that the stream is complete, by its data or its name: it need not be JSON, and is not counted. */
function isTerminator({ name, data }: StreamEvent, { ends: end }: Wanted): boolean {
  if (end === undefined) return false;
  if (typeof end === 'string') return data === end;
  return 'event' in end && name === end.event;
}

/** At most one finding for events that are no JSON, and one for a last event that is not whole. */
function unreadable({ events: all }: EventStream, wanted: Wanted): readonly Miss[] {
  const missed: Miss[] = [];
  const unparsable = all.filter((event) => whyUnreadable(event, wanted) !== undefined);
  const [first] = unparsable;
  if (first !== undefined) {
    const others = unparsable.length > 1 ? `, and ${unparsable.length - 1} more` : '';
    const actual = `${placed(first, all)}: ${whyUnreadable(first, wanted) ?? ''}${others}`;
    missed.push({ what: 'data', expected: 'JSON in each event', actual });
  }
  const open = all.find(({ whole }) => !whole);
  if (open !== undefined) {
    const actual = `${placed(open, all)} breaks off: ${shown(open.data.slice(-60))}`;
    missed.push({ what: 'data', expected: 'a blank line after the last event', actual });
  }
  return missed;
}

function whyUnreadable(event: StreamEvent, wanted: Wanted): string | undefined {
  const { json: read, whole } = event;
  if (read.kind === 'json' || !whole) return undefined;
  return isTerminator(event, wanted) || errorOf(event) !== undefined ? undefined : read.why;
}

function errors({ events: all }: EventStream): readonly Miss[] {
  const failed = all.find((event) => errorOf(event) !== undefined);
  const error = failed && errorOf(failed);
  if (failed === undefined || error === undefined) return [];
  const code = error.code ?? error.type;
  const actual = `${placed(failed, all)}: ${shown(error.message)}${code === undefined ? '' : ` (${code})`}`;
  return [{ what: 'error', expected: 'no event that is an error', actual }];
}

/** A stream that ended without any event is silent, however many comments came. */
function tooFew(stream: EventStream, wanted: Wanted): readonly Miss[] {
  const { length } = stream.events.filter((event) => !isTerminator(event, wanted));
  const { atLeast = 1 } = wanted;
  if (length === 0) {
    const expected = atLeast === 1 ? 'an event with data' : `at least ${atLeast} events with data`;
    return [{ what: 'silence', expected, actual: whatCame(stream) }];
  }
  if (length >= atLeast) return [];
  return [
    { what: 'atLeast', expected: `at least ${atLeast} events with data`, actual: String(length) },
  ];
}

function whatCame({ events: all, comments }: EventStream): string {
  if (all.length > 0) return 'nothing but the terminator';
  const [first] = comments;
  if (first === undefined) return 'nothing';
  return `nothing but ${comments.length === 1 ? 'a comment' : `${comments.length} comments`}: ${shown(first)}`;
}

/** For each condition, the first event that does not meet it. */
function unlike(
  { events: all }: EventStream,
  wanted: Wanted,
  seen: Seen,
  shapes: Json | undefined,
): readonly Miss[] {
  const judged = all.filter(
    (event) =>
      event.json.kind === 'json' && !isTerminator(event, wanted) && errorOf(event) === undefined,
  );
  return eachOf(wanted).flatMap((one) => {
    for (const event of judged) {
      const [miss] = missesOf(one, event, seen, shapes);
      if (miss !== undefined) {
        return [
          {
            ...miss,
            what: `each ${miss.what ?? ''}`,
            actual: `${miss.actual} (${placed(event, all)})`,
          },
        ];
      }
    }
    return [];
  });
}

function missesOf(
  one: Each,
  event: StreamEvent,
  seen: Seen,
  shapes: Json | undefined,
): readonly Miss[] {
  const alone: Seen = { ...seen, json: () => event.json };
  const { json: value, schema: file = '' } = one;
  const judged =
    value === undefined
      ? schema.judge(file, alone, shapeIn(shapes, file))
      : json.judge(value, alone, undefined);
  return isUntold(judged) ? [] : judged;
}

function unended({ events: all }: EventStream, wanted: Wanted, seen: Seen): readonly Miss[] {
  const { ends: end } = wanted;
  const last = all.at(-1);
  // A stream that never began has not ended too early.
  if (end === undefined || last === undefined) return [];
  if (last.whole) {
    if (isTerminator(last, wanted)) return behindTerminator(all, wanted);
    if (typeof end === 'object' && 'json' in end) {
      const [miss] = missesOf(end, last, seen, undefined);
      if (miss === undefined) return [];
    }
  }
  const { json: told } = last;
  const actual = `${placed(last, all)} is the last: ${shown(told.kind === 'json' ? told.value : last.data)}`;
  return [{ what: 'ends', expected: `a last event ${wording(end)}`, actual }];
}

/** A client stops at the first `[DONE]`: what comes behind it is lost. Events of one name may come between others. */
function behindTerminator(all: readonly StreamEvent[], wanted: Wanted): readonly Miss[] {
  const { ends: end } = wanted;
  if (typeof end !== 'string') return [];
  const first = all.findIndex((event) => isTerminator(event, wanted));
  const late = all.find((event, index) => index > first && !isTerminator(event, wanted));
  if (late === undefined) return [];
  const actual = `${placed(late, all)} stands behind the first of them: ${shown(late.data)}`;
  return [{ what: 'ends', expected: `nothing behind ${wording(end)}`, actual }];
}

function wording(end: NonNullable<Wanted['ends']>): string {
  if (typeof end === 'string') return shown(end);
  return 'event' in end ? `called ${shown(end.event)}` : `with ${shown(end.json as Json)}`;
}

function placed(event: StreamEvent, all: readonly StreamEvent[]): string {
  return `event ${all.indexOf(event) + 1} of ${all.length}`;
}
