import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';
import { startAssay } from './cli.fixture.ts';

test('a mock of its own says where it stands, misbehaves as it was told, and ends when it is asked to', async () => {
  const { child, said } = startAssay(['mock', '--port', '0', '--with', 'fail=402']);
  const told: string[] = [];
  for await (const line of createInterface(child.stdout)) {
    told.push(line);
    if (told.length === 2) break;
  }
  const [gateway = '', hosting = '', references] = told.join(' ').match(/http:\S+[^\s,]/g) ?? [];
  expect(references?.startsWith(hosting)).toBe(true);
  const { status } = await fetch(`${gateway}/v1/images/generations`, {
    method: 'POST',
    headers: { authorization: 'Bearer sk-any', 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'nano-banana-2', prompt: 'a banana' }),
  });
  expect(status).toBe(402);
  child.kill();
  expect(await said).toMatchObject({ code: 0, stderr: '' });
});
