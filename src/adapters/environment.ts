import type { Problem } from '../domain/problem.ts';
import type { Target } from '../domain/target.ts';

/** The key of a target, from the variable that it names; a variable that is not set is a problem. */
export function keyOf(
  target: Target,
  environment: NodeJS.ProcessEnv,
): { readonly key?: string } | { readonly problem: Problem } {
  if (target.keyName === undefined) return {};
  const key = environment[target.keyName]?.trim();
  if (key !== undefined && key !== '') return { key };
  return {
    problem: {
      severity: 'error',
      message: `the key of target "${target.name}" is read from ${target.keyName}, which is not set`,
      hint: `export ${target.keyName}=sk-…`,
    },
  };
}
