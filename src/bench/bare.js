/**
 * The bare reference, as one would write it by hand for this one purpose, in plain JavaScript and with the compile cache:
 * `node bare.js URL SHAPE COUNT AT_ONCE` sends COUNT different requests, AT_ONCE at a time, and holds status, one field
 * and the shape of each answer. Exit code 1 if one of them is not as it should be.
 */
import { readFileSync } from 'node:fs';
import module from 'node:module';

module.enableCompileCache();
const [{ Ajv2020 }, { Pool }] = await Promise.all([import('ajv/dist/2020.js'), import('undici')]);

const [address = '', shapeFile = '', count = '1', atOnce = '1'] = process.argv.slice(2);
const { origin, pathname: path } = new URL(address);
const headers = { 'content-type': 'application/json', authorization: 'Bearer sk-bench-key' };
const isShaped = new Ajv2020().compile(JSON.parse(readFileSync(shapeFile, 'utf8')));
const pool = new Pool(origin, { connections: Number(atOnce) });
let next = 1;
let broken = 0;

async function holds(n) {
  const prompt = 'Draw a small round one';
  const request = JSON.stringify({ model: 'widget-1', prompt, batch: Math.ceil(n / 50), n });
  const { statusCode, body } = await pool.request({ method: 'POST', path, headers, body: request });
  const value = JSON.parse(await body.text());
  return statusCode === 200 && value.state === 'ready' && isShaped(value);
}

async function lane() {
  while (next <= Number(count)) if (!(await holds(next++))) broken += 1;
}

await Promise.all(Array.from({ length: Number(atOnce) }, lane));
await pool.close();
if (broken > 0) {
  console.error(`${broken} of ${count} answers are not as they should be`);
  process.exitCode = 1;
}
