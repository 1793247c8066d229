import type { Case, Claim, DocumentedAs } from './claim.ts';
import type { Evidence } from './evidence.ts';
import { inconclusive } from './judge.ts';
import { type JudgedCase, type Run, contradicts } from './run.ts';
import { seriesOf, seriesText, verdictOfTrials } from './trials.ts';
import type { Untold } from './verdict.ts';

/** What is known of a case that a run judged, beside its evidence. */
export interface CaseToJudge extends Pick<JudgedCase, 'claim' | 'case' | 'says' | 'documented'> {
  /** Where an interval decides. */
  readonly trials?: NonNullable<Case['trials']>;
}

/** A case by its trials in a run; those that were cut short could not be told for the reason `ended`. */
export function judgedCase(
  one: CaseToJudge,
  trials: readonly Evidence[],
  ended: Untold,
): JudgedCase {
  const { documented, trials: asked } = one;
  const { telling, ...said } =
    asked === undefined
      ? bySingle(documented, trials, ended)
      : bySeries(documented, asked, trials, ended);
  const charged = telling?.observed.charged;
  return {
    claim: one.claim,
    case: one.case,
    says: one.says,
    documented,
    ...said,
    trials: trials.length,
    attempts: trials.reduce((sum, { attempts }) => sum + attempts, 0),
    ...(telling?.exchange === undefined ? {} : { exchange: telling.exchange }),
    ...(telling?.ms === undefined ? {} : { ms: telling.ms }),
    usd: trials.reduce((sum, { usd }) => sum + usd, 0),
    measuredUsd: trials.reduce((sum, { usd, measured }) => sum + (measured === true ? usd : 0), 0),
    ...(charged === undefined ? {} : { charged: String(charged) }),
    evidence: trials.map(({ id }) => id),
  };
}

/** What is said of a case, and the trial that tells most of it. */
interface Said extends Pick<JudgedCase, 'verdict' | 'contradicts' | 'rate'> {
  readonly telling?: Evidence | undefined;
}

/** Its verdict is the last decided trial's; it contradicts if any decided trial does (design.md). */
function bySingle(documented: DocumentedAs, trials: readonly Evidence[], ended: Untold): Said {
  const decided = trials.findLast(({ verdict }) => verdict.kind !== 'inconclusive');
  const telling = decided ?? trials.at(-1);
  return {
    telling,
    verdict: telling?.verdict ?? inconclusive(ended),
    contradicts: trials.some(({ verdict }) => contradicts(documented, verdict)),
  };
}

/** Its verdict is the interval's, and so is what contradicts: a single trial that fails contradicts nothing yet. */
function bySeries(
  documented: DocumentedAs,
  asked: NonNullable<Case['trials']>,
  trials: readonly Evidence[],
  ended: Untold,
): Said {
  const { of, atLeast, confidence } = asked;
  const { passed, decided } = seriesOf(asked, trials);
  const sofar = decided === 0 ? '' : ` (${seriesText({ passed, decided })})`;
  const verdict =
    verdictOfTrials(asked, trials) ?? inconclusive({ ...ended, detail: `${ended.detail}${sofar}` });
  return {
    telling: trials.findLast((one) => one.verdict.kind === verdict.kind) ?? trials.at(-1),
    verdict,
    contradicts: contradicts(documented, verdict),
    rate: { passed, decided, of, atLeast, confidence },
  };
}

/** What is known of a case by the suites; of one that they have not, a probe or one that was edited away, the docs promise nothing. */
export function caseToJudge(claim: Claim | undefined, id: string, name: string): CaseToJudge {
  const named = { claim: id, case: name };
  if (claim === undefined)
    return { ...named, says: 'no suite has this claim any more', documented: 'open' };
  const { basis, says, documented } = claim;
  if (basis.kind !== 'sent') return { ...named, says, documented: documented.as };
  const written = basis.cases.find((one) => one.name === name);
  if (written === undefined) return { ...named, says, documented: 'open' };
  const { trials } = written;
  return { ...named, says, documented: documented.as, ...(trials && { trials }) };
}

/** A search's run as tests have it: of a value that is no case of its claim the docs promise nothing, whatever a probe of it shows. */
export function withProbesAside(run: Run, claims: (id: string) => Claim | undefined): Run {
  const cases = run.cases.map((one) => {
    const { documented } = caseToJudge(claims(one.claim), one.claim, one.case);
    return documented === one.documented ? one : { ...one, documented, contradicts: false };
  });
  return { ...run, cases };
}
