/**
 * A gateway that charges, in a process of its own: `node gateway.ts [DELAY_MS]` prints its address. It is honest, and
 * lets its charges be read as often as a bench reads them.
 */
import { startMock } from '../mock/server.ts';

const gateway = await startMock({
  world: '2026-03-30',
  delayMs: Number(process.argv[2] ?? 0),
  faults: ['limit.api=1000000'],
});
console.log(gateway.url);
