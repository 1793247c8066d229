import { RE2JS } from 're2js';

const compiled = new Map<string, RE2JS>();

/** What is wrong with a pattern, or undefined where it compiles. Patterns are RE2: no look-around, no back-references. */
export function patternProblem(pattern: string): string | undefined {
  try {
    compile(pattern);
    return undefined;
  } catch (error) {
    return `${JSON.stringify(pattern)} is no RE2 pattern: ${(error as Error).message}`;
  }
}

/** Whether the pattern is found anywhere in the text, in time linear in the text: both may be hostile. */
export function found(pattern: string, text: string): boolean {
  return compile(pattern).matcher(text).find();
}

function compile(pattern: string): RE2JS {
  const known = compiled.get(pattern);
  if (known !== undefined) return known;
  const made = RE2JS.compile(pattern);
  // A path filter may take its patterns from the body; the suites' own are a handful.
  if (compiled.size >= 1_000) compiled.clear();
  compiled.set(pattern, made);
  return made;
}
