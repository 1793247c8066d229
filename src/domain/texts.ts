import { beginsAsJson, parsedBody } from './body.ts';
import type { Json } from './claim.ts';
import { eventsOf } from './events.ts';
import type { Answered } from './exchange.ts';
import { isMapping } from './gatewayError.ts';

/**
 * What a reader of an answer sees as text: Gemini's text parts, chat's message contents, or a body that is no JSON as it
 * stands. Of an event stream: what each voice says over all events, then what each event says.
 */
export function textsOf(answer: Answered): readonly string[] {
  const stream = eventsOf(answer);
  if (stream !== undefined) {
    const voices = spokenBy(
      stream.events.flatMap(({ json }) => (json.kind === 'json' ? [json.value] : [])),
    );
    return [...new Set([...voices.map((pieces) => pieces.join('')), ...voices.flat()])];
  }
  const parsed = parsedBody(answer.body);
  if (parsed.kind === 'json') return spokenIn(parsed.value).map(({ text }) => text);
  return beginsAsJson(answer.body.text) ? [] : [answer.body.text];
}

/** The pieces of each voice in a stream: of one candidate, choice or content block, in the order in which they came. */
export function spokenBy(values: readonly Json[]): readonly (readonly string[])[] {
  const spoken = values.flatMap((value) => [...spokenIn(value), ...deltasIn(value)]);
  return [...Map.groupBy(spoken, ({ voice }) => voice).values()].map((pieces) =>
    pieces.map(({ text }) => text),
  );
}

interface Spoken {
  readonly voice: string;
  readonly text: string;
}

/** Thoughts are no part of the answer. */
function spokenIn(value: Json): readonly Spoken[] {
  const candidates = items(value, 'candidates').flatMap((candidate) =>
    items(member(candidate, 'content'), 'parts')
      .filter((part) => member(part, 'thought') !== true)
      .flatMap((part) => said(`candidate ${numberOf(candidate)}`, member(part, 'text'))),
  );
  const choices = items(value, 'choices').flatMap((choice) =>
    contents(choice, member(member(choice, 'message'), 'content')),
  );
  return [...candidates, ...choices];
}

/** Of OpenAI's chat and Responses API, and of Anthropic, whose thoughts come under other names. */
function deltasIn(value: Json): readonly Spoken[] {
  const choices = items(value, 'choices').flatMap((choice) =>
    contents(choice, member(member(choice, 'delta'), 'content')),
  );
  const type = member(value, 'type');
  const delta = member(value, 'delta');
  if (type === 'content_block_delta')
    return said(`block ${numberOf(value)}`, member(delta, 'text'));
  if (type === 'response.output_text.delta') return said('output', delta);
  return choices;
}

/** A content is a text, or a list of pieces that have one each. */
function contents(choice: Json, content: Json | undefined): readonly Spoken[] {
  const pieces = Array.isArray(content)
    ? content.map((piece) => member(piece as Json, 'text'))
    : [content];
  return pieces.flatMap((piece) => said(`choice ${numberOf(choice)}`, piece));
}

function said(voice: string, text: Json | undefined): readonly Spoken[] {
  return typeof text === 'string' ? [{ voice, text }] : [];
}

function numberOf(value: Json): string {
  const index = member(value, 'index');
  return typeof index === 'number' ? String(index) : '0';
}

function items(value: Json | undefined, name: string): readonly Json[] {
  const list = member(value, name);
  return Array.isArray(list) ? (list as readonly Json[]) : [];
}

function member(value: Json | undefined, name: string): Json | undefined {
  return isMapping(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}
