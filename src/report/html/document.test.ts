import { expect, test } from 'vitest';
import type { Claim } from '../../domain/claim.ts';
import type { ClaimStatus } from '../../domain/status.ts';
import { htmlDocument } from './document.ts';
import { toldWith } from './told.fixture.ts';

const AT = '2026-04-14T11:00:00.000Z';

/** A report of so many claims, each failing or holding, with a sentence and a reason of these lengths. */
function largeReport(count: number, isBad: boolean, words: number): string {
  const told = toldWith('plain');
  const [suite] = told.statuses;
  if (suite === undefined) throw new Error('no suite');
  const claims = Array.from({ length: count }, (_, at): ClaimStatus => {
    const claim: Claim = {
      suite: 's',
      id: `group.${at % 100}.claim-${at}`,
      says: `Claim ${at} says that ${'something holds '.repeat(words)}`,
      covers: [],
      documented: { as: 'holds', under: 'Heading', quote: 'it does' },
      basis: { kind: 'sent', cases: [] },
      freshMs: 1,
      usd: 0,
      place: { file: 'suites/s.yaml', line: at, column: 1 },
    };
    const because = `s/${claim.id} on production: r20260414-0001-abcd.${at} (2026-04-14)`;
    const standing = isBad ? 'broken' : 'holds';
    return {
      claim,
      target: 'production',
      stand: { standing, because, evidence: [], observedAt: AT },
    };
  });
  const exhibits = told.exhibits(suite.claims[0] as ClaimStatus);
  const days = Array.from({ length: 60 }, (_, at) => `day-${at}`);
  return htmlDocument({
    ...told,
    statuses: [{ ...suite, claims }],
    days,
    history: () => days.map((day, at) => ({ day, word: at % 20 === 9 ? 'failed' : 'passed' })),
    exhibits: () => exhibits,
  });
}

test('it says first what contradicts the docs, then what needs a human, with expected and actual', () => {
  const [, page = ''] = htmlDocument(toldWith('a text')).split('<main');
  expect(page.includes('<h1>1 claim contradicts the docs</h1>')).toBe(true);
  const order = ['<h1>', 'What needs a human', '<h3>Contradicts the docs', '<table>', 'About this'];
  const places = order.map((one) => page.indexOf(one));
  expect(places).toEqual(places.toSorted((a, b) => a - b));
  expect(places).not.toContain(-1);
});

test('a rehearsal says that it is one, and a report without a run that it is a status', () => {
  expect(htmlDocument(toldWith('x')).includes('<b>Rehearsal.</b>')).toBe(true);
  const { run, ...status } = toldWith('x', { isRehearsal: false });
  const page = htmlDocument(status);
  expect(run).toBeDefined();
  expect(page.includes('Rehearsal')).toBe(false);
  expect(page.includes('Status at')).toBe(true);
});

test('an image is shown where a copy is kept, and else as a frame of its own shape', () => {
  expect(htmlDocument(toldWith('x')).includes('viewBox="0 0 160 80" role="img"')).toBe(true);
  const shown = htmlDocument(toldWith('x', { thumbnail: () => 'data:image/jpeg;base64,AAAA' }));
  expect(
    shown.includes('style="width:160px;aspect-ratio:160/80;background-image:url(data:image'),
  ).toBe(true);
});

test('nothing in it is fetched or run, and every text of others is escaped', () => {
  const hostile = `"'><script src=//x></script><img src=x onerror=alert(1)><!--`;
  const page = htmlDocument(toldWith(hostile));
  expect(page.match(/<script|<img|<link|<!--|@import|url\(/)).toBeNull();
});

test('10,000 claims stay under 5 MB, each with its line, and those with evidence first', () => {
  const page = largeReport(10_000, false, 2);
  expect(Buffer.byteLength(page)).toBeLessThan(5_000_000);
  expect(page.match(/<article/g)).toHaveLength(10_000);
  expect(page.includes('One line is shown of')).toBe(true);
  expect(page.includes('assay explain s/group')).toBe(true);
});

test('however long 10,000 failing claims are, the report stays under 5 MB and says what it leaves out', () => {
  const page = largeReport(10_000, true, 60);
  expect(Buffer.byteLength(page)).toBeLessThan(5_000_000);
  expect(/\d+ claims are left out for want of room/.test(page)).toBe(true);
  expect(page.includes('<code>assay status s</code>')).toBe(true);
});
