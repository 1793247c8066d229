import { type Charge, dollars } from '../charge.ts';
import type { Measured } from '../usage.ts';
import type { Untold } from '../verdict.ts';
import type { Seen, ValueOf, Zod } from './kind.ts';

const WITHIN = 'expected a number in the same unit, or a percentage below 100% such as 5%';
const within = (z: Zod) =>
  z
    .union([z.number().min(0), z.string().regex(/^\d{1,2}(\.\d+)?%$/, WITHIN)])
    .optional()
    .describe('how far off it may be, in the same unit or as a percentage; 0');
const amount = (z: Zod) => ({
  quota: z.number().min(0).optional().describe("in the gateway's units"),
  usd: z.number().min(0).optional().describe('in US dollars'),
  within: within(z),
});
const oneAmount = (z: Zod) =>
  z.strictObject(amount(z)).refine(isOne, 'an amount is either quota or usd');

/** What may be written of a price. */
export const priceKeys = (z: Zod) =>
  z
    .strictObject({
      ...amount(z),
      // A price of one image need not be whole; what is charged is.
      quota: z.number().int().min(0).optional().describe("in the gateway's units"),
      perImage: z
        .union([z.literal('listed'), oneAmount(z)])
        .optional()
        .describe("times the images of the answer; listed: as the gateway's price list asks"),
    })
    .refine(isOne, 'a price is one of quota, usd and perImage')
    .refine(
      ({ perImage, within: width }) => typeof perImage !== 'object' || width === undefined,
      '"within" belongs beside the amount: perImage: { quota: …, within: … }',
    );

type Written = ValueOf<typeof priceKeys>;
type Amount = ValueOf<typeof oneAmount>;

function isOne(value: Readonly<Partial<Record<'quota' | 'usd' | 'perImage', unknown>>>): boolean {
  const { quota, usd, perImage } = value;
  return [quota, usd, perImage].filter((unit) => unit !== undefined).length === 1;
}

/** What something should cost, in units of quota. */
interface Price {
  readonly quota: number;
  /** How far off it may be. */
  readonly slack: number;
  /** As a finding shows it. */
  readonly says: string;
  /** Whether the group of the key, whose ratio is not shown, may have another one. */
  readonly isOfAnyGroup: boolean;
}

/** What a request should cost, as written; or why that cannot be told of this answer. */
export function priceOf(
  value: Written,
  charge: Charge,
  usage: Measured,
  seen: Seen,
): Price | Untold {
  const { perImage } = value;
  if (perImage === undefined) return { ...amountOf(value, usage), isOfAnyGroup: false };
  const { length } = seen.images();
  if (length === 0) return { cause: 'unseen', detail: 'there is no image in the answer' };
  const one =
    perImage === 'listed'
      ? listedImage(value, charge, usage)
      : { ...amountOf(perImage, usage), isOfAnyGroup: false };
  if ('cause' in one) return one;
  const says = `${one.says} for each of ${length} ${length === 1 ? 'image' : 'images'}`;
  return { ...one, quota: one.quota * length, slack: one.slack * length, says };
}

function listedImage({ within: width }: Written, { own }: Charge, usage: Measured): Price | Untold {
  const { listedPerImage } = usage;
  if (listedPerImage === undefined) {
    const detail = 'the price list of the gateway has no price of one image of this model';
    return { cause: 'unseen', detail };
  }
  const ratio = own.find(({ groupRatio }) => groupRatio !== undefined)?.groupRatio;
  const listed = amountOf({ quota: listedPerImage * (ratio ?? 1), within: width }, usage);
  return { ...listed, says: `the listed ${listed.says}`, isOfAnyGroup: ratio === undefined };
}

function amountOf(
  { quota, usd = 0, within: width = 0 }: Amount,
  { quotaPerUsd }: Measured,
): Omit<Price, 'isOfAnyGroup'> {
  const wanted = quota ?? usd * quotaPerUsd;
  const unit = quota === undefined ? quotaPerUsd : 1;
  const written = `${wanted} (${dollars(wanted, quotaPerUsd)})`;
  return {
    quota: wanted,
    slack: typeof width === 'number' ? width * unit : (wanted * parseFloat(width)) / 100,
    says: width === 0 ? written : `${written} within ${width}`,
  };
}

/** Whether a charge is as it should be. It is a whole number: what lies between two of them is rounded to either. */
export function isNear(charged: number, { quota: wanted, slack }: Price): boolean {
  // Floating point makes a little more than 35000 of 0.07 × 500000.
  const exact = Number(wanted.toFixed(6));
  const off = Number(Math.abs(charged - exact).toFixed(6));
  return off <= slack || charged === Math.floor(exact) || charged === Math.ceil(exact);
}
