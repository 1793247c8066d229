import type { Json } from '../domain/claim.ts';

/** One part of a form: a field, or a file if it has a filename. */
export interface Part {
  readonly name: string;
  readonly content: Buffer;
  readonly filename?: string;
  readonly type?: string;
}

/** The parts of a filled form, in the order in which they were written; a list is a part for each of its items. */
export function partsOf(form: Readonly<Record<string, Json>>): readonly Part[] {
  return Object.entries(form).flatMap(([name, value]) =>
    [value].flat(2).map((one: Json) => partOf(name, one)),
  );
}

function partOf(name: string, value: Json): Part {
  if (!isFile(value)) return { name, content: Buffer.from(withLineEnds(textOf(value))) };
  const { filename, type, base64 } = value;
  return { name, content: Buffer.from(base64, 'base64'), filename, type };
}

/** A file as a generator makes it. */
interface GeneratedFile {
  readonly filename: string;
  readonly type: string;
  readonly base64: string;
}

function isFile(value: Json): value is Json & GeneratedFile {
  if (typeof value !== 'object' || value === null) return false;
  // What a target declares may be any mapping, and goes out as its JSON.
  const { filename, type, base64 } = value as Readonly<Record<string, Json>>;
  return [filename, type, base64].every((one) => typeof one === 'string');
}

function textOf(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** A form in multipart/form-data (RFC 7578), as the HTML standard has it encoded; the boundary stands in none of its parts. */
export function encodeForm(parts: readonly Part[], boundary: string): Buffer {
  const pieces = parts.flatMap(({ name, content, filename, type }) => {
    const file = filename === undefined ? '' : `; filename="${escaped(filename)}"`;
    const head = [
      `--${boundary}`,
      `Content-Disposition: form-data; name="${escaped(withLineEnds(name))}"${file}`,
      ...(type === undefined ? [] : [`Content-Type: ${type}`]),
    ];
    return [Buffer.from(`${head.join('\r\n')}\r\n\r\n`), content, Buffer.from('\r\n')];
  });
  return Buffer.concat([...pieces, Buffer.from(`--${boundary}--\r\n`)]);
}

/** The first of a row of boundaries that stands in no part: the same form has the same one, and no chance chooses it. */
export function boundaryOf(parts: readonly Part[]): string {
  for (let turn = 0; ; turn++) {
    const boundary = `assay-form-${turn}`;
    if (!parts.some(({ content }) => content.includes(boundary))) return boundary;
  }
}

/** In names and values a line ends with CR LF (HTML standard, "multipart form data"). */
function withLineEnds(text: string): string {
  return text.replace(/\r\n|\r|\n/g, '\r\n');
}

function escaped(text: string): string {
  return text.replaceAll('\n', '%0A').replaceAll('\r', '%0D').replaceAll('"', '%22');
}
