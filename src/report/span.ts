/** How long something took, as people say it: `7 ms`, and from a second on `1.5 s`. */
export function spanText(ms: number): string {
  const whole = Math.round(ms);
  return whole < 1000 ? `${whole} ms` : `${Number((ms / 1000).toFixed(1))} s`;
}
