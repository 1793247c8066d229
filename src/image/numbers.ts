// Numbers read past the end are 0: whoever asks has the length to check.

/** Two bytes, the highest first. */
export function uint16BE(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}

/** Four bytes, the highest first. */
export function uint32BE(bytes: Uint8Array, at: number): number {
  return uint16BE(bytes, at) * 65_536 + uint16BE(bytes, at + 2);
}

/** Two bytes, the lowest first. */
export function uint16LE(bytes: Uint8Array, at: number): number {
  return (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8);
}

/** Three bytes, the lowest first. */
export function uint24LE(bytes: Uint8Array, at: number): number {
  return uint16LE(bytes, at) | ((bytes[at + 2] ?? 0) << 16);
}

/** Four bytes, the lowest first. */
export function uint32LE(bytes: Uint8Array, at: number): number {
  return uint16LE(bytes, at) + uint16LE(bytes, at + 2) * 65_536;
}

/** Whether these characters, one byte each, stand there. */
export function hasText(bytes: Uint8Array, at: number, text: string): boolean {
  for (let index = 0; index < text.length; index++) {
    if (bytes[at + index] !== text.charCodeAt(index)) return false;
  }
  return true;
}
