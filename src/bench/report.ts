import type { Comparison } from './comparisons.ts';
import { type Round, ratios, spread } from './ratio.ts';

/** A comparison as it was measured. */
export interface Measured {
  readonly comparison: Comparison;
  readonly rounds: readonly Round[];
  /** The most requests of ours that the server saw in flight at once, where that was looked at. */
  readonly inFlight?: number;
}

/** Whether a comparison keeps what is owed from source: its ratio, and never more requests in flight than it may. */
export function isKept({ comparison, rounds, inFlight }: Measured): boolean {
  const { fromSource = Infinity, load } = comparison;
  return (
    ratios(rounds).median <= fromSource && (inFlight === undefined || inFlight === load?.atOnce)
  );
}

/** One line for a terminal. */
export function measuredLine(measured: Measured): string {
  const { id, what, reference, must, reach, fromSource } = measured.comparison;
  const { min, median, max } = ratios(measured.rounds);
  const owed =
    fromSource === undefined
      ? ''
      : `, from source ${fromSource}${isKept(measured) ? '' : ' MISSED'}`;
  return `${id.padEnd(4)}${median.toFixed(2).padStart(6)}  (${min.toFixed(2)} to ${max.toFixed(2)})  must ${must}, reach for ${reach}${owed}  ${what} / ${reference}${flight(measured)}`;
}

/** The whole report, as `reports/bench.md` has it. */
export function benchReport(all: readonly Measured[], about: readonly string[]): string {
  return `# Bench

Whole processes, from source, evidence written. Each round runs the reference and then Assay; a ratio is taken in each round,
and the median of them counts. ${about.join(', ')}. Made by \`npm run bench\`.

| | Assay / reference | ratio | least to most | must (bundle) | reach for | from source | Assay | reference | rounds |
| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |
${all.map(reportRow).join('\n')}

The reference \`bare undici\` is \`src/bench/bare.ts\`: a Pool, \`JSON.parse\` and a compiled schema, written for these requests alone.
Before the rounds each side runs once, unmeasured.
`;
}

function reportRow(measured: Measured): string {
  const { comparison, rounds } = measured;
  const { id, what, reference, must, reach, fromSource, unit } = comparison;
  const { min, median, max } = ratios(rounds);
  const middle = (side: keyof Round) =>
    `${spread(rounds.map((round) => round[side])).median.toFixed(0)} ${unit}`;
  const owed =
    fromSource === undefined ? '' : `≤ ${fromSource}${isKept(measured) ? '' : ', missed'}`;
  const cells = [
    id,
    `${what} / ${reference}${flight(measured)}`,
    `**${median.toFixed(2)}**`,
    `${min.toFixed(2)} to ${max.toFixed(2)}`,
    `≤ ${must}`,
    String(reach),
    owed,
    middle('ours'),
    middle('bare'),
    String(rounds.length),
  ];
  return `| ${cells.join(' | ')} |`;
}

function flight({ inFlight }: Measured): string {
  return inFlight === undefined ? '' : ` (at most ${inFlight} in flight)`;
}
