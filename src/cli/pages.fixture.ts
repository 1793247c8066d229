import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { type IncomingHttpHeaders, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { liveTarget } from './desk.fixture.ts';

/** For tests only: one request, as a server met it. */
export interface Met {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** For tests only: a server that answers 200 `{"ok":true}`, below `/bad` 400 `{"ok":false}`, and remembers what it met. */
export async function aServer(): Promise<{
  readonly target: object;
  readonly met: readonly Met[];
  readonly close: () => Promise<void>;
}> {
  const met: Met[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method, url, headers } = request;
      met.push({ method, url, headers, body: Buffer.concat(chunks).toString('utf8') });
      const ok = url?.startsWith('/bad') !== true;
      response.writeHead(ok ? 200 : 400, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ ok }));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    target: liveTarget({ baseUrl: `http://127.0.0.1:${port}` }),
    met,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** For tests only: a suite of three claims, one of which holds and one of which is broken, and two tables under one heading. */
export const SUITE = `
suite: small
page: { en: en/p.mdx, cn: cn/p.mdx }
documented: { as: open }
let: { path: good }
requests:
  get: { method: GET, path: "/\${path}" }
claims:
  - { id: good, says: It works, expect: [ { json: { at: $.ok, equals: true } } ] }
  - { id: bad, says: It fails, let: { path: bad }, expect: [ { json: { at: $.ok, equals: true } } ] }
  - { id: never, says: Nobody asked, let: { path: never }, expect: [ { json: { at: $.ok, equals: true } } ] }
tables:
  - under: { en: Status, cn: 状态 }
    key: { en: Feature, cn: 功能 }
    owns: { en: Status, cn: 状态 }
    from: [local]
    words: { holds: { en: "\`Verified\`", cn: 已验证 }, broken: "\`no \\\\| never\`", else: "\`Beta\`" }
    rows:
      - { row: { en: plain text, cn: 纯文本 }, needs: [good] }
      - { row: "a | b", needs: [bad] }
      - { row: 图像 🟢, needs: [never] }
      - { row: { en: whole, cn: 全部 }, needs: [good, bad, never] }
      - { row: price, leave: It is a person's word }
  - under: { en: Status, cn: 状态 }
    key: Item
    owns: Word
    from: [local]
    words: { holds: works, broken: fails, else: "?" }
    rows:
      - { row: good, needs: [good] }
      - { row: bad, needs: [bad] }
`;

/** For tests only: a page of that suite as its evidence has it, with all that a careless writer of pages would damage. */
export function pageIn(locale: 'en' | 'cn'): string {
  const [heading, feature, status, plain, whole, verified] =
    locale === 'en'
      ? ['Status', 'Feature', 'Status', 'plain text', 'whole', '`Verified`']
      : ['状态', '功能', '状态', '纯文本', '全部', '已验证'];
  return `---
title: "Small | page"
---

# Small

## ${heading}

| ${feature}   |  ${status} | Notes |
|:----|:--:|---|
| ${plain} | ${verified} | a cell with blanks at its end   |
| \`a \\| b\` |   \`no \\| never\`   | pipes \\| are \\| escaped |
|  图像 🟢|\`Beta\`| 中文，全角；\\{ not code \\} |
| ${whole} | \`no \\| never\` | |
| price | risky | \`Verified\` stands here as well |

Some text, with \`| good | fails |\` in it.

| Item | Notes | Word |
| --- | --- | --- |
| good | Beta | works |
| bad | works | fails |

\`\`\`md
| ${feature} | ${status} | Notes |
|---|---|---|
| ${plain} | in a fence, and so no table | |
\`\`\`

<Note>
  The end has blanks:${'  '}
</Note>
`;
}

/** For tests only: puts pages in their places below a folder. */
export async function putPages(
  folder: string,
  pages: Readonly<Record<string, string>>,
): Promise<void> {
  for (const [name, text] of Object.entries(pages)) {
    const file = join(folder, name);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
}

/** For tests only: the pages of the small suite below a folder, as they are now. */
export async function readPages(folder: string): Promise<Readonly<Record<string, string>>> {
  const names = ['en/p.mdx', 'cn/p.mdx'];
  const texts = names.map(
    async (name) => [name, await readFile(join(folder, name), 'utf8')] as const,
  );
  return Object.fromEntries(await Promise.all(texts));
}
