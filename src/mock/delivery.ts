import { Buffer } from 'node:buffer';
import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import type { Ask } from './faults.ts';

/** What the gateway has decided to say, before any fault of transport. */
export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** An object is sent as JSON, a text as HTML unless the headers say otherwise. */
  readonly body: object | string;
}

/** The web page that new-api serves wherever a path is not its own. */
export const HTML_PAGE =
  '<!doctype html><html><head><title>New API</title></head><body><div id="root"></div></body></html>';

const PIECES = 16;

/** Sends an answer through every fault of transport that is asked for; `key` is what an echo gives away. */
export async function deliver(
  response: ServerResponse,
  answer: Answer,
  ask: Ask,
  key: string,
): Promise<void> {
  const delayMs = Number(ask('delay'));
  if (delayMs > 0) await sleep(delayMs);
  const how = ask('answer');
  if (how === 'never' || response.destroyed) return;
  if (how === 'reset') {
    response.socket?.resetAndDestroy();
    return;
  }
  const body = bodyOf(answer, ask, key);
  const whole =
    how === 'own' || how === 'bare' || how === 'html' || how === 'empty' || how === 'truncated';
  const chunked = !whole || ask('trickle') !== '0' || ask('echo.body') === 'split';
  setHeaders(response, answer, ask, key);
  if (!chunked) response.setHeader('content-length', body.length);
  response.writeHead(answer.status);
  switch (how) {
    case 'stalled':
      response.write(body.subarray(0, body.length >> 1));
      return;
    case 'cut':
      response.write(body.subarray(0, body.length >> 1), () => response.socket?.resetAndDestroy());
      return;
    case 'endless':
      flood(response, body);
      return;
    default:
      await sendPieces(response, body, ask, key);
  }
}

/** Writes without end, as fast as it is read, until the reader goes away. */
export function flood(response: ServerResponse, first: Uint8Array): void {
  const more = Buffer.alloc(2 ** 16, ' ');
  const pour = (): void => {
    while (!response.destroyed && response.write(more));
  };
  response.on('drain', pour);
  response.write(first);
  pour();
}

function bodyOf({ body }: Answer, ask: Ask, key: string): Buffer {
  const how = ask('answer');
  if (how === 'empty') return Buffer.alloc(0);
  const echo = ask('echo.body');
  const told =
    echo === 'none' || typeof body === 'string' ? body : { ...body, echo: spelled(key, echo) };
  const text = how === 'html' ? HTML_PAGE : typeof told === 'string' ? told : JSON.stringify(told);
  // JSON.stringify would escape the backslashes of a key that is spelled with escapes.
  const written = Buffer.from(echo === 'json' ? text.replaceAll('\\\\u', '\\u') : text);
  const cut = how === 'truncated' ? written.subarray(0, written.length >> 1) : written;
  const padded = Buffer.concat([cut, Buffer.alloc(Number(ask('padding')), ' ')]);
  return ask('encoding') === 'gzip' ? gzipSync(padded) : padded;
}

function setHeaders(response: ServerResponse, answer: Answer, ask: Ask, key: string): void {
  const html = typeof answer.body === 'string' || ask('answer') === 'html';
  const headers: Record<string, string> = {
    ...(answer.body !== '' && {
      'content-type': html ? 'text/html; charset=utf-8' : 'application/json; charset=utf-8',
    }),
    ...answer.headers,
  };
  if (ask('encoding') !== 'identity') headers['content-encoding'] = 'gzip';
  if (ask('echo.header') !== 'none') headers['x-echo'] = spelled(key, ask('echo.header'));
  if (ask('headers') !== '0') headers['x-padding'] = 'x'.repeat(Number(ask('headers')));
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  for (const name of response.getHeaderNames()) {
    const value = ask('header', name);
    if (value === 'absent') response.removeHeader(name);
    else if (value !== 'own') response.setHeader(name, value);
  }
}

/** The key in one of the spellings in which a gateway may give it away. */
function spelled(key: string, spelling: string): string {
  const bytes = [...Buffer.from(key)];
  switch (spelling) {
    case 'json':
      return bytes.map((byte) => `\\u${byte.toString(16).padStart(4, '0')}`).join('');
    case 'percent':
      return bytes.map((byte) => `%${byte.toString(16).padStart(2, '0').toUpperCase()}`).join('');
    case 'base64':
      return Buffer.from(key).toString('base64');
    case 'basic':
      return `Basic ${Buffer.from(`${key}:`).toString('base64')}`;
    default:
      return key;
  }
}

async function sendPieces(
  response: ServerResponse,
  body: Buffer,
  ask: Ask,
  key: string,
): Promise<void> {
  const pauseMs = Number(ask('trickle'));
  const middle = ask('echo.body') === 'split' ? body.indexOf(key) + (key.length >> 1) : -1;
  if (middle > 0) {
    response.write(body.subarray(0, middle));
    await sleep(Math.max(pauseMs, 10));
    response.end(body.subarray(middle));
    return;
  }
  if (pauseMs === 0) {
    response.end(body);
    return;
  }
  const size = Math.ceil(body.length / PIECES);
  for (let start = 0; start < body.length && !response.destroyed; start += size) {
    response.write(body.subarray(start, start + size));
    await sleep(pauseMs);
  }
  response.end();
}
