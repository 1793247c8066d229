/** The share of undecided cases that is tolerated, from `10%`; none if it is not given, undefined where it is no share. */
export function toleratedShare(text: string | undefined): number | undefined {
  if (text === undefined) return 0;
  const percent = /^(\d{1,3}(?:\.\d+)?)%$/.exec(text)?.[1];
  return percent === undefined || Number(percent) > 100 ? undefined : Number(percent) / 100;
}
