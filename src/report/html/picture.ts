import { type Exchange, type Payload, outcomeOf } from '../../domain/exchange.ts';
import { counted } from '../counted.ts';
import { type Markup, cutTo, markup } from './markup.ts';
import type { Told } from './told.ts';

/** So many images of one exchange are shown. */
const MOST_PICTURES = 8;

/** The longest side of what is drawn, in pixels of the page; a longer address is cut, in characters. */
const SIDE = 160;
const MOST_ADDRESS = 120;

/** An image of an answer, and the address that it was fetched from, if it was not in the answer itself. */
interface Shown {
  readonly payload: Payload;
  readonly url?: string;
}

/** The images of an exchange: each as a small copy where it was kept, else as a frame of its shape; with its figures. */
export function pictures(exchange: Exchange, thumbnail: Told['thumbnail']): Markup | undefined {
  const all = imagesOf(exchange);
  if (all.length === 0) return undefined;
  const rest = all.length - MOST_PICTURES;
  return markup`
    <div class="pictures">${all.slice(0, MOST_PICTURES).map((one) => figure(one, thumbnail))}</div>
    ${rest > 0 ? markup`<p class="note">and ${counted(rest, 'more image')}</p>` : undefined}`;
}

function imagesOf(exchange: Exchange): readonly Shown[] {
  const outcome = outcomeOf(exchange);
  const own = outcome.kind === 'answered' ? outcome.body.payloads : [];
  const hosted = Object.entries(exchange.fetched).flatMap(([url, one]): readonly Shown[] =>
    one.kind === 'answered' && one.payload !== undefined ? [{ payload: one.payload, url }] : [],
  );
  return [...own.map((payload) => ({ payload })), ...hosted];
}

function figure({ payload, url }: Shown, thumbnail: Told['thumbnail']): Markup {
  const { type, bytes, sha256, flaw } = payload;
  const facts = [
    markup`<code>sha256 ${sha256.slice(0, 12)}…</code>`,
    ...(url === undefined ? [] : [markup`hosted at <code>${cutTo(url, MOST_ADDRESS)}</code>`]),
    ...(flaw === undefined ? [] : [markup`<strong>not whole: ${flaw}</strong>`]),
  ];
  return markup`<figure>
    ${drawn(payload, thumbnail(payload))}
    <figcaption>
      <b>${type}, ${sizeText(payload)}</b><br>${bytesText(bytes)}${facts.map((fact) => [BREAK, fact])}
    </figcaption>
  </figure>`;
}

const BREAK = markup`<br>`;

function drawn(payload: Payload, source: string | undefined): Markup {
  const what = `${payload.type}, ${sizeText(payload)}`;
  const [width, height] = shapeOf(payload);
  // Not as an <img>: where a policy forbids even this, nothing is said of it before somebody opens the evidence.
  const style = `width:${width}px;aspect-ratio:${width}/${height};background-image:url(${source})`;
  if (source !== undefined)
    return markup`<div class="copy" role="img" aria-label="Small copy of ${what}" style="${style}"></div>`;
  const frame = `M.5 .5h${width - 1}v${height - 1}h-${width - 1}zL${width} ${height}M${width} 0L0 ${height}`;
  return markup`<svg class="frame" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="Frame of ${what}; no copy is kept"><path d="${frame}"/></svg>`;
}

function sizeText({ width, height }: Payload): string {
  return width === 0 || height === 0 ? 'size not known' : `${width} × ${height}`;
}

/** Width and height in which a payload is drawn: its own shape, as far as that can be seen. */
function shapeOf({ width, height }: Payload): readonly [number, number] {
  if (width === 0 || height === 0) return [SIDE / 2, SIDE / 2];
  const scale = SIDE / Math.max(width, height);
  return [Math.max(4, Math.round(width * scale)), Math.max(4, Math.round(height * scale))];
}

function bytesText(bytes: number): string {
  if (bytes < 10_000) return counted(bytes, 'byte');
  if (bytes < 1_000_000) return `${Math.round(bytes / 1000)} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}
