import type { Claim, Suite } from '../domain/claim.ts';
import type { Target } from '../domain/target.ts';
import type { Mock } from '../mock/server.ts';

/** Where the claims of a run are put to the test: one live target, or a mock for each world of a rehearsal. */
export interface Stage {
  /** Whose limits bind the whole run. */
  readonly target: Target;
  /** The target as a claim meets it: in a rehearsal, in the world of its suite's day. */
  readonly targetFor: (claim: Claim) => Target;
  /** The key that the mocks of a rehearsal take; absent for a live target. */
  readonly key?: string;
  /** With which mocks in this process show what they charge. */
  readonly accessToken?: string;
  readonly close: () => Promise<void>;
}

/** How a rehearsal is to go, against what the suites say. */
export interface StageOptions {
  /** The mock world for all suites. */
  readonly world?: string;
  readonly faults: readonly string[];
}

/** The mock takes every key of this form; a real one is never sent to it. */
const REHEARSAL_KEY = 'sk-rehearsal-key';

/** What the mocks in this process take for the user's access token; it opens nothing else. */
const REHEARSAL_ACCESS_TOKEN = 'rehearsal-access-token';

/** The variable that stands for a key in a repeated request where the target names none. */
export const ANY_KEY_NAME = 'ASSAY_KEY';

/**
 * Sets the stage for the claims of some suites. A live target is taken as it is; a rehearsal without an address gets
 * mocks in this process, one for each world. Throws an Error for a world or a fault that the mock does not know.
 */
export async function openStage(
  target: Target,
  suites: readonly Suite[],
  options: StageOptions,
): Promise<Stage> {
  if (target.grade === 'live') {
    return { target, targetFor: () => target, close: async () => {} };
  }
  const [{ listWorlds }, { startMock }] = await Promise.all([
    import('../mock/worlds.ts'),
    import('../mock/server.ts'),
  ]);
  const known = listWorlds().map(({ world }) => world);
  const worldFor = (suite: Suite | undefined) => options.world ?? worldOf(suite, known);
  const mocks = new Map<string, Mock>();
  const close = async () =>
    void (await Promise.all([...mocks.values()].map((mock) => mock.close())));
  if (target.baseUrl === undefined) {
    try {
      for (const world of new Set(suites.map((suite) => worldFor(suite)))) {
        mocks.set(
          world,
          await startMock({ world, faults: options.faults, accessToken: REHEARSAL_ACCESS_TOKEN }),
        );
      }
    } catch (error) {
      await close();
      throw error;
    }
  }
  const suiteOf = new Map(suites.map((suite) => [suite.id, suite]));
  return {
    target,
    targetFor: (claim) => inWorld(target, worldFor(suiteOf.get(claim.suite)), mocks),
    key: REHEARSAL_KEY,
    ...(mocks.size > 0 && { accessToken: REHEARSAL_ACCESS_TOKEN }),
    close,
  };
}

/** A rehearsal target as a suite meets it, in the world of its day: evidence names it `mock@2026-03-30`. */
export async function rehearsalOf(
  target: Target,
  suite: Suite,
  world: string | undefined,
): Promise<Target> {
  const { listWorlds } = await import('../mock/worlds.ts');
  const known = listWorlds().map((one) => one.world);
  return { ...target, world: world ?? worldOf(suite, known) };
}

/** The newest world that is not later than the suite's day (design.md, "Who does what"). */
function worldOf(suite: Suite | undefined, known: readonly string[]): string {
  const day = suite?.rehearse;
  const upTo = known.filter((world) => day === undefined || world <= day);
  return upTo.at(-1) ?? known[0] ?? '';
}

function inWorld(target: Target, world: string, mocks: ReadonlyMap<string, Mock>): Target {
  const mock = mocks.get(world);
  if (mock === undefined) return { ...target, world };
  const { user, withinMs, batchMs } = mock.usage;
  return {
    ...target,
    keyName: target.keyName ?? ANY_KEY_NAME,
    world,
    baseUrl: mock.url,
    let: { media: new URL(mock.hostingUrl).host, ...target.let },
    references: [...target.references, { url: mock.references }, { missing: mock.missing }],
    usage: { source: 'management', withinMs, batchMs, ...target.usage, user },
  };
}
