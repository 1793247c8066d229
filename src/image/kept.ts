/** A text that is written down piece by piece, as bytes or as characters. */
export interface Kept {
  /** The characters that these bytes of UTF-8 are; no piece ends within one. */
  readonly add: (bytes: Buffer, from: number, to: number) => void;
  readonly say: (text: string) => void;
  /** All of it; asked for once, at the end. */
  readonly text: () => string;
}

/** A shorter text is kept as it is read: its pieces cost nothing worth saving. In bytes. */
const SHORT = 1 << 20;

/** What is set aside for a longer one, in bytes: as addresses, not as memory, and more than any body may have. */
const RESERVED = 1 << 27;

/**
 * Keeps a text in one place that grows without being copied and is given back at once: pieces that are joined at the
 * end, or a place that doubles, hold a large text two or three times.
 */
export function makeKept(): Kept {
  const pieces: string[] = [];
  let length = 0;
  let place: ArrayBuffer | undefined;

  function write(bytes: Uint8Array): void {
    const start = place?.byteLength ?? 0;
    const end = start + bytes.length;
    place ??= new ArrayBuffer(0, { maxByteLength: RESERVED });
    if (end > place.maxByteLength) place = moved(place, 2 * end);
    place.resize(end);
    new Uint8Array(place).set(bytes, start);
  }

  return {
    add(bytes, from, to) {
      length += to - from;
      if (length < SHORT) {
        pieces.push(bytes.toString('utf8', from, to));
        return;
      }
      if (place === undefined) write(Buffer.from(pieces.join('')));
      write(bytes.subarray(from, to));
    },
    say(text) {
      if (place === undefined) pieces.push(text);
      else write(Buffer.from(text));
    },
    text() {
      if (place === undefined) return pieces.join('');
      const text = Buffer.from(place).toString('utf8');
      place.resize(0);
      return text;
    },
  };
}

function moved(place: ArrayBuffer, maxByteLength: number): ArrayBuffer {
  const larger = new ArrayBuffer(place.byteLength, { maxByteLength });
  new Uint8Array(larger).set(new Uint8Array(place));
  return larger;
}
