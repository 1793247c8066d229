/**
 * What loading suites cannot do without: `node yaml.js FOLDER` has the `yaml` package alone parse each of its YAML files,
 * positions kept, and make plain values of it; in plain JavaScript and with the compile cache.
 */
import { readFileSync, readdirSync } from 'node:fs';
import module from 'node:module';
import { join } from 'node:path';

module.enableCompileCache();
const { LineCounter, parseDocument } = await import('yaml');

const [folder = ''] = process.argv.slice(2);
let values = 0;
for (const name of readdirSync(folder)) {
  if (!name.endsWith('.yaml')) continue;
  const lineCounter = new LineCounter();
  const document = parseDocument(readFileSync(join(folder, name), 'utf8'), { lineCounter });
  if (document.errors.length > 0) throw document.errors[0];
  values += Object.keys(document.toJS()).length;
}
if (values === 0) throw new Error(`nothing was read from ${folder}`);
