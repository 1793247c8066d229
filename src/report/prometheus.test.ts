import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { aRun } from '../domain/run.fixture.ts';
import { claimOf, NOW } from '../domain/evidence.fixture.ts';
import type { SuiteStatus } from '../domain/status.ts';
import { readExposition } from './exposition.fixture.ts';
import { gauge } from './exposition.ts';
import { printable } from './printable.ts';
import { prometheusRun, prometheusStatus } from './prometheus.ts';
import { MIXED } from './run.fixture.ts';

describe('a run for Prometheus', () => {
  test('has its cases by verdict and cause, its times in seconds and its cost', () => {
    const metrics = readExposition(`${prometheusRun({ ...MIXED, usd: 0.3, measuredUsd: 0.1 })}\n`);
    const values = (name: string, label: string) =>
      metrics.get(name)?.samples.map(({ labels, value }) => [labels[label], value]);
    expect(values('assay_run_cases', 'verdict')).toEqual([
      ['pass', 2],
      ['fail', 3],
      ['inconclusive', 2],
    ]);
    expect(values('assay_run_undecided_cases', 'cause')).toEqual([['throttled', 2]]);
    expect(values('assay_run_contradictions', 'target')).toEqual([['local', 3]]);
    expect(values('assay_run_left_out_cases', 'target')).toEqual([['local', 1]]);
    expect(values('assay_run_end_timestamp_seconds', 'target')).toEqual([['local', 1774872060]]);
    expect(values('assay_run_cost_usd', 'target')).toEqual([['local', 0.3]]);
    expect(values('assay_run_complete', 'target')).toEqual([['local', 1]]);
  });

  test('that is not whole says so', () => {
    const text = prometheusRun(aRun({ end: { kind: 'outage', detail: 'no route', undecided: 1 } }));
    expect(text).toContain('assay_run_complete{target="local"} 0');
  });
});

describe('a status for Prometheus', () => {
  const claim = claimOf('c', { kind: 'sent', cases: [] });
  const stand = {
    standing: 'broken',
    because: 'it fails',
    evidence: ['r.1'],
    observedAt: '2026-04-14T11:00:00.000Z',
  } as const;
  const suite = { id: 's', title: 's', file: 's.yaml', pages: {}, claims: [claim], tables: [] };
  const statuses: readonly SuiteStatus[] = [
    { suite, claims: [{ claim, target: 'local', stand }], tables: [] },
  ];

  test('has the standing of each claim as a set of states, of which one is 1, and when it was observed', () => {
    const retests = [{ suite: 's', target: 'local', usd: 0.5, measuredUsd: 0.25 }];
    const metrics = readExposition(`${prometheusStatus(statuses, NOW, retests)}\n`);
    const states = metrics.get('assay_claim_standing')?.samples ?? [];
    expect(states.map(({ labels, value }) => [labels['standing'], value])).toEqual([
      ['broken', 1],
      ['unstable', 0],
      ['unproven', 0],
      ['stale', 0],
      ['holds', 0],
    ]);
    expect(states[0]?.labels).toMatchObject({ claim: 's/c', target: 'local' });
    const [observed] = metrics.get('assay_claim_observed_timestamp_seconds')?.samples ?? [];
    expect(observed?.value).toBe(NOW / 1000 - 3600);
    expect(metrics.get('assay_retest_cost_usd')?.samples[0]?.value).toBe(0.5);
    expect(metrics.get('assay_retest_measured_cost_usd')?.samples[0]?.value).toBe(0.25);
  });
});

test('a label reads as it was whatever it holds, and no series comes twice', () => {
  const hostile = fc.constantFrom('"', '\\', '\n', '"} 1\n', '\\n', '\r');
  const texts = fc.oneof(hostile, fc.string({ unit: 'binary', maxLength: 50 }));
  fc.assert(
    fc.property(fc.array(texts, { minLength: 1 }), (all) => {
      const samples = all.map((text) => ({ labels: { text }, value: 1 }));
      const text = gauge('a_metric', 'Some help \\ and\nmore', samples).join('\n');
      const read = readExposition(`${text}\n`).get('a_metric')?.samples ?? [];
      const shown = all.map((one) => printable(one).replaceAll('\r', ''));
      expect(read.map(({ labels }) => labels['text'])).toEqual([...new Set(shown)]);
    }),
  );
});
