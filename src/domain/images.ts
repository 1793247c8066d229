import { beginsAsJson, parsedBody } from './body.ts';
import type { Json } from './claim.ts';
import { type EventStream, eventsOf } from './events.ts';
import type { Answered, Body, Fetched, Payload } from './exchange.ts';
import { isMapping } from './gatewayError.ts';
import { spokenBy } from './texts.ts';
import type { Untold } from './verdict.ts';

/** Where in an answer an image stands; images are looked for in this order. */
export const IMAGE_PLACES = ['inline-data', 'data-uri', 'hosted-url'] as const;
type ImagePlace = (typeof IMAGE_PLACES)[number];

/** One image in an answer, or what stands where one should be. */
export interface FoundImage {
  readonly at: ImagePlace;
  /** The type that the answer declares for it. */
  readonly declared?: string;
  /** For a hosted one. */
  readonly url?: string;
  /** Absent where what stands there is no image, or was not fetched. */
  readonly payload?: Payload;
  /** Why it is no whole image. */
  readonly flaw?: string;
  /** Why it cannot be told whether it is one. */
  readonly untold?: Untold;
}

const TOKEN = /^<[^<>]*,sha256:([0-9a-f]{64})>$/;
const DATA_URI = /data:(image\/[\w.+-]+)(?:;[\w=.-]+)*;base64,(<[^<>\s]{1,200}>|[^\s"')<>\\]*)/g;
// Each of these stops where another match may begin, so that a hostile text takes no more than linear time.
const MARKDOWN_IMAGE = /!\[[^[\]]*\]\((https?:\/\/[^\s()]+)\)/g;
const URL_RUN = /https?:\/\/[^\s"'()<>[\]\u3000-\u303f\uff00-\uffef]+/gi;
// What ends a sentence is no part of a query.
const IMAGE_URL = /^.*\.(?:png|jpe?g|webp|gif)(?:\?.*[^.,;:!?*])?/i;

/** Every image in an answer, hosted ones as they were fetched; thoughts left out. */
export function findImages(
  answer: Answered,
  fetched: Readonly<Record<string, Fetched>>,
): readonly FoundImage[] {
  const payloads = new Map(answer.body.payloads.map((payload) => [payload.sha256, payload]));
  const images = spotsOf(answer).map((spot): FoundImage => {
    if (spot.at === 'hosted-url') return hosted(spot.content, fetched[spot.content]);
    if (spot.isSplit === true) return { at: spot.at, untold: IN_PIECES };
    return { at: spot.at, ...declares(spot.declared), ...inlined(spot.content, payloads) };
  });
  return images.toSorted((a, b) => IMAGE_PLACES.indexOf(a.at) - IMAGE_PLACES.indexOf(b.at));
}

/** Payloads are read where they stand whole, before anything else looks at the body. */
const IN_PIECES: Untold = {
  cause: 'unseen',
  detail: 'its base64 comes in pieces, over several events',
};

/** The URLs of the hosted images in an answer, each once. */
export function hostedUrls(answer: Answered): readonly string[] {
  const hosting = spotsOf(answer).filter((spot) => spot.at === 'hosted-url');
  return [...new Set(hosting.map((spot) => spot.content))];
}

/** More than any answer has: those beyond are not looked at, so that a body of addresses takes no more memory than its text. */
const MOST_SPOTS = 10_000;

/** A place in a body where an image stands or should. */
interface Spot {
  readonly at: ImagePlace;
  /** A payload's token, whatever stands in its stead, or a URL. */
  readonly content: string;
  readonly declared?: string;
  /** True for base64 that no event of a stream holds whole. */
  readonly isSplit?: boolean;
}

const known = new WeakMap<Body, readonly Spot[]>();

/** They are looked for when hosted images are to be fetched, and again when the answer is judged. */
function spotsOf(answer: Answered): readonly Spot[] {
  const { body } = answer;
  const stream = eventsOf(answer);
  const spots = known.get(body) ?? (stream === undefined ? lookFor(body) : lookThrough(stream));
  known.set(body, spots);
  return spots;
}

/** No spot is without one of these: an address, a payload's token or type, a member for base64, or an escape that may spell it. */
const TRACE = /https?:|sha256:|base64|b64_json|mime|\\u/i;

function lookFor(body: Body): readonly Spot[] {
  if (!TRACE.test(body.text)) return [];
  const parsed = parsedBody(body);
  return parsed.kind === 'json' ? jsonSpots(parsed.value) : plainSpots(body.text);
}

/** In JSON that does not parse, a thought cannot be told from an answer. */
function plainSpots(text: string): readonly Spot[] {
  if (beginsAsJson(text)) return [];
  return TOKEN.test(text) ? [{ at: 'inline-data', content: text }] : textSpots(text);
}

/** What the Responses API tells while it thinks or draws: its interim images are no answer. */
const INTERIM = /^response\.reasoning|\.partial_image$/;

/** An address may come in pieces, so texts are looked through as a whole; and the last event may repeat what came before. */
function lookThrough({ events }: EventStream): readonly Spot[] {
  const values = events.flatMap(({ json }) => (json.kind === 'json' ? [json.value] : []));
  const answers = values.filter((value) => {
    const type = isMapping(value) ? value['type'] : undefined;
    return !(typeof type === 'string' && INTERIM.test(type));
  });
  const voices = spokenBy(answers);
  const spoken = new Set(voices.flat());
  const spots = [
    ...answers.flatMap((value) => jsonSpots(value, spoken)),
    ...voices.flatMap((pieces) =>
      textSpots(pieces.join('')).map((spot) =>
        isSplit(spot, pieces) ? { ...spot, isSplit: true } : spot,
      ),
    ),
  ];
  return [...new Map(spots.map((spot) => [`${spot.at} ${spot.content}`, spot])).values()];
}

function isSplit({ at, content }: Spot, pieces: readonly string[]): boolean {
  return (
    at === 'data-uri' && !TOKEN.test(content) && !pieces.some((piece) => piece.includes(content))
  );
}

/** What a model thought, what it was asked and why it failed are told beside the answer, and may hold addresses of images. */
const ASIDE: readonly string[] = [
  'reasoning_content',
  'reasoning',
  'thinking',
  'prompt',
  'revised_prompt',
  'error',
];

/** Without those in texts that are looked through elsewhere. */
function jsonSpots(value: Json, elsewhere: ReadonlySet<string> = new Set()): readonly Spot[] {
  const spots: Spot[] = [];
  const visit = (node: Json, at: Spotted): void => {
    if (spots.length >= MOST_SPOTS) return;
    if (typeof node === 'string') {
      const found = stringSpots(node, at) ?? (elsewhere.has(node) ? [] : textSpots(node));
      for (const spot of found) spots.push(spot);
    } else if (Array.isArray(node)) {
      for (const item of node) visit(item as Json, at);
    } else if (isMapping(node)) {
      // An interim image of a thinking model is not its answer (Gemini API, `thought`).
      if (node['thought'] === true) return;
      for (const [member, child] of Object.entries(node)) {
        if (!ASIDE.includes(member)) visit(child, { member, parent: node, within: at.member });
      }
    }
  };
  visit(value, { member: '', within: '' });
  return spots;
}

/** Where in a JSON body a value stands. */
interface Spotted {
  readonly member: string;
  readonly parent?: Readonly<Record<string, Json>>;
  /** The member that holds the parent. */
  readonly within: string;
}

/** Where the answers of the Images API and of chat hold the address of an image under the plain name `url`. */
const URL_HOLDERS: readonly string[] = ['data', 'images', 'image_url'];

/** What a member is by its name, if that says it. Inline data is known by its member, in Gemini's (`inlineData.data`) and OpenAI's (`b64_json`) answers, or by being a payload. */
function stringSpots(
  text: string,
  { member, parent, within }: Spotted,
): readonly Spot[] | undefined {
  const declared = parent?.['mimeType'] ?? parent?.['mime_type'];
  const isInline = member === 'b64_json' || (member === 'data' && typeof declared === 'string');
  if (isInline || TOKEN.test(text)) {
    if (text === '' || (typeof declared === 'string' && !/^image\//i.test(declared))) return [];
    return [{ at: 'inline-data', content: text, ...declares(declared) }];
  }
  const isHosted =
    (member === 'url' && URL_HOLDERS.includes(within)) ||
    ['image_url', 'fileUri', 'file_uri'].includes(member);
  if (isHosted && /^https?:\/\//i.test(text)) return [{ at: 'hosted-url', content: text }];
  return undefined;
}

function textSpots(text: string): readonly Spot[] {
  if (!text.includes(':')) return [];
  const data = matches(text, DATA_URI, ([, declared, content]): Spot => ({
    at: 'data-uri',
    content: content ?? '',
    ...declares(declared),
  }));
  const urls = matches(text, MARKDOWN_IMAGE, ([, url]) => url);
  const bare = matches(
    text.replace(MARKDOWN_IMAGE, ' '),
    URL_RUN,
    ([run]) => IMAGE_URL.exec(run)?.[0],
  );
  return [
    ...data,
    ...[...new Set([...urls, ...bare])].map((url): Spot => ({ at: 'hosted-url', content: url })),
  ];
}

/** What is made of each match in its turn, if anything, and of so many at most. */
function matches<Made>(
  text: string,
  pattern: RegExp,
  make: (match: RegExpExecArray) => Made | undefined,
): readonly Made[] {
  const made: Made[] = [];
  for (const match of text.matchAll(pattern)) {
    const one = make(match);
    if (one !== undefined) made.push(one);
    if (made.length === MOST_SPOTS) break;
  }
  return made;
}

function declares(type: Json | undefined): { declared?: string } {
  return typeof type === 'string' ? { declared: type } : {};
}

function inlined(
  content: string,
  payloads: ReadonlyMap<string, Payload>,
): Pick<FoundImage, 'payload' | 'flaw'> {
  const payload = payloads.get(TOKEN.exec(content)?.[1] ?? '');
  if (payload !== undefined) return whole(payload);
  if (/\s/.test(content)) return { flaw: 'base64 with line breaks or blanks' };
  return { flaw: /^[\w+/=-]*$/.test(content) ? 'base64 of no image' : 'no base64' };
}

function whole(payload: Payload): Pick<FoundImage, 'payload' | 'flaw'> {
  if (!payload.type.startsWith('image/')) return { flaw: `no image, but ${payload.type}` };
  return payload.flaw === undefined ? { payload } : { payload, flaw: payload.flaw };
}

/** Gone, HTML or not an image is the answer's fault; a passing trouble or a refused address says nothing of it (design.md). */
function hosted(url: string, fetched: Fetched | undefined): FoundImage {
  const at = 'hosted-url';
  if (fetched === undefined) {
    return { at, url, untold: { cause: 'unfetched', detail: `${url} was not fetched` } };
  }
  if (fetched.kind === 'unanswered') {
    const cause = fetched.cause === 'guarded' ? 'guarded' : 'unfetched';
    const { detail } = fetched;
    // A refused address comes with its own URL, which is another one after a redirect.
    return {
      at,
      url,
      untold: { cause, detail: detail.startsWith(url) ? detail : `${url}: ${detail}` },
    };
  }
  if (fetched.status === 408 || fetched.status === 429 || fetched.status >= 500) {
    return { at, url, untold: { cause: 'unfetched', detail: `${url} answered ${fetched.status}` } };
  }
  const declared = declares(fetched.type);
  if (fetched.status >= 300 || fetched.status < 200) {
    return { at, url, flaw: `${fetched.status} at ${url}` };
  }
  if (fetched.payload === undefined)
    return { at, url, ...declared, flaw: `no image at ${url}, but ${fetched.type}` };
  return { at, url, ...declared, ...whole(fetched.payload) };
}
