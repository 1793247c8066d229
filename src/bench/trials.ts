import type { Trials } from '../domain/claim.ts';
import { courseAt } from '../domain/interval.fixture.ts';

const ASKED: readonly Trials[] = [
  { of: 40, atLeast: 0.9, confidence: 0.9 },
  { of: 100, atLeast: 0.9, confidence: 0.95 },
  { of: 40, atLeast: 0.8, confidence: 0.9 },
];
const RATES = [0.5, 0.85, 0.9, 0.95, 1];

/** How many requests a claim with trials takes at each true rate, against a scheme that always makes all of them; reckoned, not measured. */
export function trialsReport(): string {
  return `## Trials

What \`trials\` takes at each true rate, against a scheme that always makes all \`of\` of them: reckoned from the bounds, without the noise
of a simulation. What is said wrongly (a fail at \`atLeast\` or above, a pass below) stays within 1 - confidence in every row.

| trials | true rate | requests | of the fixed scheme | pass | fail | unsure |
| --- | --- | --- | --- | --- | --- | --- |
${ASKED.flatMap((trials) => RATES.map((rate) => row(trials, rate))).join('\n')}
`;
}

function row(trials: Trials, rate: number): string {
  const { of, atLeast, confidence } = trials;
  const { pass, fail, trials: made } = courseAt(rate, trials);
  const cells = [
    `of ${of}, at least ${atLeast}, confidence ${confidence}`,
    String(rate),
    made.toFixed(1),
    `**${(made / of).toFixed(2)}**`,
    ...[pass, fail, 1 - pass - fail].map((chance) => Math.abs(chance).toFixed(3)),
  ];
  return `| ${cells.join(' | ')} |`;
}
