import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { withOverview } from './overview.ts';

// `npm run reference`: puts the verbs and options of today into the README.
const file = fileURLToPath(new URL('../../../README.md', import.meta.url));
await writeFile(file, withOverview(await readFile(file, 'utf8')));
