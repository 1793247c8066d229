import type { Json } from '../domain/claim.ts';
import { didYouMean } from '../domain/problem.ts';
import { decode, quoted } from './source.ts';

/** A JSON Schema that a `schema` expectation names, or why there is none. */
type Shape = { readonly json: Json } | { readonly message: string; readonly hint?: string };

/** Finds the shape of a file below the folder of shapes. */
export type Shapes = (file: string) => Shape;

/** Reads each file once; the bytes come from a callback, so that this layer touches no disk. */
export function shapeReader(bytesOf: (file: string) => Uint8Array | undefined): Shapes {
  const read = new Map<string, Shape>();
  return (file) => {
    const known = read.get(file);
    if (known !== undefined) return known;
    const found = [...read].flatMap(([name, shape]) => ('json' in shape ? [name] : []));
    const shape = readShape(file, bytesOf, found);
    read.set(file, shape);
    return shape;
  };
}

function readShape(
  file: string,
  bytesOf: (file: string) => Uint8Array | undefined,
  found: readonly string[],
): Shape {
  if (!/^[\w-][\w.-]*(\/[\w-][\w.-]*)*$/.test(file)) {
    return { message: `${quoted(file)} is no file below the folder of shapes` };
  }
  const bytes = bytesOf(file);
  if (bytes === undefined) {
    const { hint = 'it is looked for in shapes/, beside the suites' } = didYouMean(file, found);
    return { message: `there is no shape ${quoted(file)}`, hint };
  }
  try {
    return { json: JSON.parse(decode(bytes) ?? '') as Json };
  } catch {
    return { message: `${quoted(file)} is not JSON` };
  }
}
