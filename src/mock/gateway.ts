import { Buffer } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { type Call, fieldsOf, type Reply, textOf } from './call.ts';
import { type Caller, callerOf, refusedCaller } from './caller.ts';
import { type Answer, HTML_PAGE } from './delivery.ts';
import { formFields } from './edits-route.ts';
import { errorAnswer, refuse, type Refusal, taskAnswer } from './errors.ts';
import type { Ask } from './faults.ts';
import { routeOf } from './routes.ts';
import { askedVideo, queryVideo } from './video-route.ts';

const MOST_BODY_BYTES = 128 * 2 ** 20;
const NOT_IMPLEMENTED = ['/v1/files', '/v1/images/variations'];

/** One request as the gateway takes it up, and what it lends to the routes. */
export interface Visit extends Pick<
  Call,
  'requestId' | 'at' | 'videos' | 'archive' | 'fetchReference'
> {
  readonly request: IncomingMessage;
  readonly url: URL;
  readonly ask: Ask;
  readonly keys: readonly string[] | undefined;
  /** Every model that the world or a fault names, aliases included. */
  readonly models: readonly string[];
  /** How the gateway behaves at any turn: each video counts its own. */
  readonly behaviour: (turn: number) => Ask;
  /** How many generations came before this one. */
  readonly turn: number;
  /** Tells the log which model was asked for. */
  readonly note: (model: string) => void;
}

/** Whether a request would make something, and cost something. */
export function isGeneration(method: string, pathname: string): boolean {
  return method === 'POST' && routeOf(pathname) !== undefined;
}

/** What the gateway says to one request, before any fault of transport; the key is told for echoes. */
export async function visit(
  visited: Visit,
): Promise<{ readonly answer: Answer; readonly key: string }> {
  const { url, request, ask } = visited;
  const caller = callerOf(url, request.headers, ask, visited.keys);
  const answer = await answerTo(visited, caller);
  return {
    key: caller.key,
    answer: 'refused' in answer ? refusalAnswer(visited, caller, answer) : answer,
  };
}

function refusalAnswer(
  { ask, requestId, url }: Visit,
  { english }: Caller,
  refusal: Refusal,
): Answer {
  const said = url.pathname.startsWith('/v1/video/') ? taskAnswer : errorAnswer;
  return said(refusal, ask, { requestId, english });
}

async function answerTo(visited: Visit, caller: Caller): Promise<Answer | Refusal> {
  const { request, url, ask } = visited;
  const method = request.method ?? 'GET';
  const { pathname } = url;
  const route = method === 'POST' ? routeOf(pathname) : undefined;
  if (route === undefined) {
    return aside(visited, caller, method);
  }
  const refused = refusedCaller(caller, ask, visited.keys);
  if (refused !== undefined) return refused;
  if (ask('redirect') !== 'none') {
    return { status: 302, headers: { location: ask('redirect') }, body: {} };
  }
  if (ask('answer') === 'bare') {
    return { status: 200, body: { ok: true } };
  }
  const failure = failing(visited);
  if (failure !== undefined) {
    return failure;
  }
  const read = await readFields(request);
  if (read === 'too-large') return refuse('too-large', String(MOST_BODY_BYTES));
  if ('broken' in read) return refuse('json', read.broken);
  const model = route.model ?? textOf(read.fields['model']) ?? fallback(visited);
  if (model === undefined) return refuse('model');
  visited.note(model);
  const canonical = canonicalOf(ask, model);
  if (!isServed(ask, model)) return refuse('unknown-model', model);
  if (caller.channel !== undefined && ask('channel', caller.channel) === 'none') {
    return refuse('no-channel', model);
  }
  const call: Call = { ...visited, model, canonical, fields: read.fields };
  return answerOf(await route.reply(call));
}

function answerOf(reply: Reply): Answer | Refusal {
  if ('json' in reply) return { status: 200, body: reply.json };
  if ('refused' in reply) return reply;
  const headers = { 'content-type': 'text/event-stream' };
  return { status: 200, headers, body: reply.stream };
}

function canonicalOf(ask: Ask, model: string): string {
  const alias = ask('alias', model);
  return alias === 'none' ? model : alias;
}

/** An alias is served even where nothing is known of the model behind it. */
function isServed(ask: Ask, model: string): boolean {
  const state = ask('model', model, canonicalOf(ask, model));
  return state === 'listed' ? ask('alias', model) !== 'none' : state === 'served';
}

/** Without the need to name one, the first model that the Images route serves. */
function fallback({ ask, models }: Visit): string | undefined {
  return ask('model.required') === 'yes'
    ? undefined
    : models.find((model) => ask('images', model) === 'ok');
}

/** A failure that has nothing to do with what was asked: fails always, or for the first so many. */
function failing({ ask, turn }: Visit): Answer | undefined {
  const first = Number(ask('throttle'));
  const fail = ask('fail');
  const status = fail === 'none' && first > 0 ? 429 : Number(fail);
  if (Number.isNaN(status) || (first > 0 && turn >= first)) return undefined;
  const after = ask('retry-after');
  const headers = after === 'absent' ? {} : { 'retry-after': after };
  const body = ask('fail.body');
  if (body !== 'json') return { status, headers, body: body === 'html' ? HTML_PAGE : '' };
  const error = {
    message: `status ${status}`,
    type: 'new_api_error',
    param: '',
    code: `status_${status}`,
  };
  return { status, headers, body: { error } };
}

async function readFields(
  request: IncomingMessage,
): Promise<{ readonly fields: Call['fields'] } | { readonly broken: string } | 'too-large'> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= MOST_BODY_BYTES) chunks.push(chunk);
  }
  if (bytes > MOST_BODY_BYTES) return 'too-large';
  const body = Buffer.concat(chunks);
  const type = request.headers['content-type'] ?? '';
  try {
    if (/^multipart\/form-data\b/i.test(type)) return { fields: await formFields(body, type) };
    return { fields: fieldsOf(JSON.parse(body.toString())) };
  } catch (error) {
    return { broken: error instanceof Error ? error.message : String(error) };
  }
}

/** Everything but generations: status, lists of models, videos that were asked for, and the ways in which paths are unknown. */
function aside(visited: Visit, caller: Caller, method: string): Answer | Refusal {
  const { ask, url } = visited;
  const { pathname } = url;
  if (method === 'GET' && pathname === '/api/status') {
    const data = {
      version: ask('gateway.version'),
      quota_per_unit: 500_000,
      quota_display_type: 'USD',
      enable_batch_update: false,
      setup: true,
    };
    return { status: 200, body: { success: true, message: '', data } };
  }
  if (method === 'GET' && (pathname === '/v1/models' || pathname === '/v1beta/models')) {
    const refused = refusedCaller(caller, ask, visited.keys);
    if (refused !== undefined) return refused;
    const models = visited.models.filter((model) => isServed(ask, model));
    const openai = models.map((id) => ({ id, object: 'model', owned_by: 'custom' }));
    const google = models.map((id) => ({ name: `models/${id}` }));
    return pathname === '/v1/models'
      ? { status: 200, body: { success: true, object: 'list', data: openai } }
      : { status: 200, body: { models: google } };
  }
  const video = askedVideo(method, url);
  if (video !== undefined) {
    return (
      refusedCaller(caller, ask, visited.keys) ??
      queryVideo(video, visited.videos, visited.behaviour)
    );
  }
  if (NOT_IMPLEMENTED.includes(pathname)) return refuse('not-implemented');
  if (/^\/(v1|api|assets)/.test(pathname)) return refuse('path', `${method} ${pathname}`);
  return { status: 200, body: HTML_PAGE };
}
