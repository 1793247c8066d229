import { crc32, gzipSync } from 'node:zlib';
import { writeImage } from '../image/write.ts';
import { KEY } from './desk.fixture.ts';
import {
  type Hostile,
  type Wire,
  endlessly,
  LARGE_MIB,
  pour,
  respond,
  trickle,
} from './hostile.fixture.ts';

const MIB = 1 << 20;
const IMAGE = Buffer.from(writeImage({ format: 'png', width: 1024, height: 1024 }));
const PNG = { headers: 'Content-Type: image/png\r\n' };
const HEAD = 'HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n';
const ANY = [{ image: 'any' }] as const;

/** Servers whose images are hostile, above all those that they host. */
export const HOSTILE_IMAGES: Readonly<Record<string, Hostile>> = {
  'hosts an image that needs the key': hosting(
    respond('{"error":{"message":"Invalid token"}}', { status: '401 Unauthorized' }),
    1,
    /a whole image, 401 at/,
  ),
  'hosts an image without end': hosting(
    pour(`${HEAD}\r\n`, IMAGE),
    3,
    /^unfetched: .*more than/,
    LARGE_MIB.of24,
  ),
  'hosts an image that trickles': {
    ...hosting(trickle(`${HEAD}\r\n`, endlessly('x'), 50), 3, /^unfetched: .*within/),
    timeout: '1s',
  },
  'hosts an image that never comes': {
    ...hosting(() => {}, 3, /^unfetched: .*within/),
    timeout: '1s',
  },
  'hosts an image at a redirect to itself': hosting(
    (wire) => redirect(wire, wire.hosted),
    3,
    /^unfetched: .*more than 5 redirects/,
  ),
  'hosts an image at a redirect inwards': hosting(
    (wire) => redirect(wire, 'http://127.0.0.2:9/a.png'),
    3,
    /^guarded: .*loopback/,
  ),
  // A stand-in for every address inside: a guard that fails must not send anybody to a real one.
  'hosts an image at a redirect inwards, spelled in octal': hosting(
    (wire) => redirect(wire, 'http://0177.0.0.2:9/latest/meta-data/'),
    3,
    /^guarded: .*loopback/,
  ),
  'hosts an image at a redirect to a file': hosting(
    (wire) => redirect(wire, 'file:///etc/passwd'),
    3,
    /^guarded: .*file:/,
  ),
  'hosts an image at a redirect to nowhere': hosting(
    (wire) => redirect(wire, 'http://[::ffff:7f00:2]:99999/'),
    3,
    /^guarded: /,
  ),
  'hosts an image that breaks off': hosting(
    ({ socket }) => {
      socket.write(
        Buffer.concat([Buffer.from(`${HEAD}Content-Length: 999999\r\n\r\n`), IMAGE]),
        () => socket.resetAndDestroy(),
      );
    },
    3,
    /^unfetched/,
  ),
  'hosts a gzip bomb for an image': hosting(
    (wire) =>
      respond(gzipSync(Buffer.alloc(65 * MIB)), {
        headers: 'Content-Encoding: gzip\r\nContent-Type: image/png\r\n',
      })(wire),
    3,
    /^unfetched/,
    LARGE_MIB.of24,
  ),
  'hosts a page for an image': hosting(
    respond('<html>', { headers: 'Content-Type: text/html\r\n' }),
    1,
    /no image at/,
  ),
  'hosts a drawing that is a program': hosting(
    respond('<svg onload="alert(1)"/>', { headers: 'Content-Type: image/svg+xml\r\n' }),
    1,
    /no image at/,
  ),
  'hosts an image of absurd dimensions': {
    ...hosting(respond(absurd(), PNG), 1, /4294967295x4294967295/),
    expect: [{ image: { size: '4K' } }],
  },
  'hosts an image that unpacks to a gigabyte': hosting(
    respond(writeImage({ format: 'png', width: 16_384, height: 16_384 }), PNG),
    0,
    /^pass$/,
    LARGE_MIB.of24,
  ),
  'hosts an image whose address bears the key': {
    ...hosting(respond(IMAGE, PNG), 3, /^guarded: .*secret/),
    answer: (wire) => images([`${wire.hosted}?token=${KEY}`])(wire),
  },
  'hosts 10,000 images': {
    ...hosting(respond(IMAGE, PNG), 3, /^unfetched: .*was not fetched/),
    answer: (wire) =>
      images(Array.from({ length: 10_000 }, (_, at) => `${wire.hosted}?${at}`))(wire),
  },
  'hosts a hundred images that never come': {
    ...hosting(() => {}, 3, /^unfetched/),
    answer: (wire) => images(Array.from({ length: 100 }, (_, at) => `${wire.hosted}?${at}`))(wire),
    timeout: '2s',
  },
  'names a million addresses of one image': {
    ...chat(() => 'http://[::1]/a.png '.repeat(1_000_000)),
    exit: 1,
    said: /no image in any shape/,
  },
  'names a million addresses of images': {
    ...chat(() => Array.from({ length: 1_000_000 }, (_, at) => `http://h/${at}.png`).join(' ')),
    exit: 1,
    said: /1, 10000/,
  },
  'sends 600,000 images that are none': {
    answer: (wire) => respond(`{"data":[${'{"b64_json":"x"},'.repeat(600_000)}0]}`)(wire),
    expect: ANY,
    exit: 1,
    said: /JSON of more than 1048576 values/,
    mostMiB: LARGE_MIB.of24,
  },
  'sends 100,000 small images': {
    answer: (wire) => respond(`{"data":[${`{"b64_json":"${small()}"},`.repeat(100_000)}0]}`)(wire),
    expect: ANY,
    exit: 1,
    said: /base64 of no image/,
    mostMiB: LARGE_MIB.of24,
  },
};

/** A server whose model says this, where one image is expected. */
function chat(say: () => string): Pick<Hostile, 'answer' | 'expect' | 'mostMiB'> {
  return {
    answer: (wire) => respond(JSON.stringify({ choices: [{ message: { content: say() } }] }))(wire),
    expect: [{ image: { count: 1 } }],
    mostMiB: LARGE_MIB.of24,
  };
}

/** A server that answers with the address of one image. */
function hosting(
  hosted: (wire: Wire) => void,
  exit: Hostile['exit'],
  said: RegExp,
  mostMiB?: number,
): Hostile {
  return {
    answer: (wire) => images([wire.hosted])(wire),
    hosted,
    expect: ANY,
    exit,
    said,
    ...(mostMiB !== undefined && { mostMiB }),
  };
}

function images(urls: readonly string[]): (wire: Wire) => void {
  return respond(JSON.stringify({ data: urls.map((url) => ({ url })) }));
}

function redirect(wire: Wire, location: string): void {
  respond('', { status: '302 Found', headers: `Location: ${location}\r\n` })(wire);
}

/** Whole to whoever believes the header: its checksum is right. */
function absurd(): Uint8Array {
  const bytes = Buffer.from(IMAGE);
  bytes.fill(0xff, 16, 24);
  bytes.writeUInt32BE(crc32(bytes.subarray(12, 29)), 29);
  return bytes;
}

function small(): string {
  return Buffer.from(writeImage({ format: 'png', width: 1, height: 1 })).toString('base64');
}
