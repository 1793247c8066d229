import type { VerbName } from '../verbs.ts';
import { JUDGING } from './judging.ts';
import { KEEPING } from './keeping.ts';
import type { Page } from './page.ts';
import { SAYING } from './saying.ts';

/** What the reference says of each verb; a verb without a page does not compile. */
export const pages: Readonly<Record<VerbName, Page>> = { ...JUDGING, ...SAYING, ...KEEPING };
