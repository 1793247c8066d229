import { type FoundImage, IMAGE_PLACES } from '../images.ts';
import { found, patternProblem } from '../pattern.ts';
import { type Kind, type Miss, type ValueOf, type Zod, shown } from './kind.ts';

const FORMATS = ['png', 'jpeg', 'webp', 'gif'] as const;
/** Long side in pixels (domain facts, 3.3: classes rather than exact sizes). */
const SIZES = { '1K': [900, 1700], '2K': [1800, 3400], '4K': [3600, 6800] } as const;
const RATIO = /^(\d{1,3}):(\d{1,3})$/;
const RATIO_TOLERANCE = 0.03;

const place = (z: Zod) => z.enum(IMAGE_PLACES);
const keys = (z: Zod) =>
  z
    .union([
      z.enum(['any', 'none']),
      z
        .strictObject({
          at: z
            .union([place(z), z.array(place(z)).min(1)])
            .optional()
            .describe('where each image stands'),
          count: z.number().int().min(1).optional(),
          format: z.enum(FORMATS).optional().describe('real and declared'),
          size: z.enum(['1K', '2K', '4K']).optional().describe('class of the long side'),
          ratio: z.string().regex(RATIO, 'a ratio such as 16:9 (quoted)').optional(),
          host: z.string().min(1).optional().describe('host of a hosted image'),
          path: z
            .string()
            .min(1)
            .optional()
            .describe('an RE2 pattern, searched in the path of a hosted image'),
        })
        .refine(
          (value) => Object.keys(value).length > 0,
          'say what the image must be, or write: image: any',
        ),
    ])
    .describe('every image in the answer is whole, and like this');

type ImageKeys = ValueOf<typeof keys>;
type Wanted = Exclude<ImageKeys, string>;

/** The images of the answer, each by its bytes and by what is declared of it. */
export const image: Kind<ImageKeys> = {
  name: 'image',
  keys,
  check: (value) =>
    typeof value === 'string' || value.path === undefined ? undefined : patternProblem(value.path),
  judge(value, seen) {
    const images = seen.images();
    if (value === 'none') {
      return images.length === 0 ? [] : [{ expected: 'no image', actual: describe(images) }];
    }
    const parsed = seen.json();
    if (images.length === 0) {
      const actual =
        parsed.kind === 'broken' && seen.answer.body.text !== ''
          ? parsed.why
          : 'no image in any shape';
      return [{ expected: 'an image', actual }];
    }
    const wanted = value === 'any' ? {} : value;
    const missed = images.flatMap((one) => misses(wanted, one));
    if (wanted.count !== undefined && images.length !== wanted.count) {
      missed.unshift({
        what: 'count',
        expected: String(wanted.count),
        actual: String(images.length),
      });
    }
    // A miss is decided, whatever else could not be told.
    if (missed.length > 0) return missed;
    return images.find((one) => one.untold !== undefined)?.untold ?? [];
  },
};

function misses(wanted: Wanted, one: FoundImage): Miss[] {
  const missed: Miss[] = [];
  const miss = (what: string, expected: string, actual: string) =>
    missed.push({ what, expected, actual });
  if (wanted.at !== undefined && ![wanted.at].flat().includes(one.at)) {
    miss('at', [wanted.at].flat().join(' or '), one.at);
  }
  if (wanted.host !== undefined && !isAt(wanted.host, one.url))
    miss('host', wanted.host, one.url ?? 'no URL');
  if (
    wanted.path !== undefined &&
    !(one.url !== undefined && found(wanted.path, pathOf(one.url)))
  ) {
    miss('path', `a match of ${wanted.path}`, one.url === undefined ? 'no URL' : pathOf(one.url));
  }
  if (one.untold !== undefined) return missed;
  if (one.flaw !== undefined || one.payload === undefined) {
    miss('whole', 'a whole image', one.flaw ?? 'no image');
    return missed;
  }
  const { type, width, height } = one.payload;
  if (wanted.format !== undefined && type !== `image/${wanted.format}`)
    miss('format', `image/${wanted.format}`, type);
  if (
    wanted.format !== undefined &&
    one.declared !== undefined &&
    !declaresFormat(one.declared, wanted.format)
  ) {
    miss('format', `image/${wanted.format} declared`, `${one.declared} declared`);
  }
  const pixels = `${width}x${height}`;
  if (wanted.size !== undefined) {
    const [least, most] = SIZES[wanted.size];
    const long = Math.max(width, height);
    if (long < least || long > most)
      miss('size', `${wanted.size} (long side ${least}–${most})`, pixels);
  }
  if (wanted.ratio !== undefined) {
    const [, across = '1', down = '1'] = RATIO.exec(wanted.ratio) ?? [];
    const off = Math.abs(width / height / (Number(across) / Number(down)) - 1);
    if (!(off <= RATIO_TOLERANCE)) miss('ratio', wanted.ratio, pixels);
  }
  return missed;
}

function declaresFormat(declared: string, format: string): boolean {
  const type = declared.split(';')[0]?.trim().toLowerCase();
  return type === `image/${format}` || (format === 'jpeg' && type === 'image/jpg');
}

function isAt(host: string, url: string | undefined): boolean {
  const parsed = url === undefined ? null : URL.parse(url);
  return parsed !== null && (parsed.host === host || parsed.hostname === host);
}

function pathOf(url: string): string {
  return URL.parse(url)?.pathname ?? url;
}

function describe(images: readonly FoundImage[]): string {
  return images
    .map((one) => `${one.at} ${one.payload?.type ?? shown(one.url ?? one.flaw ?? '')}`)
    .join(', ');
}
