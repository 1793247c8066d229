import { Buffer } from 'node:buffer';
import type { Bill } from './billing.ts';
import { type Call, type Reply, textOf } from './call.ts';
import type { Answer } from './delivery.ts';
import { type ErrorName, ERROR_NAMES, refuse, type Refusal } from './errors.ts';
import type { Ask } from './faults.ts';

const QUERY = '/v1/video/query';
const QUERY_BY_PATH = /^\/v1\/video\/([^/]+)$/;

/** Videos that are remembered; older ones are unknown. */
const KEPT_VIDEOS = 1000;

/** A hosted film. */
export interface Film {
  readonly format: 'mp4';
}

/** The smallest file that calls itself an MP4: a file type box, and no picture (ISO/IEC 14496-12, 4.3). */
export const FILM_FILE = Buffer.concat([
  Buffer.from([0, 0, 0, 20]),
  Buffer.from('ftypisom'),
  Buffer.from([0, 0, 2, 0]),
  Buffer.from('isom'),
]);

interface Video {
  readonly url: string;
  /** In Unix seconds. */
  readonly since: number;
  readonly bill: Bill;
  /** How often it was asked for. */
  asked: number;
  isRefunded: boolean;
}

/** The videos that were asked for, by id. */
export type Videos = Map<string, Video>;

/** The id of the video that a request asks for, by path or query; nothing for another request. */
export function askedVideo(method: string, { pathname, searchParams }: URL): string | undefined {
  if (method !== 'GET') return undefined;
  if (pathname === QUERY) return searchParams.get('id') ?? '';
  const id = QUERY_BY_PATH.exec(pathname)?.[1];
  return id === undefined ? undefined : decodeURIComponent(id);
}

/** `POST /v1/video/create`: takes a prompt, and answers at once with the id of a video that is still to be made. */
export function createVideo(call: Call): Reply {
  const { videos, bill, ask, model, canonical, fields, requestId, at } = call;
  const failure = ask('video', model, canonical);
  const error: ErrorName | undefined = ERROR_NAMES.find((name) => name === failure);
  if (error !== undefined) return refuse(error, model);
  if (textOf(fields['prompt']) === undefined) return refuse('prompt');
  const id = `task_${requestId}`;
  const since = Math.floor(at.getTime() / 1000);
  const url = call.archive({ format: 'mp4' }, 0);
  videos.set(id, { url, since, bill, asked: 0, isRefunded: false });
  const [oldest] = videos.keys();
  if (videos.size > KEPT_VIDEOS && oldest !== undefined) videos.delete(oldest);
  return {
    json: { ...member('id', id, ask('video.id')), status: 'pending', status_update_time: since },
    made: 1,
  };
}

/** `GET /v1/video/{id}`, or `/v1/video/query?id=`: how a video is coming along, and where it is. */
export function queryVideo(
  id: string,
  videos: Videos,
  behaviour: (turn: number) => Ask,
): Answer | Refusal {
  const video = videos.get(id);
  if (video === undefined) return refuse('video', id);
  const turn = video.asked++;
  const ask = behaviour(turn);
  const status = ask('video.query');
  const message = `status ${status}`;
  if (status !== 'ok') {
    return { status: Number(status), body: { code: `status_${status}`, message, data: null } };
  }
  const end = ask('video.end');
  const isDone = turn >= Number(ask('video.polls')) && end !== 'never';
  if (isDone && end === 'failed' && !video.isRefunded) {
    video.isRefunded = true;
    video.bill.giveBack('the video failed');
  }
  return {
    status: 200,
    body: {
      id,
      status: isDone ? end : 'processing',
      status_update_time: video.since + turn,
      ...(isDone && end === 'succeeded' && member('url', video.url, ask('video.url'))),
    },
  };
}

function member(name: string, own: string, how: string): object {
  if (how === 'absent') return {};
  return { [name]: how === 'own' ? own : how === 'null' ? null : how };
}
