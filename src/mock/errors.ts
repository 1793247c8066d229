import type { Ask } from './faults.ts';

/** How new-api says one thing; `{}` in a message stands for what it is about. */
interface GatewayError {
  readonly status: number;
  readonly code: string | number;
  readonly says: string;
  /** `new_api_error` unless the upstream is to blame. */
  readonly type?: string;
  /** Said before a model is reached: another shape, and in the language of the caller. */
  readonly chinese?: string;
}

const ERRORS = {
  'no-key': { status: 401, code: '', says: 'No token provided', chinese: '未提供令牌' },
  key: { status: 401, code: '', says: 'Invalid token', chinese: '无效的令牌' },
  'token-quota': {
    status: 403,
    code: 'pre_consume_token_quota_failed',
    says: 'token quota is not enough, token remain quota: {}, need quota: {}',
  },
  pin: {
    status: 403,
    code: '',
    says: 'Normal users do not support specifying channels',
    chinese: '普通用户不支持指定渠道',
  },
  json: { status: 400, code: '', says: 'Invalid request: {}', chinese: '无效的请求: {}' },
  model: {
    status: 400,
    code: '',
    says: 'Model name not specified, model name cannot be empty',
    chinese: '未指定模型名称，模型名称不能为空',
  },
  'unknown-model': {
    status: 503,
    code: 'model_not_found',
    says: 'No available channel for model {} under group default (distributor)',
    chinese: '分组 default 下模型 {} 无可用渠道（distributor）',
  },
  path: { status: 404, code: '', type: 'invalid_request_error', says: 'Invalid URL ({})' },
  'not-implemented': { status: 501, code: 'api_not_implemented', says: 'API not implemented' },
  'too-large': {
    status: 413,
    code: 'read_request_body_failed',
    says: 'request body exceeds {} bytes',
  },
  'no-channel': {
    status: 500,
    code: 'get_channel_failed',
    says: 'model {} is temporarily unavailable, please try again later',
  },
  unsupported: {
    status: 500,
    code: 'convert_request_failed',
    says: 'not supported model for image generation, only imagen models are supported',
  },
  'unknown-field': {
    status: 400,
    code: 400,
    type: 'upstream_error',
    says: `Invalid JSON payload received. Unknown name "imageOutputOptions" at 'generation_config.image_config': Cannot find field.`,
  },
  timeout: {
    status: 524,
    code: 'bad_response_status_code',
    type: 'upstream_error',
    says: 'bad response status code 524',
  },
  fail: {
    status: 500,
    code: 'do_request_failed',
    type: 'upstream_error',
    says: 'upstream request for {} failed',
  },
  blocked: {
    status: 400,
    code: 'prompt_blocked',
    type: 'upstream_error',
    says: 'request blocked by Gemini API: {}',
  },
  contents: { status: 500, code: 'invalid_request', says: 'contents is required' },
  'input-image': {
    status: 400,
    code: 400,
    type: 'upstream_error',
    says: 'Unable to process input image.',
  },
  parameter: {
    status: 400,
    code: 400,
    type: 'upstream_error',
    says: `Invalid JSON payload received. Unknown name "{}" at 'generation_config': Cannot find field.`,
  },
  form: {
    status: 400,
    code: 'invalid_request',
    says: "request Content-Type isn't multipart/form-data",
  },
  image: { status: 400, code: 'invalid_request', says: 'image is required' },
  prompt: { status: 400, code: 'invalid_request', says: 'prompt is required' },
  field: {
    status: 400,
    code: 'invalid_request',
    says: 'field {} is not supported for this model; send public URLs in image_input',
  },
  aspect: { status: 400, code: 'invalid_request', says: 'aspect_ratio {} is not supported' },
  size: { status: 400, code: 'invalid_request', says: 'resolution {} is not supported' },
  n: { status: 400, code: 'invalid_request', says: 'n must be an integer from 1 to 10' },
  refs: {
    status: 400,
    code: 'invalid_request',
    says: 'at most {} reference images are currently supported for {}',
  },
  pixels: {
    status: 400,
    code: 'invalid_request',
    says: 'a reference image is longer or wider than {} pixels',
  },
  'prompt-length': {
    status: 400,
    code: 'invalid_request',
    says: 'a prompt has at most {} characters',
  },
  'data-uri': {
    status: 400,
    code: 'invalid_request',
    says: 'image_input accepts http and https URLs only',
  },
  reference: {
    status: 400,
    code: 'invalid_request',
    says: 'a reference in image_input cannot be used: {}',
  },
  format: {
    status: 400,
    code: 'invalid_request',
    says: 'reference images of type {} are not supported',
  },
  video: { status: 400, code: 'task_not_exist', says: 'task {} does not exist' },
  bytes: {
    status: 400,
    code: 'invalid_request',
    says: 'a reference image is larger than {} bytes',
  },
} as const satisfies Record<string, GatewayError>;

/** The name that faults use for an error. */
export type ErrorName = keyof typeof ERRORS;

/** Every error that the mock gateway can answer with, by the name that faults use for it. */
export const ERROR_NAMES = Object.keys(ERRORS) as readonly ErrorName[];

/** A request turned down: the error, and what it is about. */
export interface Refusal {
  readonly refused: ErrorName;
  readonly about: readonly string[];
}

/** Turns a request down; `about` fills the gaps in the error's message. */
export function refuse(refused: ErrorName, ...about: readonly string[]): Refusal {
  return { refused, about };
}

/** Hides URLs, domains, file names and addresses as new-api's MaskSensitiveInfo does, with its patterns. */
function mask(message: string): string {
  return message
    .replace(/https?:\/\/[^\s"')]+/g, 'https://***.com/***')
    .replace(
      /\b(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?\.)+([a-zA-Z]{2,})\b/g,
      (found, end: string) => (found.includes('***') ? found : `***.${end}`),
    )
    .replace(/\b(?:\d{1,3}\.){3}\d{1,3}\b/g, '***.***.***.***');
}

/** The same refusal as the routes of tasks word it; what is said before a model is reached keeps its shape. */
export function taskAnswer(
  refusal: Refusal,
  ask: Ask,
  caller: Parameters<typeof errorAnswer>[2],
): { readonly status: number; readonly body: object } {
  const { status, body } = errorAnswer(refusal, ask, caller);
  const error: GatewayError = ERRORS[refusal.refused];
  if (error.chinese !== undefined) return { status, body };
  const { code, message } = body.error;
  return { status, body: { code: String(code), message, data: null } };
}

/** The status and body of a refusal, in the shape of the layer that refuses, with the request id as suffix. */
export function errorAnswer(
  { refused, about }: Refusal,
  ask: Ask,
  caller: { readonly requestId: string; readonly english: boolean },
): {
  readonly status: number;
  readonly body: { readonly error: { readonly message: string; readonly code: string | number } };
} {
  const error: GatewayError = ERRORS[refused];
  const [status, type, code, own] = [
    ask('status', refused),
    ask('type', refused),
    ask('code', refused),
    ask('message', refused),
  ];
  const gaps = [...about];
  const template = error.chinese !== undefined && !caller.english ? error.chinese : error.says;
  const says = template.replaceAll('{}', () => gaps.shift() ?? '');
  const message = own === 'own' ? says : own === 'other' ? 'the request was turned down' : own;
  const suffix = ask('request-id') === 'absent' ? '' : ` (request id: ${caller.requestId})`;
  const said = {
    message: mask(message) + suffix,
    type: type === 'own' ? (error.type ?? 'new_api_error') : type,
    ...(error.chinese === undefined && { param: '' }),
    code: code === 'own' ? error.code : code,
  };
  return { status: status === 'own' ? error.status : Number(status), body: { error: said } };
}
