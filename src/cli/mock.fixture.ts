import { createInterface } from 'node:readline';
import { startAssay } from './cli.fixture.ts';

/** A mock gateway in a process of its own, as `assay mock` starts it. */
export interface MockProcess {
  readonly url: string;
  readonly hostingUrl: string;
  /** A pattern for reference images. */
  readonly references: string;
  readonly close: () => Promise<void>;
}

/** Starts one on ports of its own, and resolves once it has said where it stands. */
export async function aMockProcess(...args: readonly string[]): Promise<MockProcess> {
  const { child, said } = startAssay(['mock', '--port', '0', ...args]);
  const told: string[] = [];
  for await (const line of createInterface(child.stdout)) {
    told.push(line);
    if (told.length === 2) break;
  }
  const [url = '', hostingUrl = '', references = ''] =
    told.join(' ').match(/http:\/\/127\.0\.0\.1:[^\s,]+/g) ?? [];
  if (references === '') throw new Error(`the mock did not start: ${(await said).stderr}`);
  return {
    url,
    hostingUrl,
    references,
    async close() {
      child.kill();
      await said;
    },
  };
}
