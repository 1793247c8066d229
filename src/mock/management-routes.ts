import type { Books, Reading } from './books.ts';
import type { Answer } from './delivery.ts';
import type { Purse, Row, Token } from './purse.ts';
import { GROUP, rowsAsShown, USER, USERNAME } from './usage-rows.ts';

const TOKEN = /^\/api\/token\/(\d+)$/;
const PAGE_SIZE = 10;
const MOST_PAGE_SIZE = 100;
/** new-api counts no further. */
const MOST_COUNTED = 10_000;
const MINUTE_MS = 60_000;

/** What the management endpoints show to a user; almost every refusal of theirs is a 200. */
export function managementAnswer(
  reading: Reading,
  { purse, accessToken }: Books,
  isRefused: boolean,
): Answer | undefined {
  const { url, ask } = reading;
  const found = answerOf(url, purse, ask);
  return found === undefined ? undefined : (refusal(reading, accessToken, isRefused) ?? found());
}

/** Who may look: an access token, with the id of the user that it belongs to. A key is no access token. */
function refusal(
  { headers }: Reading,
  accessToken: string,
  isRefused: boolean,
): Answer | undefined {
  const sent = (headers.authorization ?? '').replace(/^Bearer /, '');
  const user = headers['new-api-user'];
  if (sent === '') return said(401, '无权进行此操作，未登录且未提供 access token');
  if (sent !== accessToken || isRefused) return said(200, '无权进行此操作，access token 无效');
  if (user === undefined) return said(401, '无权进行此操作，未提供 New-Api-User');
  if (!/^\d+$/.test(String(user))) return said(401, '无权进行此操作，New-Api-User 格式错误');
  return Number(user) === USER
    ? undefined
    : said(401, '无权进行此操作，New-Api-User 与登录用户不匹配');
}

function said(status: number, message: string): Answer {
  return { status, body: { success: false, message } };
}

function shown(data: object): Answer {
  return { status: 200, body: { success: true, message: '', data } };
}

function answerOf(url: URL, purse: Purse, ask: Reading['ask']): (() => Answer) | undefined {
  const id = TOKEN.exec(url.pathname)?.[1];
  if (id !== undefined) {
    return () => {
      const token = purse.tokens().find((one) => one.id === Number(id));
      return token === undefined ? said(200, 'record not found') : shown(tokenShown(token));
    };
  }
  switch (url.pathname) {
    case '/api/user/self':
      return () => shown(userShown(purse));
    case '/api/token/':
      return () =>
        shown(pageOf(purse.tokens().toReversed(), url, (tokens) => tokens.map(tokenShown)));
    case '/api/log/self':
      return () => {
        const rows = filtered(purse.rows(), url);
        return shown(pageOf(rows, url, (page, start) => rowsAsShown(page, start, ask)));
      };
    case '/api/log/self/stat':
      return () => shown(statistics(purse, url));
    default:
      return undefined;
  }
}

function userShown(purse: Purse): object {
  const { quota, used, requests } = purse.account();
  const names = { id: USER, username: USERNAME, display_name: USERNAME, role: 1, status: 1 };
  return { ...names, group: GROUP, quota, used_quota: used, request_count: requests };
}

function tokenShown(token: Token): object {
  return {
    id: token.id,
    user_id: USER,
    key: masked(token.key),
    status: 1,
    name: token.name,
    created_time: 0,
    accessed_time: 0,
    expired_time: -1,
    remain_quota: token.remain,
    unlimited_quota: token.isUnlimited,
    model_limits_enabled: false,
    model_limits: '',
    used_quota: token.used,
    group: '',
  };
}

/** The key without its `sk-`: four characters, ten asterisks, four characters; less of a shorter one (new-api: MaskTokenKey). */
function masked(key: string): string {
  if (key.length <= 4) return '*'.repeat(key.length);
  if (key.length <= 8) return `${key.slice(0, 2)}****${key.slice(-2)}`;
  return `${key.slice(0, 4)}**********${key.slice(-4)}`;
}

function filtered(rows: readonly Row[], { searchParams }: URL): readonly Row[] {
  const text = (name: string): string => searchParams.get(name) ?? '';
  const [type, from, to] = [text('type'), text('start_timestamp'), text('end_timestamp')].map(
    Number,
  );
  return rows.filter((row) => {
    const seconds = Math.floor(row.at / 1000);
    return (
      (!type || row.type === type) &&
      (!from || seconds >= from) &&
      (!to || seconds <= to) &&
      ['', row.token.name].includes(text('token_name')) &&
      ['', row.model].includes(text('model_name')) &&
      (row.requestId === '' || ['', row.requestId].includes(text('request_id')))
    );
  });
}

/** Sums what was consumed; what was given back is not taken off. */
function statistics(purse: Purse, url: URL): object {
  const consumed = filtered(purse.rows(), url).filter(({ type }) => type === 2);
  const lately = consumed.filter(({ at }) => purse.now() - at < MINUTE_MS);
  const tokens = lately.reduce((sum, { completionTokens = 0 }) => sum + completionTokens, 0);
  const quota = consumed.reduce((sum, row) => sum + row.quota, 0);
  return { quota, rpm: lately.length, tpm: tokens };
}

function pageOf<Item>(
  all: readonly Item[],
  { searchParams }: URL,
  show: (items: readonly Item[], start: number) => readonly object[],
): object {
  const page = Math.max(1, Number(searchParams.get('p')) || 1);
  const size = Number(searchParams.get('page_size')) || PAGE_SIZE;
  const page_size = Math.min(Math.max(1, size), MOST_PAGE_SIZE);
  const start = (page - 1) * page_size;
  const items = show(all.slice(start, start + page_size), start);
  return { page, page_size, total: Math.min(all.length, MOST_COUNTED), items };
}
