import { STANDINGS, claimId } from '../domain/claim.ts';
import type { RetestCost } from '../domain/cost.ts';
import { instantMs } from '../domain/instant.ts';
import { type JudgedCase, type Run, suiteCosts, summary } from '../domain/run.ts';
import type { ClaimStatus, SuiteStatus } from '../domain/status.ts';
import { type Sample, gauge } from './exposition.ts';

/**
 * A run as gauges, for the textfile collector of node_exporter: how many cases came out in which way, when, and what they cost. No
 * series is named after a case, so that their number stays small.
 */
export function prometheusRun(run: Run): string {
  const { target, end } = run;
  const on = { target: target.name };
  const one = (value: number): readonly Sample[] => [{ labels: on, value }];
  const { pass, fail, inconclusive, contradictions, leftOut, requests, usd, measuredUsd } =
    summary(run);
  const verdicts = Object.entries({ pass, fail, inconclusive });
  const costs = suiteCosts(run);
  return [
    ...gauge('assay_run_info', 'The run that these figures are of.', [
      {
        labels: {
          ...on,
          run: run.id,
          grade: target.grade,
          world: target.world ?? '',
          end: end.kind,
        },
        value: 1,
      },
    ]),
    ...gauge('assay_run_start_timestamp_seconds', 'When the run began.', one(unix(run.startedAt))),
    ...gauge('assay_run_end_timestamp_seconds', 'When the run ended.', one(unix(run.endedAt))),
    ...gauge(
      'assay_run_complete',
      'Whether the run came to its end: 0 if it was interrupted, or ended by an outage or a full disk.',
      one(end.kind === 'complete' ? 1 : 0),
    ),
    ...gauge(
      'assay_run_cases',
      'Cases of the run by their verdict.',
      verdicts.map(([verdict, value]) => ({ labels: { ...on, verdict }, value })),
    ),
    ...gauge('assay_run_contradictions', 'Cases that contradict the docs.', one(contradictions)),
    ...gauge(
      'assay_run_undecided_cases',
      'Cases that could not be told, by the cause.',
      causesOf(run.cases).map(([cause, value]) => ({ labels: { ...on, cause }, value })),
    ),
    ...gauge('assay_run_left_out_cases', 'Cases that the run did not attempt.', one(leftOut)),
    ...gauge('assay_run_requests', 'Requests that bore the key.', one(requests)),
    ...gauge('assay_run_cost_usd', 'What the run cost, at most, in US dollars.', one(usd)),
    ...gauge(
      'assay_run_measured_cost_usd',
      'How much of the cost of the run was measured, in US dollars.',
      one(measuredUsd),
    ),
    ...gauge(
      'assay_run_suite_cost_usd',
      'What the cases of each suite cost, at most, in US dollars.',
      costs.map((cost) => ({ labels: { ...on, suite: cost.suite }, value: cost.usd })),
    ),
  ].join('\n');
}

function causesOf(cases: readonly JudgedCase[]): readonly (readonly [string, number])[] {
  const causes = cases.flatMap(({ verdict }) =>
    verdict.kind === 'inconclusive' ? [verdict.cause] : [],
  );
  return [...Map.groupBy(causes, (cause) => cause)]
    .map(([cause, all]) => [cause, all.length] as const)
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
}

/**
 * What the suites say now, as gauges. A standing is a set of states, of which one is 1. How old a decision is follows from
 * `time() - assay_claim_observed_timestamp_seconds`, as Prometheus has ages: what is scraped later is older.
 */
export function prometheusStatus(
  suites: readonly SuiteStatus[],
  atMs: number,
  retests: readonly RetestCost[],
): string {
  const claims = suites.flatMap((one) => one.claims);
  return [
    ...gauge('assay_status_timestamp_seconds', 'The time by which this is the status.', [
      { labels: {}, value: atMs / 1000 },
    ]),
    ...gauge(
      'assay_claim_standing',
      'How a claim stands on a target: 1 for its standing, 0 for each other one.',
      claims.flatMap((status) =>
        STANDINGS.map((standing) => ({
          labels: { ...claimLabels(status), standing },
          value: status.stand.standing === standing ? 1 : 0,
        })),
      ),
    ),
    ...gauge(
      'assay_claim_observed_timestamp_seconds',
      'When the oldest evidence was observed on which the standing of a claim rests.',
      claims.flatMap((status) => {
        const { observedAt } = status.stand;
        return observedAt === undefined
          ? []
          : [{ labels: claimLabels(status), value: unix(observedAt) }];
      }),
    ),
    ...gauge(
      'assay_row_word',
      'The word of a row of a status table, and the standing that it follows from; always 1.',
      suites.flatMap(({ tables }) => tables.flatMap(rowSamples)),
    ),
    ...gauge(
      'assay_retest_cost_usd',
      'What it costs, at most, to ask a target once more for all that a suite claims, in US dollars.',
      retests.map(({ suite, target, usd }) => ({ labels: { suite, target }, value: usd })),
    ),
    ...gauge(
      'assay_retest_measured_cost_usd',
      'How much of that cost is known from what was measured, in US dollars.',
      retests.map(({ suite, target, measuredUsd }) => ({
        labels: { suite, target },
        value: measuredUsd,
      })),
    ),
  ].join('\n');
}

function claimLabels({ claim, target = '' }: ClaimStatus): Readonly<Record<string, string>> {
  return { claim: claimId(claim), target };
}

function rowSamples({
  suite,
  locale,
  page,
  under,
  owns,
  rows,
}: SuiteStatus['tables'][number]): readonly Sample[] {
  return rows.flatMap(({ key, word, stand, leave }) =>
    leave === undefined && word !== undefined
      ? [
          {
            labels: {
              suite,
              locale,
              page,
              under,
              row: key.join(' · '),
              column: owns,
              word,
              standing: stand.standing,
            },
            value: 1,
          },
        ]
      : [],
  );
}

/** Seconds since 1970. */
function unix(iso: string): number {
  return instantMs(iso) / 1000;
}
