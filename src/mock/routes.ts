import type { Call, Reply } from './call.ts';
import { editsRoute } from './edits-route.ts';
import { imagesRoute } from './images-route.ts';
import { nativeRoute } from './native-route.ts';
import { chatRoute, nativeStream } from './streams.ts';
import { createVideo } from './video-route.ts';

/** A path on which something is made, and costs something; the model may stand in it. */
interface Routed {
  readonly path: RegExp;
  readonly reply: (call: Call) => Reply | Promise<Reply>;
}

/** What answers a request, and the model that its path names. */
export interface Route extends Pick<Routed, 'reply'> {
  readonly model?: string;
}

const ROUTES: readonly Routed[] = [
  { path: /^\/v1beta\/models\/([^/:]+):generateContent$/, reply: nativeRoute },
  { path: /^\/v1beta\/models\/([^/:]+):streamGenerateContent$/, reply: nativeStream },
  { path: /^\/v1\/images\/generations$/, reply: imagesRoute },
  { path: /^\/v1\/images\/edits$/, reply: editsRoute },
  { path: /^\/v1\/chat\/completions$/, reply: chatRoute },
  { path: /^\/v1\/video\/create$/, reply: createVideo },
];

/** The route of a path, and the model that the path names. */
export function routeOf(pathname: string): Route | undefined {
  for (const { path, reply } of ROUTES) {
    const found = path.exec(pathname);
    if (found === null) continue;
    return found[1] === undefined ? { reply } : { reply, model: decodeURIComponent(found[1]) };
  }
  return undefined;
}
