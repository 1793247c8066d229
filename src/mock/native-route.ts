import { Buffer } from 'node:buffer';
import { type Call, type Fields, fieldsOf, type Reply, textOf } from './call.ts';
import { refuse, type ErrorName, type Refusal } from './errors.ts';
import { type Format, formatOf, type Picture, pixels, sentBase64, type Wish } from './pictures.ts';

/** Tokens that a text alone costs. */
const TEXT_TOKENS = 24;
/** Tokens that one image in the request costs. */
const INPUT_IMAGE_TOKENS = 258;
const MOST_IMAGES = 10;

/** What a request asks for, read from its fields. */
interface Asked {
  readonly prompt: string;
  readonly inputs: readonly Fields[];
  readonly modality: string;
  readonly count: number;
  readonly wish: Wish;
}

/** `POST /v1beta/models/{model}:generateContent`: text, images or both, in the shape that this model's channel gives. */
export function nativeRoute(call: Call): Reply {
  const { ask, model, canonical } = call;
  const asked = read(call);
  if ('refused' in asked) return asked;

  const native = ask('native', model, canonical);
  const edit = asked.inputs.length > 0 ? ask('edit', model, canonical) : 'ok';
  const failure = [native, edit].find((state) => state !== 'ok');
  if (failure !== undefined) return refuse(failure as ErrorName, model);
  if (!asked.inputs.every(isImage)) return refuse('input-image');
  const blockReason = blockReasonOf(call, asked.prompt);
  if (blockReason !== undefined) {
    const promptFeedback = { blockReason, safetyRatings: [] };
    return { json: { promptFeedback, ...identity(call) }, made: 0 };
  }

  const look = pixels(asked.wish, ask);
  if (look === 'aspect') return refuse('aspect', asked.wish.ratio ?? '');
  if (look === 'size') return refuse('size', asked.wish.size ?? '');
  const finish = finishOf(call, asked.prompt);
  const withheld = /IMAGE|SAFETY|PROHIBITED|BLOCKLIST|RECITATION|SPII/.test(finish);
  const format = ask('mime', model, canonical) as Format;
  const pictures = Array.from(
    { length: asked.modality.includes('IMAGE') && !withheld ? asked.count : 0 },
    (_, index): Picture => ({ ...look, format, shade: (200 + 40 * index) % 256 }),
  );
  const content = withheld ? {} : { parts: partsOf(call, asked, pictures) };
  const isShown = !['text', 'none'].includes(ask('shape', model, canonical));
  return {
    made: isShown ? pictures.length : 0,
    json: {
      candidates: [
        {
          content: { ...content, role: ask('role') },
          finishReason: finish,
          index: 0,
          safetyRatings: [],
        },
      ],
      ...usage(call, asked, pictures.length),
      ...identity(call),
    },
  };
}

function blockReasonOf({ ask }: Call, prompt: string): string | undefined {
  if (ask('blocked') !== 'none') return ask('blocked');
  const isViolent = /graphic violence/i.test(prompt) && ask('prompt.violence') === 'blocked';
  return isViolent ? 'PROHIBITED_CONTENT' : undefined;
}

function finishOf({ ask }: Call, prompt: string): string {
  const isUnwanted = /without an image/i.test(prompt) && ask('prompt.no-image') === 'honoured';
  return isUnwanted ? 'NO_IMAGE' : ask('finish');
}

function read({ ask, fields }: Call): Asked | Refusal {
  const contents = fields['contents'];
  if (!Array.isArray(contents) || contents.length === 0) return refuse('contents');
  const parts = contents.flatMap((content) => {
    const own = fieldsOf(content)['parts'];
    return Array.isArray(own) ? own.map(fieldsOf) : [];
  });
  const prompt = parts.map((part) => textOf(part['text']) ?? '').join('\n');

  const config = fieldsOf(fields['generationConfig'] ?? fields['generation_config']);
  const official = fieldsOf(config['imageConfig'] ?? config['image_config']);
  const unofficial = fieldsOf(config['imageGenerationConfig']);
  const refused = [
    ...['aspectRatio', 'imageSize'].filter(
      (name) => name in official && ask('imageConfig', name) === 'refused',
    ),
    ...Object.keys(unofficial).filter((name) => ask('imageGenerationConfig', name) === 'refused'),
  ];
  if (refused[0] !== undefined) return refuse('parameter', refused[0]);

  const honoured = (name: string): unknown =>
    ask('imageGenerationConfig', name) === 'honoured' ? unofficial[name] : undefined;
  const ratio = ask('imageConfig', 'aspectRatio') === 'honoured' && official['aspectRatio'];
  const size = ask('imageConfig', 'imageSize') === 'honoured' && official['imageSize'];
  const spoken =
    ask('prompt.aspect') === 'honoured' ? /\b\d{1,2}:\d{1,2}\b/.exec(prompt)?.[0] : undefined;
  const count = honoured('numberOfImages');
  return {
    prompt,
    inputs: parts.flatMap((part) => {
      const input = part['inlineData'] ?? part['inline_data'];
      return input === undefined ? [] : [fieldsOf(input)];
    }),
    modality: modalityOf(ask, config['responseModalities'] ?? config['response_modalities']),
    count: Number.isInteger(count) ? Math.min(Math.max(Number(count), 1), MOST_IMAGES) : 1,
    wish: {
      ratio: textOf(ratio) ?? textOf(honoured('aspectRatio')) ?? spoken,
      size: textOf(size),
    },
  };
}

/** Which of text and image come: those that are listed; text where nothing is. */
function modalityOf(ask: Call['ask'], listed: unknown): string {
  const words = Array.isArray(listed) ? listed.map((word) => String(word).toUpperCase()) : [];
  const asked = ['TEXT', 'IMAGE'].filter((word) => words.includes(word)).join('+') || 'omitted';
  const comes = ask('modality', asked);
  if (comes !== 'own') return comes;
  return asked === 'omitted' ? 'TEXT' : asked;
}

/** Google refuses input that does not begin as an image does. */
function isImage(input: Fields): boolean {
  const head = Buffer.from((textOf(input['data']) ?? '').slice(0, 16), 'base64');
  return formatOf(head) !== undefined;
}

function partsOf(call: Call, asked: Asked, pictures: readonly Picture[]): readonly object[] {
  const { ask, model, canonical } = call;
  const shape = ask('shape', model, canonical);
  const images = pictures.flatMap((picture, index) => imagePart(call, shape, picture, index));
  const place = images.length === 0 ? 'leading' : ask('text');
  const wantsText =
    asked.modality.includes('TEXT') && (shape === 'inline-data' || images.length === 0);
  const text = wantsText && shape !== 'none' ? [{ text: 'Here is what you asked for:' }] : [];
  return [
    ...thoughts(call, pictures),
    ...(place === 'leading' ? text : []),
    ...images,
    ...(place === 'trailing' ? text : []),
  ];
}

function imagePart(call: Call, shape: string, picture: Picture, index: number): readonly object[] {
  const { ask, model, canonical } = call;
  const declared = ask('declared', model, canonical);
  const mimeType = declared === 'real' ? `image/${picture.format}` : declared;
  const alt = ask('alt', model, canonical);
  switch (shape) {
    case 'inline-data':
      return [{ inlineData: { mimeType, data: sentBase64(picture, ask) } }];
    case 'data-uri':
      return [{ text: `![${alt}](data:${mimeType};base64,${sentBase64(picture, ask)})` }];
    case 'hosted-url':
      return [{ text: `![${alt}](${call.archive(picture, index)})` }];
    case 'text':
      return [{ text: 'A picture would show what you describe.' }];
    default:
      return [];
  }
}

/** Interim images are smaller, and no part of the answer. */
function thoughts({ ask }: Call, pictures: readonly Picture[]): readonly object[] {
  if (ask('thoughts') === 'none' || pictures.length === 0) return [];
  const interim: Picture = { format: 'jpeg', width: 256, height: 192, shade: 90 };
  const data = sentBase64(interim, ask);
  return [
    { text: 'I weigh the composition first.', thought: true },
    { inlineData: { mimeType: 'image/jpeg', data }, thought: true },
  ];
}

function usage({ ask }: Call, asked: Asked, images: number): object {
  if (ask('usageMetadata') === 'absent') return {};
  const prompt = Math.ceil(asked.prompt.length / 4) + INPUT_IMAGE_TOKENS * asked.inputs.length;
  const candidates = images === 0 ? TEXT_TOKENS : images * Number(ask('tokens'));
  return {
    usageMetadata: {
      promptTokenCount: prompt,
      candidatesTokenCount: candidates,
      totalTokenCount: prompt + candidates,
      candidatesTokensDetails: [
        { modality: images === 0 ? 'TEXT' : 'IMAGE', tokenCount: candidates },
      ],
    },
  };
}

function identity({ ask, model, canonical, requestId }: Call): object {
  const named = ask('modelVersion');
  const modelVersion = named === 'canonical' ? canonical : named === 'asked' ? model : named;
  return { ...(named !== 'absent' && { modelVersion }), responseId: requestId };
}
