import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import type { Sent } from '../domain/exchange.ts';
import { curl } from './curl.ts';

const KEY = 'sk-of-the-shell';

/** The words that a shell hands to curl. */
function words(sent: Sent): readonly string[] {
  const script = `curl() { printf '%s\\0' "$@"; }; ${curl(sent, 'SOME_KEY')}`;
  const out = execFileSync('bash', ['-c', script], {
    env: { SOME_KEY: KEY },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return out.toString().split('\0').slice(0, -1);
}

const sentWith = (body: string, headers: Sent['headers'] = { 'content-type': 'text/plain' }) => ({
  method: 'POST',
  url: 'http://127.0.0.1:9/v1?key=$SOME_KEY',
  headers,
  body,
});

describe('a curl command', () => {
  test.each([
    '{"a":"it\'s"}',
    '--b\r\nContent-Disposition: form-data; name="a"\r\n\r\nit\'s \\n $HOME `ls`\r\n--b--\r\n',
    'a\ttab, a\u0001control and a\u007Fdelete',
    'é 猫',
    'a C1 control\u0085 as well\n',
    '',
  ])('hands the body %j to curl as it was sent', (body) => {
    expect(words(sentWith(body)).at(-1)).toBe(body);
  });

  test('stays on lines of its own, whatever stands in the body', () => {
    expect(curl(sentWith('a\r\nb\nc'), 'SOME_KEY').split('\n')).toHaveLength(3);
  });

  test('says in the words of curl what it would take otherwise', () => {
    const sent = { method: 'HEAD', url: 'http://127.0.0.1:9/v1/a[1]', headers: { 'x-a': '' } };
    expect(words(sent)).toEqual(['--head', '--globoff', sent.url, '-H', 'x-a;']);
  });

  test('has the key from the shell, also beside line ends', () => {
    const said = words(sentWith('a\n$SOME_KEY\n', { authorization: 'Bearer $SOME_KEY' }));
    expect(said).toEqual([
      '-X',
      'POST',
      `http://127.0.0.1:9/v1?key=${KEY}`,
      '-H',
      `authorization: Bearer ${KEY}`,
      '-H',
      'content-type:',
      '--data-raw',
      `a\n${KEY}\n`,
    ]);
  });
});
