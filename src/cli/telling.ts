import { systemClock } from '../adapters/clock.ts';
import { hmacSha256, sha256 } from '../adapters/sha256.ts';
import type { ToldFile } from '../adapters/told.ts';
import { type Delivery, deliveryOf } from '../domain/delivery.ts';
import { type Redactor, makeRedactor } from '../domain/redact.ts';
import { type SaidWord, messagesOf, newsOf } from '../domain/told.ts';
import type { Clock, Transport } from '../engine/ports.ts';
import { MOST_ATTEMPTS, pauseMs } from '../engine/retry.ts';
import { type ToldText, foldTold } from '../ledger/told.ts';
import type { Delivered, Letter, Notice } from '../report/letter.ts';
import { fitsReceiver, letterBody } from '../report/notify.ts';
import { openNetwork } from './network.ts';
import type { Receiver } from './receiver.ts';

/** The longest that a receiver may take to answer. */
const MOST_ANSWER_MS = 30_000;

/** Whom to tell, and how. */
export interface Telling {
  readonly receiver: Receiver;
  /** Where the pages stand. */
  readonly site: string | undefined;
  /** What becomes of messages of which nobody knows whether they have arrived. */
  readonly inDoubt: 'left' | 'again' | 'arrived';
  readonly startAtWallMs: number;
  readonly signal: AbortSignal;
}

/** Tells what a receiver does not know of some words, and keeps that in the file; of one that is only read, what would be told. */
export async function tellNews(
  words: readonly SaidWord[],
  file: ToldText | ToldFile,
  telling: Telling,
): Promise<Notice> {
  const { receiver, site, inDoubt } = telling;
  const told = foldTold(file.lines);
  const { unknown, changes } = newsOf(told, words, sha256);
  const at = new Date(telling.startAtWallMs).toISOString();
  const fits = fitsReceiver(receiver.name, site);
  const again = inDoubt === 'again' ? told.doubtful : [];
  const letters = [
    ...again.map((message) => ({ message, site, isAgain: true })),
    ...messagesOf(changes, at, fits, sha256).map((message) => ({ message, site, isAgain: false })),
  ];
  const arrived = inDoubt === 'arrived' ? told.doubtful : [];
  const doubtful = inDoubt === 'arrived' ? [] : told.doubtful;
  const notice = {
    at,
    receiver: receiver.name,
    site,
    isFirst: told.words.size === 0,
    unknown: unknown.length,
    unproven: words.filter(({ isSettled }) => !isSettled).length,
    arrived,
    doubtful,
  };
  if (!('append' in file)) {
    return { ...notice, isDry: true, delivered: letters.map((letter) => ({ letter })) };
  }
  if (unknown.length > 0) {
    const known = unknown.map(({ name, word }) => ({ row: name, word }));
    file.append({ kind: 'known', at, words: known });
  }
  for (const { id } of arrived)
    file.append({ kind: 'outcome', at, message: id, came: 'told', detail: 'a person says so' });
  const delivered = await sendAll(letters, file, telling);
  return { ...notice, isDry: false, delivered, doubtful: doubtfulNow(doubtful, delivered) };
}

/** The messages that were in doubt and have not been told since, and those that are so only now. */
function doubtfulNow(before: Notice['doubtful'], delivered: readonly Delivered[]) {
  const came = (kind: Delivery['kind']) =>
    delivered.flatMap(({ letter, delivery }) => (delivery?.kind === kind ? [letter.message] : []));
  const told = new Set(came('told').map(({ id }) => id));
  const all = [...before.filter(({ id }) => !told.has(id)), ...came('doubtful')];
  return [...new Map(all.map((message) => [message.id, message])).values()];
}

/** What sends a letter. */
interface Post {
  readonly receiver: Receiver;
  readonly transport: Pick<Transport, 'send'>;
  readonly redactor: Redactor;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/**
 * Sends one letter after the other. That it is about to be sent is on the disk before it is, and what came of it behind it, so
 * that no crash has it sent twice. Once the receiver is not there, or nobody knows what became of a letter, the rest waits.
 */
async function sendAll(
  letters: readonly Letter[],
  file: ToldFile,
  { receiver, startAtWallMs, signal }: Telling,
): Promise<readonly Delivered[]> {
  if (letters.length === 0) return [];
  const clock = systemClock(startAtWallMs);
  const now = () => new Date(clock.wall()).toISOString();
  const transport = openNetwork(1, receiver.exemptHosts);
  const redactor = makeRedactor(receiver.secrets);
  const delivered: Delivered[] = [];
  try {
    for (const letter of letters) {
      const before = delivered.at(-1)?.delivery?.kind ?? 'told';
      if (signal.aborted || !['told', 'refused'].includes(before)) break;
      const { message } = letter;
      file.append({ kind: 'intent', at: now(), message });
      const delivery = await deliver(letter, { receiver, transport, redactor, clock, signal });
      file.append({ kind: 'outcome', at: now(), message: message.id, ...cameOf(delivery) });
      delivered.push({ letter, delivery });
    }
  } finally {
    await transport.close();
  }
  return [...delivered, ...letters.slice(delivered.length).map((letter) => ({ letter }))];
}

function cameOf(delivery: Delivery) {
  if (delivery.kind === 'told') return { came: 'told' } as const;
  const came = delivery.kind === 'doubtful' ? 'doubtful' : 'not told';
  return { came, detail: delivery.detail } as const;
}

/** Sends a letter, and again as long as its receiver asks for that and says that it has not taken it. */
async function deliver(
  letter: Letter,
  { receiver, transport, redactor, clock, signal }: Post,
): Promise<Delivery> {
  const request = {
    method: 'POST',
    url: receiver.url,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'idempotency-key': letter.message.id,
    },
    body: JSON.stringify({ ...letterBody(receiver.name, letter), ...signature(receiver) }),
    timeoutMs: MOST_ANSWER_MS,
    guarded: true,
  };
  for (let attempts = 1; ; attempts += 1) {
    const sent = await transport.send(request, signal);
    // Before anything of it is shortened: of a secret that is cut, what is left would not be found.
    const outcome = redactor.value(sent.outcome);
    const delivery = deliveryOf(receiver.name, outcome);
    if (delivery.kind !== 'later' || attempts >= MOST_ATTEMPTS) return delivery;
    const pause = pauseMs(outcome, attempts, clock.wall());
    if (pause === undefined) return delivery;
    await clock.sleep(pause, signal);
    if (signal.aborted) return delivery;
  }
}

/** What signs a message for Feishu: the key is the time and the secret, and what is hashed is nothing. It holds for an hour of real time. */
function signature({ signingSecret }: Receiver): object {
  if (signingSecret === undefined) return {};
  const timestamp = String(Math.floor(systemClock().wall() / 1000));
  return { timestamp, sign: hmacSha256(`${timestamp}\n${signingSecret}`, '') };
}
