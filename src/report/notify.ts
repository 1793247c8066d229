import type { Delivery, ReceiverName } from '../domain/delivery.ts';
import type { Problem } from '../domain/problem.ts';
import { type Change, type Message, byPage } from '../domain/told.ts';
import { labelled } from './columns.ts';
import { feishuBody, fitsFeishu } from './feishu.ts';
import { type Delivered, type Letter, type Notice, type Site, bytesOf, pageUrl } from './letter.ts';
import { counted } from './counted.ts';
import type { Paint } from './paint.ts';
import { fitsSlack, slackBody } from './slack.ts';

/** How messages are written for a receiver, and whether one is short enough for it. */
interface Form {
  readonly body: (letter: Letter) => object;
  readonly fits: (body: object) => boolean;
}

/** Who reads JSON has limits of its own, of a quarter of a mebibyte at the least. */
const MOST_JSON_BYTES = 200_000;

const FORMS: Readonly<Record<ReceiverName, Form>> = {
  slack: { body: slackBody, fits: fitsSlack },
  feishu: { body: feishuBody, fits: fitsFeishu },
  json: { body: jsonBody, fits: (body) => bytesOf(body) <= MOST_JSON_BYTES },
};

/** The JSON that goes to a receiver. */
export function letterBody(receiver: ReceiverName, letter: Letter): object {
  return FORMS[receiver].body(letter);
}

/** Whether some changes are no more than its receiver takes in one message, also where that says that it may have arrived before. */
export function fitsReceiver(
  receiver: ReceiverName,
  site: Site,
): (changes: readonly Change[]) => boolean {
  const { body, fits } = FORMS[receiver];
  return (changes) => fits(body({ message: { id: '', at: '', changes }, site, isAgain: true }));
}

function jsonBody({ message, site, isAgain }: Letter): object {
  return {
    schema: 'assay.told.v1',
    id: message.id,
    at: message.at,
    again: isAgain,
    pages: jsonPages(message.changes, site),
  };
}

/** Changes, page by page, as JSON has them. */
function jsonPages(changes: readonly Change[], site: Site): readonly object[] {
  return byPage(changes).map(({ page, locale, changes: some }) => ({
    page,
    locale,
    url: pageUrl(page, site) ?? null,
    changes: some.map((change) => ({
      id: change.id,
      suite: change.suite,
      under: change.under,
      row: change.row,
      from: change.from,
      to: change.to,
      because: change.because,
      evidence: change.evidence,
      observedAt: change.observedAt ?? null,
      targets: change.targets,
    })),
  }));
}

/** What was told, or would be, for a terminal: the changes page by page, and a last line that counts them. */
export function renderNotify(notice: Notice, columns: number, paint: Paint): string {
  const changes = notice.delivered.flatMap(({ letter }) => letter.message.changes);
  const pages = byPage(changes).map(({ title, changes: some }) =>
    [
      paint('bold', title),
      ...some.flatMap(({ under, row, from, to, because }) => [
        labelled('', `${under} › ${row}: ${from} → ${to}`, 2, columns),
        paint('dim', labelled('', because, 6, columns)),
      ]),
    ].join('\n'),
  );
  return [...pages, asideLines(notice).join('\n')].join('\n\n');
}

function asideLines(notice: Notice): readonly string[] {
  const { isFirst, unknown, unproven, isDry, arrived } = notice;
  const lines = [toldLine(notice)];
  const take = (many: number) => `${isDry ? 'would be' : many === 1 ? 'is' : 'are'} taken as`;
  if (isFirst)
    lines[0] = `${counted(unknown, 'word')} ${take(unknown)} known; from now on changes are told`;
  else if (unknown > 0)
    lines.push(`${counted(unknown, 'word')} of new rows ${take(unknown)} known`);
  const seen = changesOf(arrived);
  if (seen > 0) lines.push(`${counted(seen, 'change')} ${take(seen)} told: somebody has looked`);
  if (unproven > 0)
    lines.push(
      `${counted(unproven, 'word')} left as they are: no live run has decided any row of their tables`,
    );
  return lines;
}

function toldLine({ isDry, delivered, arrived, doubtful }: Notice): string {
  const other = arrived.length + doubtful.length > 0 ? 'other ' : '';
  if (delivered.length === 0) return `no ${other}word has changed since it was last told`;
  const told = isDry ? delivered : delivered.filter(({ delivery }) => delivery?.kind === 'told');
  const count = changesOf(told.map(({ letter }) => letter.message));
  const line = `${counted(count, 'change')} ${isDry ? 'would be told' : 'told'}`;
  return told.length === 0 ? line : `${line} in ${counted(told.length, 'message')}`;
}

function changesOf(messages: readonly Message[]): number {
  return messages.reduce((sum, { changes }) => sum + changes.length, 0);
}

/** What was not told, and what is in doubt: each is a reason to look, and exit code 3. */
export function notifyProblems({ isDry, delivered, doubtful }: Notice): readonly Problem[] {
  const inDoubt = new Set(doubtful.map(({ id }) => id));
  const untold = isDry
    ? []
    : delivered.filter(
        ({ letter, delivery }) => delivery?.kind !== 'told' && !inDoubt.has(letter.message.id),
      );
  return [
    ...untold.map(({ letter, delivery }): Problem => {
      const why = detailOf(delivery) ?? 'something went wrong before its turn';
      return {
        severity: 'warning',
        message: `${rowsOf(letter.message)} not told: ${why}`,
        hint: 'told next time',
      };
    }),
    ...doubtful.map((message): Problem => ({
      severity: 'warning',
      message: `${rowsOf(message)}: nobody knows whether the message of ${message.at} has arrived${doubtOf(message, delivered)}`,
      hint: 'look there; then --arrived takes it as told, and --again sends it once more',
    })),
  ];
}

function detailOf(delivery: Delivery | undefined): string | undefined {
  return delivery === undefined || delivery.kind === 'told' ? undefined : delivery.detail;
}

function doubtOf(message: Message, delivered: readonly Delivered[]): string {
  const delivery = delivered.find(({ letter }) => letter.message.id === message.id)?.delivery;
  return delivery?.kind === 'doubtful' ? `: ${delivery.detail}` : '';
}

function rowsOf({ changes }: Message): string {
  const names = changes.slice(0, 3).map(({ name }) => name);
  const more = changes.length - names.length;
  return `${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** `notify --format json`: one document, fields only ever added. */
export function jsonNotify(notice: Notice): object {
  const { at, receiver, site, isDry, isFirst, unknown, unproven, delivered } = notice;
  const { arrived, doubtful } = notice;
  return {
    schema: 'assay.notify.v1',
    at,
    to: receiver,
    dryRun: isDry,
    first: isFirst,
    takenAsKnown: unknown,
    takenAsTold: changesOf(arrived),
    unproven,
    messages: delivered.map(({ letter: { message, isAgain }, delivery }) => ({
      id: message.id,
      again: isAgain,
      came:
        delivery === undefined ? 'unsent' : delivery.kind === 'later' ? 'refused' : delivery.kind,
      detail: detailOf(delivery) ?? null,
      pages: jsonPages(message.changes, site),
    })),
    doubtful: doubtful.map(({ id, at: since, changes }) => ({
      id,
      at: since,
      pages: jsonPages(changes, site),
    })),
  };
}
