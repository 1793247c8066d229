import type { IncomingMessage } from 'node:http';
import { type Bill, openBill } from './billing.ts';
import { MOST_BODY_BYTES, readFields } from './body.ts';
import type { Books } from './books.ts';
import { type Call, type Reply, textOf } from './call.ts';
import { type Caller, callerOf, keyOf, refusedCaller } from './caller.ts';
import { type Answer, HTML_PAGE } from './delivery.ts';
import { errorAnswer, refuse, type Refusal, taskAnswer } from './errors.ts';
import type { Ask } from './faults.ts';
import type { Token } from './purse.ts';
import { type Route, routeOf } from './routes.ts';
import { isExhausted, usageAnswer } from './usage-routes.ts';
import { askedVideo, queryVideo } from './video-route.ts';

/** Images that one request can be charged for where it fails. */
const MOST_BILLED = 10;
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
  readonly books: Books;
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

/** What the gateway says, and what is to be charged once that is on its way. */
interface Said {
  readonly answer: Answer | Refusal;
  readonly settle?: () => void;
}

/** What the gateway says to one request, before any fault of transport; the key is told for echoes. */
export async function visit(
  visited: Visit,
): Promise<{ readonly answer: Answer; readonly key: string; readonly settle?: () => void }> {
  const { url, request, ask } = visited;
  const caller = callerOf(url, request.headers, ask, visited.keys);
  const route = request.method === 'POST' ? routeOf(url.pathname) : undefined;
  const { answer, ...rest } =
    route === undefined
      ? { answer: aside(visited, caller, request.method ?? 'GET') }
      : await generation(visited, caller, route);
  return {
    ...rest,
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

async function generation(visited: Visit, caller: Caller, route: Route): Promise<Said> {
  const { request, ask, books } = visited;
  const refused = refusedCaller(caller, ask, visited.keys);
  if (refused !== undefined) return { answer: refused };
  const token = books.purse.tokenOf(keyOf(caller));
  if (isExhausted(token)) return { answer: refuse('key') };
  if (ask('redirect') !== 'none') {
    return { answer: { status: 302, headers: { location: ask('redirect') }, body: {} } };
  }
  if (ask('answer') === 'bare') {
    return { answer: { status: 200, body: { ok: true } } };
  }
  const failure = failing(visited);
  const read = await readFields(request);
  const fields = typeof read === 'object' && 'fields' in read ? read.fields : {};
  const model = route.model ?? textOf(fields['model']) ?? fallback(visited);
  if (failure !== undefined) {
    const bill = model === undefined ? undefined : billFor(visited, token, model, fields);
    return bill === undefined || 'refused' in bill
      ? { answer: failure }
      : settled(bill, failure, 0);
  }
  if (read === 'too-large') return { answer: refuse('too-large', String(MOST_BODY_BYTES)) };
  if ('broken' in read) return { answer: refuse('json', read.broken) };
  if (model === undefined) return { answer: refuse('model') };
  visited.note(model);
  if (!isServed(ask, model)) return { answer: refuse('unknown-model', model) };
  if (caller.channel !== undefined && ask('channel', caller.channel) === 'none') {
    return { answer: refuse('no-channel', model) };
  }
  const bill = billFor(visited, token, model, fields);
  if ('refused' in bill) return { answer: bill };
  const canonical = canonicalOf(ask, model);
  const reply = await route.reply({ ...visited, model, canonical, fields, bill });
  return settled(bill, answerOf(reply), 'made' in reply ? reply.made : 0, 'stream' in reply);
}

function billFor(
  { ask, books, requestId, url }: Visit,
  token: Token,
  model: string,
  { n }: Call['fields'],
): Bill | Refusal {
  const asked = Number.isInteger(Number(n)) ? Math.min(Math.max(Number(n), 1), MOST_BILLED) : 1;
  const path = url.pathname;
  const isTask = path.startsWith('/v1/video/');
  const canonical = canonicalOf(ask, model);
  return openBill(books.purse, ask, { token, model, canonical, requestId, path, asked, isTask });
}

function settled(bill: Bill, answer: Answer | Refusal, made: number, isStream = false): Said {
  const isFailed = 'refused' in answer || answer.status >= 300;
  return { answer, settle: () => bill.settle({ made, isFailed, isStream }) };
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

/** Everything but generations: what was charged, lists of models, videos that were asked for, and the ways in which paths are unknown. */
function aside(visited: Visit, caller: Caller, method: string): Answer | Refusal {
  const { ask, url } = visited;
  const { pathname } = url;
  const usage = method === 'GET' ? readUsage(visited) : undefined;
  if (usage !== undefined) return usage;
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

function readUsage({ ask, url, request, books, ...visited }: Visit): Answer | Refusal | undefined {
  const models = visited.models
    .filter((model) => isServed(ask, model))
    .map((model) => ({ model, canonical: canonicalOf(ask, model) }));
  const address = request.socket.remoteAddress ?? '';
  return usageAnswer({ url, headers: request.headers, address, ask, models }, books);
}
