import { afterAll, beforeAll, expect, test } from 'vitest';
import { COMMITTED, type Desk, type RunDocument, aDesk } from './desk.fixture.ts';

let desk: Desk;

beforeAll(async () => {
  desk = await aDesk({ suites: COMMITTED, target: { baseUrl: 'http://127.0.0.1:9' } });
});

afterAll(() => desk.close());

test.each([
  // The 14 references of refs.at-2k are that very value, at another size.
  ['refs.14=refused', ['refs.at-2k ', 'refs.within-limit refs=14']],
  ['aspect.4:5=ignored', ['aspect.allowed aspect=4:5']],
  ['refs.16=accepted', ['refs.over-limit refs=16']],
  ['bytes.31457280=refused', ['refs.30-mib bytes=31457280']],
])(
  'a fault at one value only, %s, fails there and leaves its neighbours alone',
  async (fault, failing) => {
    const { stdout } = await desk.assay([
      'run',
      'nano-banana-2',
      '--format',
      'json',
      '--with',
      fault,
    ]);
    const { cases } = JSON.parse(stdout) as RunDocument;
    const failed = cases.filter(({ verdict }) => verdict === 'fail');
    const named = failed.map((one) => `${one.claim.replace('nano-banana-2/', '')} ${one.case}`);
    expect(named.toSorted()).toEqual(failing);
    expect(cases.length - failed.length).toBeGreaterThan(40);
  },
);
