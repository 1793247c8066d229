/**
 * What reading a ledger cannot do without: `node lines.js FOLDER` reads each of its files, cuts it into lines and parses each of
 * them; in plain JavaScript.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const [folder = ''] = process.argv.slice(2);
let lines = 0;
for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
  if (!name.endsWith('.jsonl')) continue;
  for (const line of readFileSync(join(folder, name), 'utf8').split('\n')) {
    if (line !== '' && JSON.parse(line).prev !== undefined) lines += 1;
  }
}
if (lines === 0) throw new Error(`nothing was read from ${folder}`);
