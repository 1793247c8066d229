import type { Behaviour } from './behaviour.ts';
import { ERROR_NAMES } from './errors.ts';

const FAILURES = ['ok', ...ERROR_NAMES];

/** Who is let in, and which models there are. */
export const MODEL_BEHAVIOURS = {
  key: { values: ['accepted', 'refused'], honest: 'accepted', says: 'API keys are accepted' },
  'key.pin': {
    values: ['accepted', 'refused'],
    honest: 'accepted',
    says: 'a key may name a channel, as in sk-KEY-315',
  },
  auth: {
    subjects: ['bearer', 'query-key', 'google-key'],
    values: ['accepted', 'refused'],
    honest: 'accepted',
    says: 'the ways in which a key may be sent',
  },
  channel: {
    subjects: ['<number>'],
    values: ['served', 'none'],
    honest: 'none',
    says: 'the channels that a key may be pinned to; any other is get_channel_failed',
  },
  'gateway.version': {
    values: ['<text>'],
    honest: 'v0.11.4',
    says: 'the version in X-New-Api-Version and /api/status',
  },
  'request-id': {
    values: ['present', 'absent'],
    honest: 'present',
    says: 'X-Oneapi-Request-Id, and the suffix of every error message',
  },
  header: {
    subjects: ['<name>'],
    values: ['absent', 'own', '<text>'],
    honest: 'own',
    says: 'a response header of a generation',
  },

  model: {
    subjects: ['<model>'],
    values: ['listed', 'served', 'unknown'],
    honest: 'listed',
    says: 'the models served; listed: those that are an alias; any other is 503 model_not_found',
  },
  alias: {
    subjects: ['<model>'],
    values: ['none', '<model>'],
    honest: 'none',
    says: 'the canonical model that a name stands for',
  },
  native: {
    subjects: ['<model>'],
    values: FAILURES,
    honest: 'ok',
    says: 'native generateContent: it works, or fails with this error',
  },
  edit: {
    subjects: ['<model>'],
    values: FAILURES,
    honest: 'ok',
    says: 'native generateContent with an image in the request',
  },
  images: {
    subjects: ['<model>'],
    values: [...FAILURES, 'by-request'],
    honest: 'unsupported',
    says: 'the Images route: it works, fails with this error, or with one by request',
  },
} as const satisfies Record<string, Behaviour>;

/** What a native answer holds, and how an image looks on either route. */
export const NATIVE_BEHAVIOURS = {
  shape: {
    subjects: ['<model>'],
    values: ['inline-data', 'data-uri', 'hosted-url', 'text', 'none'],
    honest: 'inline-data',
    says: 'where a native answer has its image',
  },
  mime: {
    subjects: ['<model>'],
    values: ['png', 'jpeg', 'webp'],
    honest: 'png',
    says: 'the real format of a generated image',
  },
  declared: {
    subjects: ['<model>'],
    values: ['real', 'image/png', 'image/jpeg', 'image/webp'],
    honest: 'real',
    says: 'the type that the answer declares for its image',
  },
  alt: {
    subjects: ['<model>'],
    values: ['<text>'],
    honest: 'image',
    says: 'the alternative text of a Markdown image',
  },
  text: {
    values: ['leading', 'trailing', 'absent'],
    honest: 'leading',
    says: 'where text stands beside inline data, if TEXT was asked for',
  },
  stream: {
    values: ['whole', 'unparsable', 'error', 'silent', 'unterminated', 'cut'],
    honest: 'whole',
    says: 'an event stream: all of it, with half an event, with an error, with comments only, without its end, or broken off',
  },
  role: { values: ['<text>'], honest: 'model', says: 'the role of a native candidate' },
  finish: {
    values: ['<reason>'],
    honest: 'STOP',
    says: 'finishReason; NO_IMAGE and safety reasons come without an image',
  },
  blocked: {
    values: ['none', '<reason>'],
    honest: 'none',
    says: 'the prompt is blocked, for this promptFeedback.blockReason',
  },
  thoughts: {
    values: ['none', 'interim'],
    honest: 'none',
    says: 'thought parts with an interim image come before the answer',
  },
  tokens: { values: ['<number>'], honest: '1290', says: 'candidatesTokenCount for each image' },
  usageMetadata: {
    values: ['present', 'absent'],
    honest: 'present',
    says: 'usageMetadata of a native answer',
  },
  modelVersion: {
    values: ['canonical', 'asked', 'absent', '<model>'],
    honest: 'canonical',
    says: 'the model that a native answer names',
  },
  modality: {
    subjects: ['TEXT', 'IMAGE', 'TEXT+IMAGE', 'omitted'],
    values: ['own', 'TEXT', 'IMAGE', 'TEXT+IMAGE'],
    honest: 'own',
    says: 'what comes for these responseModalities; without them, text',
  },
  imageConfig: {
    subjects: ['aspectRatio', 'imageSize'],
    values: ['honoured', 'ignored', 'refused'],
    honest: 'honoured',
    says: 'the official image parameters of the native route',
  },
  imageGenerationConfig: {
    subjects: ['aspectRatio', 'numberOfImages'],
    values: ['honoured', 'ignored', 'refused'],
    honest: 'ignored',
    says: 'the unofficial image parameters of the native route',
  },
  'prompt.aspect': {
    values: ['honoured', 'ignored'],
    honest: 'honoured',
    says: 'a ratio written in a native prompt',
  },
  'prompt.no-image': {
    values: ['honoured', 'ignored'],
    honest: 'honoured',
    says: 'a native prompt that wants an answer without an image gets finishReason NO_IMAGE',
  },
  'prompt.violence': {
    values: ['blocked', 'ignored'],
    honest: 'blocked',
    says: 'a native prompt that asks for graphic violence is blocked as PROHIBITED_CONTENT',
  },

  aspect: {
    subjects: ['<aspect>'],
    values: ['listed', 'honoured', 'ignored', 'refused', '<ratio>'],
    honest: 'listed',
    says: 'an aspect ratio that was asked for; listed: the fifteen and no other',
  },
  size: {
    subjects: ['512', '1K', '2K', '4K'],
    values: ['asked', 'refused', '512', '1K', '2K', '4K'],
    honest: 'asked',
    says: 'the size class that comes for one that was asked for',
  },
  payload: {
    values: ['whole', 'truncated', 'line-breaks', 'garbage', 'empty'],
    honest: 'whole',
    says: 'the bytes of a generated image, or their base64',
  },
  'image.bytes': {
    values: ['own', '<number>'],
    honest: 'own',
    says: 'the exact length of a generated image',
  },
} as const satisfies Record<string, Behaviour>;
