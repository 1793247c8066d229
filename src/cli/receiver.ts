import { dirname, join } from 'node:path';
import { signingSecretOf, webhookOf } from '../adapters/environment.ts';
import { makeGuard } from '../adapters/guard.ts';
import { sha256 } from '../adapters/sha256.ts';
import type { ReceiverName } from '../domain/delivery.ts';
import { type Asked, isGiven, valueOf } from './arguments.ts';
import { ledgerFolder } from './memory.ts';
import type { Refused } from './output.ts';

/** Where `notify` posts, and where it is remembered what was posted there. */
export interface Receiver {
  readonly name: ReceiverName;
  /** Whoever knows it can post there: it is never printed, and nowhere written. */
  readonly url: string;
  /** With which its messages are signed; absent where they are not. */
  readonly signingSecret?: string;
  /** Texts that would give the address away, and the secret. */
  readonly secrets: readonly string[];
  /** The hosts that may be of this machine or its network: its own, or none. */
  readonly exemptHosts: readonly string[];
  /** The file, in the folder `told` beside the ledger. */
  readonly file: string;
}

/** The receiver that was asked for, or every problem with it; none of them shows its address. */
export function receiverOf(asked: Asked, environment: NodeJS.ProcessEnv): Receiver | Refused {
  const name = valueOf(asked, 'to');
  const variable = valueOf(asked, 'url')?.slice('env:'.length);
  if (name === undefined || variable === undefined)
    return refused('notify needs --to RECEIVER and --url env:NAME');
  const found = webhookOf(variable, environment);
  if ('problem' in found) return { problems: [found.problem] };
  const signing = valueOf(asked, 'sign')?.slice('env:'.length);
  if (signing !== undefined && name !== 'feishu')
    return refused('--sign is for --to feishu, whose bots may ask for a signature');
  const signed = signingSecretOf(signing, environment);
  if ('problem' in signed) return { problems: [signed.problem] };
  const signingSecret = signed.key;
  const isPrivate = isGiven(asked, 'allow-private');
  const url = URL.parse(found.key ?? '');
  if (url === null || !/^https?:$/.test(url.protocol))
    return refused(`what ${variable} holds is no address of a webhook, as https://… is`);
  if (url.protocol === 'http:' && !isPrivate)
    return refused(
      `the webhook in ${variable} is http, which anybody on the way can read`,
      'take https; --allow-private lets a relay on your own network have http',
    );
  if (url.username !== '' || url.password !== '')
    return refused(
      `the webhook in ${variable} holds a user or a password, which would not be sent`,
    );
  const exemptHosts = isPrivate ? [url.hostname] : [];
  // A name is looked up only when there is something to send, and guarded again then.
  const problem = makeGuard({ exemptHosts, lookup: async () => [] }).urlProblem(url.href);
  if (problem !== undefined)
    return refused(
      `the webhook in ${variable} cannot be posted to: ${problem}`,
      '--allow-private lets it be on this machine or its network',
    );
  return {
    name: name as ReceiverName,
    url: url.href,
    ...(signingSecret !== undefined && { signingSecret }),
    secrets: [...new Set([found.key ?? '', signingSecret ?? '', ...secretsOf(url)])],
    exemptHosts,
    file: join(
      dirname(ledgerFolder(asked, false)),
      'told',
      `${sha256(url.href).slice(0, 16)}.jsonl`,
    ),
  };
}

/** Shorter pieces of an address, such as `services`, are words of everybody. */
const LEAST_SECRET = 12;

/**
 * The whole address, and each piece of it that could be what makes it a secret, its host's included: an error of a receiver, or of
 * who cannot reach it, may repeat one.
 */
function secretsOf({ href, hostname, pathname, search, searchParams }: URL): readonly string[] {
  const named = pathname.split('/').flatMap((piece) => [piece, decoded(piece)]);
  const pieces = [...named, ...searchParams.values(), ...hostname.split('.')];
  return [href, pathname + search, ...pieces.filter(({ length }) => length >= LEAST_SECRET)];
}

function decoded(piece: string): string {
  try {
    return decodeURIComponent(piece);
  } catch {
    return piece;
  }
}

function refused(message: string, hint?: string): Refused {
  const more = hint === undefined ? {} : { hint };
  return { problems: [{ severity: 'error', message, ...more, see: 'telling' }] };
}
