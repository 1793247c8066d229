import type { Evidence, SeenTarget } from '../domain/evidence.ts';

/** Evidence as an index keeps it: what many pieces have in common is told once, and read once. */
export interface Packed {
  readonly runs: readonly string[];
  readonly targets: readonly SeenTarget[];
  readonly tools: readonly string[];
  /** Numbers, counted from 0, stand where the run, the target and the tool are. */
  readonly pieces: readonly Evidence[];
}

/** Evidence as it is kept. */
export function packed(evidence: readonly Evidence[]): Packed {
  const runs = new Map<string, number>();
  const targets = new Map<string, number>();
  const tools = new Map<string, number>();
  const pieces = evidence.map((one) => ({
    ...one,
    run: numbered(one.run, runs),
    target: numbered(JSON.stringify(one.target), targets),
    tool: numbered(one.tool, tools),
  }));
  return {
    runs: [...runs.keys()],
    targets: Array.from(targets.keys(), (text) => JSON.parse(text) as SeenTarget),
    tools: [...tools.keys()],
    pieces: pieces as unknown as readonly Evidence[],
  };
}

/** Evidence out of what `packed` made of it, which is changed for that where it stands: it was just read, and nobody else has it. */
export function unpacked({ runs, targets, tools, pieces }: Packed): readonly Evidence[] {
  for (const piece of pieces as unknown as Record<'run' | 'target' | 'tool', unknown>[]) {
    piece.run = runs[Number(piece.run)];
    piece.target = targets[Number(piece.target)];
    piece.tool = tools[Number(piece.tool)];
  }
  return pieces;
}

function numbered(text: string, numbers: Map<string, number>): number {
  const number = numbers.get(text) ?? numbers.size;
  numbers.set(text, number);
  return number;
}
