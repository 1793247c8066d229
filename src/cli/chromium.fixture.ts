import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';

/** What of a page is used; the types of the library itself want those of a browser. */
export interface Page {
  readonly on: (event: string, listener: (seen: Seen) => void) => void;
  readonly goto: (address: string) => Promise<unknown>;
  readonly evaluate: <Given>(
    script: string | ((given: Given) => unknown),
    given?: Given,
  ) => Promise<unknown>;
  readonly addStyleTag: (style: { readonly content: string }) => Promise<unknown>;
  readonly emulateMedia: (media: { readonly media: 'print' | 'screen' }) => Promise<void>;
  readonly keyboard: { readonly press: (key: string) => Promise<void> };
  readonly locator: (selector: string) => {
    readonly first: () => {
      readonly screenshot: (to: { readonly path: string }) => Promise<unknown>;
    };
  };
  readonly close: () => Promise<void>;
}

/** A message of the console, an error, or a request. */
interface Seen {
  readonly text: () => string;
  readonly message: string;
  readonly url: () => string;
}

/** What of a browser is used. */
export interface Browser {
  readonly newPage: (options?: object) => Promise<Page>;
  readonly close: () => Promise<void>;
}

const require = createRequire(import.meta.url);
const { chromium } = require('playwright-core') as {
  readonly chromium: { readonly launch: (options: object) => Promise<Browser> };
};

/** For tests only: what axe-core is, to be run in a page. */
export const AXE = (require('axe-core') as { readonly source: string }).source;

/** Where systems have it, if ASSAY_CHROMIUM does not say. */
const USUAL = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** For tests only: the path of a Chromium, or undefined where there is none, which is said loudly. */
export function chromiumPath(): string | undefined {
  const path = [process.env['ASSAY_CHROMIUM'], ...USUAL].find((one) => one && existsSync(one));
  // oxlint-disable-next-line no-console -- whoever reads the tests must know
  if (path === undefined) console.warn('SKIPPED: no Chromium; ASSAY_CHROMIUM names one');
  return path;
}

/** For tests only: starts a browser, to be closed in the end. */
export async function startBrowser(path: string): Promise<Browser> {
  return await chromium.launch({ executablePath: path, args: ['--no-sandbox'] });
}

/** What happens in a page that nobody should see. */
export interface Watched {
  readonly page: Page;
  /** What the console said, and what went wrong. */
  readonly messages: readonly string[];
  /** What it asked for besides itself. */
  readonly requests: readonly string[];
}

/** For tests only: a page that notes what it says and asks for; `open` is its address. */
export async function openPage(
  browser: Browser,
  open: string,
  options: object = {},
): Promise<Watched> {
  const page = await browser.newPage(options);
  const messages: string[] = [];
  const requests: string[] = [];
  page.on('console', (one) => messages.push(one.text()));
  page.on('pageerror', ({ message }) => messages.push(message));
  page.on('request', (request) => {
    if (request.url() !== open && !request.url().startsWith('data:')) requests.push(request.url());
  });
  await page.goto(open);
  return { page, messages, requests };
}
