import type { Case, Claim, Standing, Suite, Table } from '../../domain/claim.ts';
import type { Evidence } from '../../domain/evidence.ts';
import type { Exchange, Payload } from '../../domain/exchange.ts';
import type { CaseNow } from '../../domain/newest.ts';
import type { Run } from '../../domain/run.ts';
import type { ClaimStatus } from '../../domain/status.ts';
import type { Verdict } from '../../domain/verdict.ts';
import type { Told } from './told.ts';

const AT = '2026-04-14T12:00:00.000Z';
const PLACE = { file: 'suites/s.yaml', line: 7, column: 9 };

/** For tests only: all that a report can tell, with one text in each place where somebody else's may stand. */
export function toldWith(text: string, more: Partial<Told> = {}): Told {
  const claims = [
    claim('one', text, { kind: 'sent', cases: [aCase('one', text), aCase('one', 'plain')] }),
    claim('two', text, {
      kind: 'derived',
      of: [{ need: { claim: 's/one', cases: [] }, fold: 'all' }],
    }),
    claim('three', text, { kind: 'untestable', why: text }),
  ];
  const [first, ...others] = claims;
  if (first === undefined) throw new Error('no claim');
  const statuses = [
    status(first, 'broken', text),
    ...others.map((one) => status(one, 'unproven', text)),
  ];
  const found = { expectation: text, at: { ...PLACE, file: text }, expected: text, actual: text };
  const failed = evidence(text, { kind: 'fail', findings: [found] });
  const untold = evidence(text, { kind: 'inconclusive', cause: 'throttled', detail: text });
  const suite: Suite = {
    id: 's',
    title: text,
    file: text,
    pages: { en: text, cn: text },
    claims,
    tables: [],
  };
  return {
    at: AT,
    tool: text,
    run: runWith(text),
    isRehearsal: true,
    statuses: [{ suite, claims: statuses, tables: [saidTable(text)] }],
    asides: [text],
    costs: [{ suite: 's', target: text, usd: 1, measuredUsd: 0.5 }],
    days: ['2026-04-12', '2026-04-13', '2026-04-14'],
    history: () => [
      { day: '2026-04-12', word: 'passed' },
      { day: '2026-04-13', word: 'failed', isEarlier: true },
    ],
    cases: ({ claim: one }) => (one === first ? [now(text, failed), now('plain', untold)] : []),
    exhibits: ({ claim: one }) =>
      one === first
        ? [
            { evidence: failed, exchanges: [exchange(text)], keyName: 'KEY', isCurrent: false },
            { evidence: untold, exchanges: [], keyName: 'KEY', isCurrent: true },
          ]
        : [],
    thumbnail: () => undefined,
    ...more,
  };
}

function claim(id: string, says: string, basis: Claim['basis']): Claim {
  return {
    suite: 's',
    id,
    says,
    covers: [],
    documented: { as: 'holds', under: says, quote: says, asserted: says },
    basis,
    freshMs: 1,
    usd: 0,
    place: { ...PLACE, file: says },
  };
}

function aCase(id: string, name: string): Case {
  const request = { method: 'GET', path: '/', query: {}, headers: {}, auth: 'none' } as const;
  return { claim: `s/${id}`, name, request, given: [], expect: [] };
}

function status(one: Claim, standing: Standing, text: string): ClaimStatus {
  const stand = { standing, because: text, evidence: [text], observedAt: AT };
  return { claim: one, target: text, stand };
}

function now(name: string, newest: Evidence): CaseNow {
  const stand = { standing: 'broken', because: name, evidence: [name], observed: {} } as const;
  return { name, stand, newest };
}

function evidence(text: string, verdict: Verdict): Evidence {
  return {
    id: text,
    run: text,
    at: AT,
    claim: 's/one',
    case: text,
    digest: text,
    trial: 1,
    target: { name: text, grade: 'live', host: text, mock: text, channel: 3 },
    exchange: text,
    attempts: 2,
    verdict,
    observed: {},
    usd: 0.05,
    ms: 12,
    requestId: text,
    gatewayVersion: text,
    alias: text,
    tool: text,
  };
}

function aPayload(text: string): Payload {
  return { type: text, width: 1024, height: 512, bytes: 20_000, sha256: text, flaw: text };
}

function exchange(text: string): Exchange {
  const body = {
    text: `{"a": ${JSON.stringify(text)}}`,
    bytes: 9,
    payloads: [aPayload(text)],
    cut: true,
  };
  const headers = { 'content-type': text, 'x-request-id': text, [`x-oneapi-${text}`]: text };
  return {
    id: text,
    sent: { method: 'POST', url: text, headers: { [text]: text }, body: text },
    attempts: [
      { at: AT, ms: 1, outcome: { kind: 'unanswered', cause: 'timeout', detail: text } },
      { at: AT, ms: 2, outcome: { kind: 'answered', status: 200, headers, body } },
    ],
    fetched: { [text]: { kind: 'answered', status: 200, type: text, payload: aPayload(text) } },
    usage: { kind: 'unmeasured', source: 'management', cause: 'unmeasured', detail: text },
  };
}

function runWith(text: string): Run {
  return {
    id: text,
    target: { name: text, grade: 'live', host: text, channel: 3 },
    startedAt: AT,
    endedAt: AT,
    end: { kind: 'complete' },
    cases: [],
    leftOut: [{ claim: 's/one', case: text, reason: text }],
    news: [
      {
        claim: 's/one',
        case: text,
        observation: 'alias',
        value: text,
        before: [text],
        target: text,
        evidence: text,
      },
    ],
    exchanges: 1,
    requests: 1,
    fetches: 0,
    reads: 0,
    usd: 1,
    measuredUsd: 0,
    hints: [],
  };
}

function saidTable(text: string): Told['statuses'][number]['tables'][number] {
  const stand = { standing: 'broken', because: text, evidence: [], observedAt: AT } as const;
  const override = { word: text, by: text, on: AT, until: AT, why: text, link: text, place: PLACE };
  const row = { key: [text, text], from: [text], needs: ['s/one', text], stand, better: [] };
  const table: Table = { under: text, key: [text], owns: text, rows: [], place: PLACE };
  const rows = [
    { ...row, word: text, better: [{ word: text, needs: [text], stand }] },
    { ...row, word: text, override },
    { ...row, leave: text },
  ];
  return {
    suite: 's',
    locale: 'en',
    page: text,
    under: text,
    keyColumns: [text, text],
    owns: text,
    rows,
    table,
  };
}
