import { z } from 'zod';
import { didYouMean } from '../domain/problem.ts';
import { conform } from './issues.ts';
import { type Complain, quoted } from './source.ts';
import { isGenerator, literal, member, type Written, type WrittenMap } from './written.ts';

/** The formats in which images can be made and offered. */
export const imageFormat = z.enum(['png', 'jpeg', 'webp']).optional();
/** The exact length of an image. */
export const imageBytes = z.number().int().min(1).optional();

const source = {
  format: imageFormat,
  bytes: imageBytes,
  skip: z.number().int().min(0).optional(),
  missing: z.boolean().optional(),
};
const side = z.number().int().min(1).max(16_384).optional();
const line = z.string().regex(/^[^\r\n]+$/, 'expected one line of text');

/** The generators by name, each with its keys; they stand where a request's body is written. */
const generators: Readonly<Record<string, z.ZodType>> = {
  $references: z.strictObject({ count: z.number().int().min(0), ...source }),
  $reference: z.strictObject(source),
  $image: z
    .strictObject({
      format: imageFormat,
      width: side,
      height: side,
      bytes: imageBytes,
      as: z.enum(['data-uri', 'base64', 'file']).optional(),
      filename: line.optional(),
      type: line.optional(),
    })
    .refine(
      ({ as, filename, type }) => as === 'file' || (filename === undefined && type === undefined),
      'filename and type go with as: file',
    ),
  $text: z.strictObject({
    characters: z.number().int().min(0).max(1_000_000),
    of: z.string().min(1).optional(),
  }),
  $literal: z.unknown(),
};

/** The ways to write the body of a request. */
export const CONTENTS = ['json', 'form', 'body'] as const;
type Content = (typeof CONTENTS)[number];

/** What a generator looks like where nothing but texts and generators may stand. */
export const generated = z.record(
  z.string().regex(/^\$/, `expected a generator: ${Object.keys(generators).join(', ')}`),
  z.unknown(),
);

/** Whether every generator in a body is known and has its own keys; what is not is noted. */
export function checkGenerators(
  node: Written | undefined,
  within: Content,
  complain: Complain,
): boolean {
  if (node === undefined || node.kind === 'scalar') return true;
  const bare = literal(node);
  if (bare !== undefined) return within !== 'form' || isField(bare, complain);
  if (node.kind === 'list') {
    return node.items.map((item) => checkGenerators(item, within, complain)).every(Boolean);
  }
  if (isGenerator(node)) {
    const known = checkGenerator(node, complain);
    return known && isAllowed(node, within, complain);
  }
  return [...node.members.values()]
    .map(({ value }) => checkGenerators(value, within, complain))
    .every(Boolean);
}

function checkGenerator(node: WrittenMap, complain: Complain): boolean {
  let sound = true;
  for (const [name, { key, value }] of node.members) {
    const schema = Object.hasOwn(generators, name) ? generators[name] : undefined;
    if (schema === undefined && name.startsWith('$')) {
      complain(key, `unknown generator ${quoted(name)}`, didYouMean(name, Object.keys(generators)));
    } else if (node.members.size > 1) {
      complain(key, 'a generator stands alone in its mapping');
    }
    const conforms = schema !== undefined && conform(schema, value, complain) !== undefined;
    sound &&= conforms && node.members.size === 1;
  }
  return sound;
}

/** A mapping would be a file to a form, and only `$image` makes one. */
function isField(bare: Written, complain: Complain): boolean {
  if (bare.kind === 'scalar' && bare.value !== null) return true;
  complain(bare.span, 'in a form, $literal is a text, a number, true or false');
  return false;
}

/** Only a form has files, and bytes are never a data URI. */
function isAllowed(node: WrittenMap, within: Content, complain: Complain): boolean {
  const as = member(member(node, '$image'), 'as');
  if (as?.kind !== 'scalar' || as.value === 'base64') return true;
  if (within === 'form' || (within === 'json' && as.value === 'data-uri')) return true;
  complain(as.span, within === 'json' ? 'only a form has files' : 'bytes are written in base64', {
    hint: 'as: base64',
  });
  return false;
}
