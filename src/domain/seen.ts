import { beginsAsJson, parsedBody } from './body.ts';
import type { Json } from './claim.ts';
import type { Answered, Exchange } from './exchange.ts';
import type { Seen } from './expect/kind.ts';
import { isMapping } from './gatewayError.ts';
import { findImages } from './images.ts';

/** Looks at an answer: parsing, finding images and texts happen once, when an expectation first asks. */
export function look(exchange: Exchange, answer: Answered): Seen {
  const json = () => parsedBody(answer.body);
  const value = () => {
    const parsed = json();
    return parsed.kind === 'json' ? parsed.value : undefined;
  };
  return {
    exchange,
    answer,
    json,
    images: once(() => findImages(answer.body, exchange.fetched)),
    texts: once(() => textsOf(value(), answer)),
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

/** Gemini's text parts, chat's message contents, or a body that is no JSON as it stands. */
function textsOf(value: Json | undefined, answer: Answered): readonly string[] {
  if (value === undefined) return beginsAsJson(answer.body.text) ? [] : [answer.body.text];
  if (!isMapping(value)) return [];
  const parts = items(value['candidates']).flatMap((candidate) =>
    items(member(member(candidate, 'content'), 'parts')),
  );
  const spoken = parts
    .filter((part) => member(part, 'thought') !== true)
    .map((part) => member(part, 'text'));
  const contents = items(value['choices']).map((choice) =>
    member(member(choice, 'message'), 'content'),
  );
  const pieces = contents.flatMap((content) =>
    Array.isArray(content) ? content.map((piece) => member(piece as Json, 'text')) : [content],
  );
  return [...spoken, ...pieces].filter((text) => typeof text === 'string');
}

function items(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : [];
}

function member(value: Json | undefined, name: string): Json | undefined {
  return isMapping(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}
