import type { Answered, Attempt, Exchange, Outcome } from '../../domain/exchange.ts';
import { chargeLines } from '../charge.ts';
import { counted } from '../counted.ts';
import { curl } from '../curl.ts';
import { spanText } from '../span.ts';
import { indented } from './indented.ts';
import { type Markup, cutTo, markup } from './markup.ts';
import { pictures } from './picture.ts';
import type { Told } from './told.ts';

/** Characters of a request, of a body, of a header, of a reason; the ledger has all of it. */
const MOST_REQUEST = 2000;
const MOST_BODY = 3000;
const MOST_HEADER = 200;
const MOST_REASON = 600;

/** Headers and rows of a charge that are shown, and attempts before the last. */
const MOST_LINES = 20;

/** Headers that tell a reader something: what came, from whom, under which name, and how long to wait. */
const TELLING =
  /^(?:content-(?:type|length)|location|retry-after|server|via|cf-ray|x-(?:new-api|oneapi)-.+|(?:x-)?request-id|x-ratelimit-.+|x-assay-mock)$/;

/** An exchange: a command that repeats its request, what was answered, the images of it, and what was charged. */
export function exchangeMarkup(
  exchange: Exchange,
  keyName: string,
  step: number | undefined,
  thumbnail: Told['thumbnail'],
): Markup {
  const of = step === undefined ? '' : ` ${step}`;
  const command = curl(exchange.sent, keyName);
  const before = exchange.attempts.slice(0, -1);
  const last = exchange.attempts.slice(-1);
  const charge = chargeLines(exchange, Number.MAX_SAFE_INTEGER).map((line) => line.trim());
  return markup`
    <h5>Request${of}</h5>
    <pre>${cutTo(command, MOST_REQUEST)}</pre>${cutNote(command, MOST_REQUEST)}
    <h5>Answer${of}</h5>
    ${before.length === 0 ? undefined : markup`<ol>${before.slice(-MOST_LINES).map(earlier)}</ol>`}
    ${last.map(({ outcome }) => outcomeMarkup(outcome))}
    ${pictures(exchange, thumbnail)}
    ${charge.length === 0 ? undefined : markup`<h5>Charge${of}</h5><pre>${lines(charge)}</pre>`}`;
}

function earlier({ outcome, ms }: Attempt): Markup {
  return markup`<li>${outcomeText(outcome)}, ${spanText(ms)}; sent again</li>`;
}

function outcomeText(outcome: Outcome): string {
  if (outcome.kind === 'answered') return `status ${outcome.status}`;
  return `no answer (${outcome.cause}: ${cutTo(outcome.detail, MOST_REASON)})`;
}

function outcomeMarkup(outcome: Outcome): Markup {
  return markup`
    <p class="status">${outcomeText(outcome)}</p>
    ${outcome.kind === 'answered' ? answer(outcome) : undefined}`;
}

function answer({ headers, body }: Answered): Markup {
  const told = Object.entries(headers)
    .filter(([name]) => TELLING.test(name))
    .map(([name, value]) => `${name}: ${value}`);
  const text = indented(body.text.slice(0, MOST_BODY));
  return markup`
    ${told.length === 0 ? undefined : markup`<pre>${lines(told)}</pre>`}
    ${text === '' ? markup`<p class="note">No body.</p>` : markup`<pre>${text}</pre>`}
    ${cutNote(body.text, MOST_BODY, body.cut)}`;
}

function lines(all: readonly string[]): string {
  return all
    .slice(0, MOST_LINES)
    .map((line) => cutTo(line, MOST_HEADER))
    .join('\n');
}

/** That a text goes on in the ledger, or was longer than that keeps. */
function cutNote(text: string, most: number, isCut = false): Markup | undefined {
  const rest = text.length - most;
  if (rest <= 0 && !isCut) return undefined;
  const where =
    rest > 0 ? `${counted(rest, 'more character')} in the ledger` : 'the rest was not kept';
  return markup`<p class="note">cut: ${where}</p>`;
}
