import type { Change } from './told.ts';

/** For tests only: a change of one row of a page. */
export function aChange(more: Partial<Change> = {}): Change {
  const { page = 'en/a.mdx', under = 'Status', row = 'edits' } = more;
  return {
    id: `${page} ${row}`,
    name: `a: ${page} · ${under} › ${row}`,
    suite: 'a',
    page,
    locale: 'en',
    under,
    row,
    from: '`Beta`',
    to: '`Verified`',
    because: 'a/edits on local: e-r1-1 (2026-03-30)',
    evidence: ['e-r1-1'],
    observedAt: '2026-03-30T12:00:00Z',
    targets: ['local'],
    ...more,
  };
}
