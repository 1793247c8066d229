import { describe, expect, test } from 'vitest';
import { type ReceiverName, deliveryOf } from './delivery.ts';
import type { Outcome } from './exchange.ts';

function answered(status: number, text: string): Outcome {
  const body = { text, bytes: text.length, payloads: [], cut: false };
  return { kind: 'answered', status, headers: {}, body };
}

describe('what an answer says of a message', () => {
  test.each<[ReceiverName, number, string, string]>([
    ['json', 200, '', 'told'],
    ['json', 202, 'queued', 'told'],
    ['json', 400, '', 'refused'],
    ['json', 303, '', 'doubtful'],
    ['json', 307, '', 'refused'],
    ['json', 429, '', 'later'],
    ['json', 503, '', 'later'],
    ['json', 500, '', 'doubtful'],
    ['json', 502, '', 'doubtful'],
    ['json', 504, '', 'doubtful'],
    ['slack', 200, 'ok', 'told'],
    ['slack', 200, '{"ok":true}', 'told'],
    ['slack', 200, '{"ok":false,"error":"invalid_blocks"}', 'refused'],
    ['slack', 200, '<html>Sign in</html>', 'doubtful'],
    ['slack', 404, 'no_service', 'refused'],
    ['feishu', 200, '{"code":0,"msg":"success","data":{}}', 'told'],
    ['feishu', 200, '{"StatusCode":0,"StatusMessage":"success"}', 'told'],
    ['feishu', 200, '{"code":9499,"msg":"Bad Request","data":{}}', 'refused'],
    ['feishu', 200, '{"code":9499,"msg":"too many request","data":{}}', 'later'],
    ['feishu', 200, '{"code":11232,"msg":"frequency limited"}', 'later'],
    ['feishu', 200, '{"code":19021,"msg":"sign match fail"}', 'refused'],
    ['feishu', 200, 'ok', 'doubtful'],
  ])('%s answers %i %s: %s', (receiver, status, text, kind) => {
    expect(deliveryOf(receiver, answered(status, text)).kind).toBe(kind);
  });

  test.each([
    ['unreachable', 'unsent'],
    ['guarded', 'unsent'],
    ['timeout', 'doubtful'],
    ['disconnected', 'doubtful'],
    ['malformed', 'doubtful'],
    ['interrupted', 'doubtful'],
  ] as const)('none, %s: %s', (cause, kind) => {
    expect(deliveryOf('json', { kind: 'unanswered', cause, detail: 'so' }).kind).toBe(kind);
  });
});
