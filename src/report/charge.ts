import { type Charge, chargeOf, dollars, movedBy } from '../domain/charge.ts';
import type { Exchange } from '../domain/exchange.ts';
import { type Joined, joinRows } from '../domain/rows.ts';
import type { LogRow, Measured } from '../domain/usage.ts';
import { labelled } from './columns.ts';
import { spanText } from './span.ts';

/** What a usage source showed of an exchange, whose each row of the log is, and what it comes to; nothing where nobody asked it. */
export function chargeLines(exchange: Exchange, columns: number): readonly string[] {
  const { usage } = exchange;
  if (usage === undefined) return [];
  const line = (label: string, text: string) => labelled(label.padEnd(12), text, 2, columns);
  const joined = joinRows(usage.rows ?? [], exchange);
  const rows = (usage.rows ?? []).map((row) =>
    line('row', rowText(row, joined, usage.kind === 'measured' ? usage.quotaPerUsd : undefined)),
  );
  if (usage.kind === 'unmeasured') {
    const by = usage.source === 'none' ? '' : `by ${usage.source}: `;
    return [line('charged', `${by}not measured (${usage.cause}: ${usage.detail})`), ...rows];
  }
  const charge = chargeOf(exchange, usage);
  const { counter } = usage;
  return [
    line('charged', comesTo(charge, usage)),
    line('measured', howMeasured(charge, usage)),
    ...(counter === undefined
      ? []
      : [
          line(
            'counter',
            `${counter.before} before, ${counter.after} after, ${counter.peak} at most`,
          ),
        ]),
    ...rows,
  ];
}

function comesTo(charge: Charge, usage: Measured): string {
  const { untold, outcomes, cost } = charge;
  const told =
    untold === undefined
      ? outcomes.join(' and ') || 'one side alone is shown'
      : `cannot be told (${untold.cause}: ${untold.detail})`;
  const paid = cost === undefined ? '' : `; it cost ${dollars(cost.quota, usage.quotaPerUsd)}`;
  return `${told}: ${movedBy(charge, usage)}${paid}`;
}

function howMeasured({ own, by }: Charge, usage: Measured): string {
  const { source, settledMs, boundMs, isSettled, isUnlimited } = usage;
  return [
    `by ${source}`,
    ...(own.length === 0 ? [] : [`rows joined by ${by}`]),
    isSettled ? `settled ${spanText(settledMs)} after the answer` : 'not settled in its time',
    ...(boundMs > 0 ? [`not counted before ${spanText(boundMs)}`] : []),
    ...(isUnlimited === true ? ['a key without limit'] : []),
  ].join(', ');
}

function rowText(row: LogRow, joined: Joined, quotaPerUsd: number | undefined): string {
  const { kind, quota, model, upstreamModel, groupRatio, requestId, at } = row;
  const worth = quotaPerUsd === undefined ? '' : ` (${dollars(quota, quotaPerUsd)})`;
  return [
    `${whose(row, joined)}: ${kind} ${quota}${worth}`,
    upstreamModel === undefined ? model : `${model} as ${upstreamModel}`,
    ...(groupRatio === undefined ? [] : [`group ratio ${groupRatio}`]),
    requestId === undefined ? 'no request id' : `request id ${requestId}`,
    at,
  ].join(', ');
}

function whose(row: LogRow, { own, foreign, unclear }: Joined): string {
  if (own.includes(row)) return 'ours';
  if (unclear.includes(row)) return 'ours or not';
  return foreign.includes(row) ? 'not ours' : 'no charge';
}
