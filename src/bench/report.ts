import type { Comparison } from './comparisons.ts';
import { type Round, ratios, spread } from './ratio.ts';
import { trialsReport } from './trials.ts';

/** A comparison as it was measured. */
export interface Measured {
  readonly comparison: Comparison;
  readonly rounds: readonly Round[];
  /** The most requests of ours that the server saw in flight at once, where that was looked at. */
  readonly inFlight?: number;
}

/** Whether a comparison keeps what is owed: its ratio, and as many requests in flight as it may have and never more. */
export function isKept({ comparison, rounds, inFlight }: Measured): boolean {
  const { must, task } = comparison;
  const allowed = task.kind === 'run' ? task.load.atOnce : 0;
  return ratios(rounds).median <= must && (inFlight === undefined || inFlight === allowed);
}

/** One line for a terminal. */
export function measuredLine(measured: Measured): string {
  const { id, must, reach } = measured.comparison;
  const { min, median, max } = ratios(measured.rounds);
  return `${id.padEnd(4)}${median.toFixed(2).padStart(6)}  (${min.toFixed(2)} to ${max.toFixed(2)})  must ${must}, reach for ${reach}${isKept(measured) ? '' : ' MISSED'}  ${compared(measured)}`;
}

/** The whole report, as `reports/bench.md` has it. */
export function benchReport(all: readonly Measured[], about: readonly string[]): string {
  return `# Bench

Whole processes, started as the published package is: the built bundle with its compile cache, evidence written. Each round runs
the reference and then Assay; a ratio is taken in each round, and the median of them counts. ${about.join(', ')}. Made by
\`npm run bench\`, which fails where what is owed is missed.

| | Assay / reference | ratio | least to most | must | reach for | Assay | reference | rounds |
| --- | --- | --- | --- | --- | --- | --- | --- | --- |
${all.map(reportRow).join('\n')}

The reference \`bare undici\` is \`src/bench/bare.js\`: a Pool, \`JSON.parse\` and a compiled schema, written for these requests alone, in
plain JavaScript with the compile cache; \`yaml alone\` is \`src/bench/yaml.js\`, which parses the same files and does nothing with
them. The shortest that claims on one key can take is reckoned: ordinary ones as many at once as they may be, then each billing one
with the readings it needs. Memory is the peak of what is resident. Before the rounds each side runs once, unmeasured; suites are warm except where it says cold.

${trialsReport()}`;
}

function reportRow(measured: Measured): string {
  const { comparison, rounds } = measured;
  const { id, must, reach, measure } = comparison;
  const { min, median, max } = ratios(rounds);
  const unit = measure === 'wall' ? 'ms' : 'MiB';
  const middle = (side: keyof Round) =>
    `${spread(rounds.map((round) => round[side])).median.toFixed(0)} ${unit}`;
  const cells = [
    id,
    compared(measured),
    `**${median.toFixed(2)}**`,
    `${min.toFixed(2)} to ${max.toFixed(2)}`,
    `≤ ${must}${isKept(measured) ? '' : ', missed'}`,
    String(reach),
    middle('ours'),
    middle('bare'),
    String(rounds.length),
  ];
  return `| ${cells.join(' | ')} |`;
}

function compared({ comparison: { what, reference }, inFlight }: Measured): string {
  const flight = inFlight === undefined ? '' : ` (at most ${inFlight} in flight)`;
  return `${what} / ${typeof reference === 'object' ? reference.name : reference}${flight}`;
}
