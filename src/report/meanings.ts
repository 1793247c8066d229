import type { Cause } from '../domain/cause.ts';
import type { Standing } from '../domain/claim.ts';
import type { Verdict } from '../domain/verdict.ts';

/** What a word means, and what to do about it. */
type Meaning = readonly [means: string, todo: string];

/** Every cause for which a verdict is inconclusive. */
export const CAUSE_MEANINGS: Readonly<Record<Cause, Meaning>> = {
  unreachable: [
    'there was no connection: refused, no such host, no route',
    'look at `baseUrl` of the target, and whether the gateway runs',
  ],
  timeout: [
    'the answer, or its end, did not come in time',
    'run it again; where it may take that long, raise `timeout` of the target or the request',
  ],
  disconnected: ['the connection broke before the answer was whole', 'run it again'],
  oversized: [
    'the answer was larger than Assay reads',
    'ask for less; the bounds stand in `assay help safety`',
  ],
  malformed: [
    'the answer was no HTTP, or a body that cannot be decoded',
    'see what came: `assay explain CLAIM`',
  ],
  unauthorized: ['the gateway answered 401', 'look at the key of the target'],
  unpaid: ['the gateway answered 402: its credit is spent', 'top up the account of the key'],
  forbidden: ['the gateway answered 403', 'look at what the key may use, and at its channel'],
  throttled: [
    'the gateway answered 429 or 529 until the tries were over',
    'lower `pace` or `concurrency` of the target, or run it later',
  ],
  unavailable: [
    'the gateway answered 408, 502, 503, 504 or 524 until the tries were over',
    'run it again',
  ],
  html: [
    'HTML came where JSON was expected',
    'look at `baseUrl`: it may name a web page and not the API',
  ],
  blocked: [
    'a safety filter refused to answer',
    'ask for something harmless; or expect the block, if that is the claim',
  ],
  given: [
    'a precondition, or the control, did not hold in this run',
    'mend the claim that `given` names first',
  ],
  guarded: [
    'an answer named an address that is not public, and it was not fetched',
    'let the gateway host its media on a public address',
  ],
  unfetched: ['a hosted image could not be fetched, for a passing reason', 'run it again'],
  unseen: [
    'the answer does not show what the claim is about',
    'let the claim look where it is shown: `assay explain CLAIM` has the answer',
  ],
  unsettled: [
    'what was polled, or a charge, had not come to an end in its time',
    'run it again; or give the step, or `usage` of the target, a longer `within`',
  ],
  unmeasured: [
    'no usage source showed what was charged, or not enough of it',
    'give the target `usage`, and the key of its source',
  ],
  disturbed: [
    'somebody else used the key while a charge was measured',
    'give Assay a key of its own',
  ],
  unsure: [
    'all trials were made, and the rate is too close to the one that is claimed',
    'allow more trials with `of`, or claim another rate',
  ],
  cut: ['the stored body is not whole any more', 'run it again: `judge` cannot tell'],
  parts: ['the claims that it follows from are not decided', 'run those'],
  budget: [
    'the budget of the target was spent before',
    'raise `budget`, or run what is left with `--due`',
  ],
  interrupted: ['the run ended before', 'go on with it: `assay run --resume`'],
};

/** Every kind of verdict. */
export const VERDICT_MEANINGS: Readonly<Record<Verdict['kind'], Meaning>> = {
  pass: ['every expectation held', ''],
  fail: [
    'an expectation did not hold: a *finding*, with its line in the suite',
    'mend the gateway, or correct the docs',
  ],
  inconclusive: ['it could not be told, and no word changes', 'see its cause, below'],
};

/** Every standing. */
export const STANDING_MEANINGS: Readonly<Record<Standing, Meaning>> = {
  holds: ['its newest decided trials passed, and are fresh', ''],
  stale: ['they passed, and are older than `fresh` (30d)', 'run it: `assay run --due`'],
  unproven: [
    'nothing was decided of what it sends and expects today',
    'run it; an edited claim is a new one',
  ],
  unstable: [
    'some trials of its newest run passed and some failed, or the rate is unsure',
    'look at both: `assay explain CLAIM`; claim a rate with `trials`',
  ],
  broken: ['all trials of its newest run failed', 'mend the gateway, or correct the docs'],
};

/** Where the word in a cell of a table comes from. */
export const WORD_MEANINGS: Readonly<
  Record<Standing | 'else' | 'better' | 'override' | 'leave', string>
> = {
  holds: 'each claim that the row needs holds, on each target in `from`',
  stale: 'the weakest of them is stale',
  unproven: 'the weakest of them is unproven',
  unstable: 'the weakest of them is unstable',
  broken: 'the weakest of them is broken',
  else: 'the word for every standing that `words` does not name',
  better: 'a stronger word, for a row that holds and whose further needs hold as well',
  override: "a person's dated decision, in force through `until`",
  leave: 'the row is not ours, and its cell stays as it is',
};

/** What it is about. */
export const MEANINGS = 'Causes, verdicts, standings and words';

/** What `assay help causes` explains, as Markdown: verdicts, their causes, standings, and words. */
export function meaningsMarkdown(): string {
  return [
    `## ${MEANINGS}`,
    'A run gives each case a *verdict*. An inconclusive one has a *cause*, and never counts as pass or fail.',
    table('verdict', VERDICT_MEANINGS),
    table('cause', CAUSE_MEANINGS),
    'What the ledger says of a claim now is its *standing*: of its newest run that decided anything, worded as it is today.',
    table('standing', STANDING_MEANINGS),
    'Which *word* a table prints for a standing is its own choice (`words`). It comes from',
    table(
      'of',
      Object.fromEntries(
        Object.entries(WORD_MEANINGS).map(([word, text]) => [word, [text, ''] as const]),
      ),
    ),
  ].join('\n\n');
}

function table(what: string, meanings: Readonly<Record<string, Meaning>>): string {
  const rows = Object.entries(meanings);
  const hasTodo = rows.some(([, [, todo]]) => todo !== '');
  const line = (cells: readonly string[]) => `| ${cells.slice(0, hasTodo ? 3 : 2).join(' | ')} |`;
  return [
    line([what, 'means', 'what to do']),
    line(['---', '---', '---']),
    ...rows.map(([word, [means, todo]]) => line([`*${word}*`, means, todo])),
  ].join('\n');
}
