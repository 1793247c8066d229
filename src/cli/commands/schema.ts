import { suiteJsonSchema } from '../../suite/jsonSchema.ts';
import type { Asked } from '../arguments.ts';
import type { ExitCode, Output } from '../output.ts';

/** Prints the JSON Schema with which editors complete suites. */
export async function schema(_: Asked, output: Output): Promise<ExitCode> {
  output.print(JSON.stringify(suiteJsonSchema(), null, 2));
  return 0;
}
