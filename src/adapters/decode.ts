import {
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createZstdDecompress,
} from 'node:zlib';
import type { Unanswered } from '../domain/exchange.ts';
import { PIECE } from '../image/reduce.ts';
import type { Intake } from './body.ts';
import { faultOf } from './faults.ts';

const DECODERS = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
  zstd: createZstdDecompress,
} as const;

/** No honest answer is encoded more often. */
const MOST_ENCODINGS = 2;

/** Undoes what was done to a body for the way, while it arrives. */
export interface Decoding {
  readonly add: (piece: Buffer) => void;
  /** Nothing more arrives; the end of the last decoder comes later. */
  readonly end: () => void;
  /** Nobody waits for it any more. */
  readonly drop: () => void;
}

/** What becomes of a decoding: one of them is called, once. */
interface Ends<T> {
  readonly done: (taken: T) => void;
  readonly broken: (fault: Unanswered) => void;
}

/**
 * Hands a body on as it was before its `Content-Encoding`; we ask for none, but a proxy may add one. Each decoder stops at
 * `most` bytes, so that a small bomb cannot become a large body.
 */
export function makeDecoding<T>(
  contentEncoding: string,
  most: number,
  intake: Intake<T>,
  { done, broken }: Ends<T>,
): Decoding {
  const plain = { add: intake.add, end: () => done(intake.end()), drop: () => {} };
  const encodings = contentEncoding
    .split(',')
    .map((encoding) => encoding.trim().toLowerCase())
    .filter((encoding) => encoding !== '' && encoding !== 'identity');
  if (encodings.length === 0) return plain;

  function begun(): Decoding {
    const unknown = encodings.find((encoding) => !isKnown(encoding));
    if (encodings.length > MOST_ENCODINGS) broken(malformed(`encoded ${encodings.length} times`));
    else if (unknown !== undefined) broken(malformed(`unknown content-encoding ${unknown}`));
    else return encodings.filter(isKnown).reduce(before, plain);
    return { add: () => {}, end: () => {}, drop: () => {} };
  }

  /** One decoder before those that undo what was done before. */
  function before(next: Decoding, encoding: keyof typeof DECODERS): Decoding {
    const decoder = DECODERS[encoding]({ chunkSize: PIECE });
    let length = 0;
    decoder.on('data', (piece: Buffer) => {
      length += piece.length;
      if (length > most) broken(oversized(most));
      else next.add(piece);
    });
    decoder.on('end', next.end);
    decoder.on('error', (error) => broken(faultOf(error, true)));
    return {
      add: (piece) => void decoder.write(piece),
      end: () => void decoder.end(),
      drop() {
        decoder.destroy();
        next.drop();
      },
    };
  }

  /** Only once there is a byte: no body at all is none that is encoded. */
  let decoding: Decoding | undefined;
  return {
    add: (piece) => (decoding ??= begun()).add(piece),
    end: () => (decoding ?? plain).end(),
    drop: () => decoding?.drop(),
  };
}

/** That a body is larger than it may be. */
export function oversized(most: number): Unanswered {
  return {
    kind: 'unanswered',
    cause: 'oversized',
    detail: `a body of more than ${most} bytes`,
  };
}

function isKnown(encoding: string): encoding is keyof typeof DECODERS {
  return Object.hasOwn(DECODERS, encoding);
}

function malformed(detail: string): Unanswered {
  return { kind: 'unanswered', cause: 'malformed', detail };
}
