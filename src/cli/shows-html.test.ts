import { createHash } from 'node:crypto';
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as fc from 'fast-check';
import { decode } from 'fast-png';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startMock } from '../mock/server.ts';
import { htmlDocument } from '../report/html/document.ts';
import { toldWith } from '../report/html/told.fixture.ts';
import {
  AXE,
  type Browser,
  type Page,
  chromiumPath,
  openPage,
  startBrowser,
} from './chromium.fixture.ts';
import { KEY, type WorkFolder, aWorkFolder, behind, liveTarget } from './desk.fixture.ts';

const PATH = chromiumPath();

/** What breaks some of what the pages promise: an image in no shape, a wrong type, a family without its aliases. */
const FAULTS = ['mime.nano-banana=jpeg', 'shape.gemini-2.5-flash-image=none', 'alias=none'];

let desk: WorkFolder;
let targets: object;
let file: string;
let html: string;

beforeAll(async () => {
  desk = await aWorkFolder();
  file = join(desk.folder, 'reports', 'assay.html');
  const args = ['run', '--target', 'production', '--report', `html=${file}`, '--now'] as const;
  for (const [day, faults] of [
    ['2026-04-10', []],
    ['2026-04-14', FAULTS],
  ] as const) {
    const mock = await startMock({ world: '2026-04-14', faults });
    try {
      const live = liveTarget(behind(mock));
      targets = { production: live, local: live };
      const { code } = await desk.assay(targets, ...args, day, '--keep-images');
      expect(code).toBe(faults.length === 0 ? 0 : 1);
    } finally {
      await mock.close();
    }
  }
  html = await readFile(file, 'utf8');
}, 120_000);

afterAll(() => desk?.close());

describe('an HTML report', () => {
  test('says of a faulty run what contradicts the docs, with the line of the suite and a command that repeats it', () => {
    expect(/<h1>\d+ claims contradict the docs<\/h1>/.test(html)).toBe(true);
    expect(html.includes('no image in any shape')).toBe(true);
    expect(/gemini-image-edit\.yaml:\d+/.test(html)).toBe(true);
    expect(html.includes('curl -X POST')).toBe(true);
    expect(html.includes('$DESK_KEY')).toBe(true);
    expect(html.includes('passed on 1 day, failed on 1 day')).toBe(true);
    expect(html.includes(KEY)).toBe(false);
  });

  test('is made again from the ledger alone, byte for byte', async () => {
    const said = await desk.assay(targets, 'report', '--format', 'html');
    expect(said.code).toBe(0);
    expect(said.stdout === html).toBe(true);
  });

  test('shows small copies of the images that were kept, each under its own hash', async () => {
    const folder = join(desk.folder, 'images');
    const names = await readdir(folder);
    expect(names.length).toBeGreaterThan(1);
    for (const name of names) {
      const hash = createHash('sha256').update(await readFile(join(folder, name)));
      expect(name.split('.')[0]).toBe(hash.digest('hex'));
    }
    const copies =
      html.match(/class="copy" role="img" aria-label="Small copy of image\/png/g) ?? [];
    expect(copies.length).toBeGreaterThan(3);
  });

  test('tells without a run how everything stands', async () => {
    const said = await desk.assay(
      targets,
      'status',
      '--format',
      'html',
      '--now',
      '2026-04-15T12:00:00Z',
    );
    expect(said.code).toBe(0);
    expect(said.stdout.includes('Status at <time datetime="2026-04-15T12:00:00.000Z">')).toBe(true);
    expect(/<h1>\d+ claims contradict the docs<\/h1>/.test(said.stdout)).toBe(true);
    expect(said.stdout.includes('1 days ago')).toBe(false);
    expect(said.stdout.includes('yesterday')).toBe(true);
  });
});

describe.skipIf(PATH === undefined)('in Chromium, an HTML report', () => {
  let browser: Browser;
  let strict: Server;
  const servings = new Map<string, string>();

  beforeAll(async () => {
    browser = await startBrowser(PATH ?? '');
    strict = createServer((request, response) => {
      response.setHeader(
        'content-security-policy',
        "default-src 'none'; style-src 'unsafe-inline'",
      );
      response.setHeader('content-type', 'text/html; charset=utf-8');
      response.statusCode = servings.has(request.url ?? '') ? 200 : 404;
      response.end(servings.get(request.url ?? ''));
    });
    await new Promise<void>((resolve) => strict.listen(0, '127.0.0.1', resolve));
  });

  afterAll(async () => {
    await browser?.close();
    strict?.close();
  });

  const opened = (options = {}) => openPage(browser, pathToFileURL(file).href, options);

  test.each([
    ['light', { colorScheme: 'light' }],
    ['dark', { colorScheme: 'dark' }],
    ['at 360 px', { viewport: { width: 360, height: 740 } }],
  ] as const)(
    'is without any fault that axe-core knows, %s, with all that it has opened',
    async (_, options) => {
      const { page, messages, requests } = await opened(options);
      try {
        await page.evaluate(
          `for (const one of document.querySelectorAll('details')) one.open = true`,
        );
        expect(await violations(page)).toEqual([]);
        expect([messages, requests]).toEqual([[], []]);
      } finally {
        await page.close();
      }
    },
  );

  test('asks for nothing and says nothing, even where only inline style is allowed', async () => {
    servings.set('/report', html);
    const { port } = strict.address() as AddressInfo;
    const { page, messages, requests } = await openPage(browser, `http://127.0.0.1:${port}/report`);
    try {
      expect([messages, requests]).toEqual([[], []]);
      const colour = await page.evaluate(`getComputedStyle(document.querySelector('h1')).fontSize`);
      expect(Number.parseFloat(String(colour))).toBeGreaterThan(20);
    } finally {
      await page.close();
    }
  });

  test('never scrolls sideways at 360 px: wide tables scroll within themselves', async () => {
    const { page } = await opened({ viewport: { width: 360, height: 740 } });
    try {
      await page.evaluate(
        `for (const one of document.querySelectorAll('details')) one.open = true`,
      );
      await page.addStyleTag({
        content: '.claims, .claim { content-visibility: visible !important }',
      });
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
      const scrolls = `[...document.querySelectorAll('.scroll')].some((one) => one.scrollWidth > one.clientWidth)`;
      expect(await page.evaluate(scrolls)).toBe(true);
    } finally {
      await page.close();
    }
  });

  test('is read with the keyboard in the order in which it stands, and every piece of evidence opens', async () => {
    const { page } = await opened();
    try {
      await page.evaluate(
        `window.all = [...document.querySelectorAll('a, summary, [tabindex="0"]')]`,
      );
      const count = Number(await page.evaluate('all.length'));
      expect(count).toBeGreaterThan(50);
      const order: unknown[] = [];
      for (let at = 0; at < count; at++) {
        await page.keyboard.press('Tab');
        order.push(await page.evaluate('all.indexOf(document.activeElement)'));
      }
      expect(order).toEqual(Array.from({ length: count }, (_, at) => at));
      await page.evaluate(`document.querySelector('summary').focus()`);
      await page.keyboard.press('Enter');
      expect(await page.evaluate(`document.querySelectorAll('details[open]').length`)).toBe(1);
    } finally {
      await page.close();
    }
  });

  test('leads to a claim by its address, and prints what is closed', async () => {
    const anchor = 'claim-gemini-image-edit/native.edit';
    const { page } = await opened({ viewport: { width: 1000, height: 700 } });
    try {
      await page.goto(`${pathToFileURL(file).href}#${anchor}`);
      const top = `document.getElementById(${JSON.stringify(anchor)}).getBoundingClientRect().top`;
      await expect.poll(async () => Number(await page.evaluate(top))).toBeLessThan(700);
      await page.emulateMedia({ media: 'print' });
      const height = `document.querySelector('.exhibit').getBoundingClientRect().height`;
      expect(Number(await page.evaluate(height))).toBeGreaterThan(100);
    } finally {
      await page.close();
    }
  });

  test('has no element and no attribute that its template did not write, whatever the texts in it', async () => {
    const page = await browser.newPage();
    try {
      const plain = await skeleton(page, htmlDocument(toldWith('a plain text')));
      const hostile = fc.oneof(
        fc.constantFrom(
          '"><script>document.title="owned"</script>',
          `' onmouseover='alert(1)' x='`,
          '--><img src=x onerror=alert(1)>',
          '</style></title></textarea></pre></svg><b>',
          '&lt;script&gt;&#60;b&#62;',
          ']]><![CDATA[<x>',
          'javascript:alert(1)',
        ),
        fc.string({ unit: 'binary', maxLength: 40 }),
        fc.string({ unit: fc.constantFrom('<', '>', '"', "'", '&', '/', '=', '!', '-', 'b', ' ') }),
      );
      await fc.assert(
        fc.asyncProperty(hostile, async (text) => {
          // Code between backticks is the one piece of Markdown that a cell is read for; and no text at all is not shown.
          fc.pre(!text.includes('`') && text !== '');
          expect(await skeleton(page, htmlDocument(toldWith(text)))).toBe(plain);
        }),
        { numRuns: 60 },
      );
    } finally {
      await page.close();
    }
  });

  test('shows a small copy of an image where it may, and where it may not, says nothing of it before it is opened', async () => {
    const red = 'data:image/gif;base64,R0lGODlhAQABAIAAAP8AAAAAACwAAAAAAQABAAACAkQBADs=';
    const copy = join(desk.folder, 'copy.html');
    await writeFile(copy, htmlDocument(toldWith('x', { thumbnail: () => red })));
    const { page, messages } = await openPage(browser, pathToFileURL(copy).href);
    try {
      await page.evaluate(`document.querySelector('details').open = true`);
      const path = join(desk.folder, 'copy.png');
      // What is out of sight is not painted yet.
      const shown = async () => {
        await page.locator('.copy').first().screenshot({ path });
        const { data, channels, width, height } = decode(await readFile(path));
        const middle = (Math.floor(height / 2) * width + Math.floor(width / 2)) * channels;
        return Array.from(data.slice(middle, middle + 3));
      };
      await expect.poll(shown, { timeout: 20_000 }).toEqual([255, 0, 0]);
      expect(messages).toEqual([]);
    } finally {
      await page.close();
    }
    servings.set('/copy', await readFile(copy, 'utf8'));
    const { port } = strict.address() as AddressInfo;
    const watched = await openPage(browser, `http://127.0.0.1:${port}/copy`);
    expect(watched.messages).toEqual([]);
    await watched.page.close();
  });
});

/** What axe-core finds wrong with a page, in short. */
async function violations(page: Page): Promise<unknown> {
  await page.evaluate(AXE);
  return await page.evaluate(
    `axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes.slice(0, 3).map(({ html, failureSummary }) => html.slice(0, 200) + failureSummary).join(' | ')))`,
  );
}

/** Every element of a document, as a browser reads it, with the names of its attributes. */
async function skeleton(page: Page, text: string): Promise<unknown> {
  return await page.evaluate(
    `[...new DOMParser().parseFromString(${JSON.stringify(text)}, 'text/html').querySelectorAll('*')]
      .map((one) => [one.localName, ...one.getAttributeNames()].join(' ')).join('\\n')`,
  );
}
