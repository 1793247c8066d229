import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import type { Json } from '../claim.ts';
import { found, patternProblem } from '../pattern.ts';
import { type Kind, type Zod, shown } from './kind.ts';
import { isPlainSchema } from './plainSchema.ts';

const keys = (z: Zod) => z.string().min(1).describe('a JSON Schema file below suites/shapes/');

const validators = new WeakMap<object, ValidateFunction>();

/** The shape of the JSON body. */
export const schema: Kind<string> = {
  name: 'schema',
  keys,
  files: (file) => [file],
  check(file, shape) {
    if (shape === undefined) return undefined;
    try {
      validator(shape);
      return undefined;
    } catch (error) {
      return `${file} is no JSON Schema: ${(error as Error).message}`;
    }
  },
  judge(file, seen, shape) {
    const parsed = seen.json();
    if (parsed.kind === 'broken')
      return [{ expected: `a JSON body of shape ${file}`, actual: parsed.why }];
    if (shape === undefined) throw new Error(`schema ${file} was not loaded`);
    const validate = validator(shape);
    if (validate(parsed.value)) return [];
    // Values stay out of the message: a body may hold what must not be printed twice.
    return (validate.errors ?? []).map((error) => ({
      what: error.instancePath === '' ? '/' : error.instancePath,
      expected: error.message ?? error.keyword,
      actual: shown(error.params as Json),
    }));
  },
};

/** The validator's own `pattern` would use the engine's backtracking RegExp. */
const linear = Object.assign(
  (pattern: string) => {
    const problem = patternProblem(pattern);
    if (problem !== undefined) throw new Error(problem);
    // The validator keeps compiled patterns by their text.
    return { test: (text: string) => found(pattern, text), toString: () => pattern };
  },
  { code: 'linear' },
);

function validator(shape: Json): ValidateFunction {
  const key = Object(shape) as object;
  const known = validators.get(key);
  if (known !== undefined) return known;
  // Unknown keywords are mistakes; the rest of ajv's strictness is taste. The first error decides: a hostile body could have millions.
  const isPlain = isPlainSchema(shape);
  const ajv = new Ajv2020({
    strictTypes: false,
    strictTuples: false,
    code: { regExp: linear },
    // The schema of schemas, which takes as long to load as most shapes to compile.
    meta: !isPlain,
    validateSchema: !isPlain,
  });
  if (!isPlain) formats.default(ajv);
  const made = ajv.compile(shape as object);
  validators.set(key, made);
  return made;
}
