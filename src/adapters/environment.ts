import type { Problem } from '../domain/problem.ts';
import type { Target } from '../domain/target.ts';
import type { Topic } from '../domain/topic.ts';

/** A secret; none where no variable is named; or the problem that the variable is not set. */
type Found = { readonly key?: string } | { readonly problem: Problem };

/** The key of a target, from the variable that it names; a variable that is not set is a problem. */
export function keyOf({ name, keyName }: Target, environment: NodeJS.ProcessEnv): Found {
  return found(keyName, environment, `the key of target "${name}"`, 'sk-…', 'targets');
}

/** The access token with which a target's charges are read, in the same way. */
export function accessTokenOf({ name, usage }: Target, environment: NodeJS.ProcessEnv): Found {
  const what = `the access token that reads what target "${name}" charges`;
  return found(usage?.keyName, environment, what, '…', 'charges');
}

/** The address of a webhook, which whoever knows it can post to, in the same way. */
export function webhookOf(variable: string, environment: NodeJS.ProcessEnv): Found {
  return found(variable, environment, 'the webhook', 'https://…', 'telling');
}

/** The secret with which messages to a webhook are signed, in the same way. */
export function signingSecretOf(
  variable: string | undefined,
  environment: NodeJS.ProcessEnv,
): Found {
  return found(variable, environment, 'the secret that signs messages', '…', 'telling');
}

function found(
  variable: string | undefined,
  environment: NodeJS.ProcessEnv,
  what: string,
  example: string,
  see: Topic,
): Found {
  if (variable === undefined) return {};
  const key = environment[variable]?.trim();
  if (key !== undefined && key !== '') return { key };
  return {
    problem: {
      severity: 'error',
      message: `${what} is read from ${variable}, which is not set`,
      hint: `export ${variable}=${example}`,
      see,
    },
  };
}
