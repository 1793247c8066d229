import { type Call, type Fields, fieldsOf, type Reply, textOf } from './call.ts';
import { errorAnswer, refuse } from './errors.ts';
import { nativeRoute } from './native-route.ts';

/** `POST /v1beta/models/{model}:streamGenerateContent`: what generateContent says, piece by piece; without `alt=sse` as one list. */
export function nativeStream(call: Call): Reply {
  const reply = nativeRoute(call);
  if (!('json' in reply)) return reply;
  const chunks = nativeChunks(fieldsOf(reply.json));
  if (call.url.searchParams.get('alt') !== 'sse') return { ...reply, json: chunks };
  return { stream: eventStream(call, chunks), made: reply.made };
}

/** A chunk for each piece, and an empty one with the reason why it ends and the usage. Google sends no terminator. */
function nativeChunks(answer: Fields): readonly object[] {
  const { candidates, usageMetadata, ...identity } = answer;
  const [candidate] = Array.isArray(candidates) ? candidates.map(fieldsOf) : [];
  if (candidate === undefined) return [answer];
  const { content, finishReason, ...rest } = candidate;
  const { parts, role } = fieldsOf(content);
  const chunk = (piece: object, ending: object): object => ({
    candidates: [{ content: { parts: [piece], role }, ...ending, ...rest }],
    ...identity,
  });
  return [
    ...piecesOf(parts).map((piece) => chunk(piece, {})),
    {
      ...chunk({ text: '' }, { finishReason }),
      ...(usageMetadata !== undefined && { usageMetadata }),
    },
  ];
}

/** A text comes in two pieces, cut where no address can stand; anything else comes whole. */
function piecesOf(parts: unknown): readonly Fields[] {
  return (Array.isArray(parts) ? parts.map(fieldsOf) : []).flatMap((part) => {
    const text = textOf(part['text']) ?? '';
    const middle = text.indexOf(' ') + 1;
    if (middle === 0) return [part];
    return [text.slice(0, middle), text.slice(middle)].map((piece) => ({ ...part, text: piece }));
  });
}

/** `POST /v1/chat/completions`: the native answer as new-api converts it for chat, at once or as a stream that ends in `[DONE]`. */
export function chatRoute(call: Call): Reply {
  const { fields, at, requestId, model } = call;
  const asked = Array.isArray(fields['messages']) ? fields['messages'].map(fieldsOf) : [];
  const contents = asked.map(({ content }) => ({ parts: [{ text: textOf(content) ?? '' }] }));
  const generationConfig = { responseModalities: fields['modalities'] };
  const reply = nativeRoute({ ...call, fields: { contents, generationConfig } });
  if (!('json' in reply)) return reply;

  const { candidates } = fieldsOf(reply.json);
  const [candidate] = Array.isArray(candidates) ? candidates.map(fieldsOf) : [];
  const pieces = piecesOf(fieldsOf(candidate?.['content'])['parts']).flatMap(contentOf);
  const finish = candidate === undefined ? 'content_filter' : 'stop';
  const head = { id: `chatcmpl-${requestId}`, created: Math.floor(at.getTime() / 1000), model };
  const chunk = (delta: object, reason: string | null): object => ({
    ...head,
    object: 'chat.completion.chunk',
    choices: [{ index: 0, delta, finish_reason: reason }],
  });
  if (fields['stream'] === true) {
    const chunks = [
      chunk({ role: 'assistant', content: '' }, null),
      ...pieces.map((content) => chunk({ content }, null)),
      chunk({}, finish),
    ];
    return { stream: eventStream(call, chunks, '[DONE]'), made: reply.made };
  }
  const message = { role: 'assistant', content: pieces.join('') };
  const choices = [{ index: 0, message, finish_reason: finish }];
  return { json: { ...head, object: 'chat.completion', choices }, made: reply.made };
}

/** Chat has texts only: an image becomes Markdown, and thoughts are left out. */
function contentOf(part: Fields): readonly string[] {
  if (part['thought'] === true) return [];
  const { mimeType, data } = fieldsOf(part['inlineData']);
  if (typeof data === 'string') return [`![image](data:${String(mimeType)};base64,${data})`];
  const text = textOf(part['text']);
  return text === undefined ? [] : [text];
}

/** Events with JSON as data, with a comment that keeps the connection alive, as far as the fault `stream` lets them be. */
function eventStream(
  { ask, model, requestId }: Call,
  chunks: readonly object[],
  terminator?: string,
): string {
  const alive = ': PING\n\n';
  const [first = '', ...others] = chunks.map((chunk) => JSON.stringify(chunk));
  const end = terminator ?? others.pop();
  const broken = (event: string) => [first, event, ...others, end];
  const error = errorAnswer(refuse('fail', model), ask, { requestId, english: true });
  switch (ask('stream')) {
    case 'unparsable':
      return alive + written(broken(first.slice(0, first.length >> 1)));
    case 'error':
      return alive + written(broken(JSON.stringify(error.body)));
    case 'silent':
      return alive.repeat(3);
    case 'unterminated':
      return alive + written([first, ...others]);
    case 'cut':
      return alive + written([first, ...others, end]).slice(0, -3);
    default:
      return alive + written([first, ...others, end]);
  }
}

function written(events: readonly (string | undefined)[]): string {
  return events.map((data) => (data === undefined ? '' : `data: ${data}\n\n`)).join('');
}
