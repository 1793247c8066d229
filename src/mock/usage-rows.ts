import type { Ask } from './faults.ts';
import type { Row } from './purse.ts';

/** The one user of the mock, who owns every key. */
export const USER = 1;
/** The group that the user is in. */
export const GROUP = 'default';
/** The name of the user. */
export const USERNAME = 'rehearsal';

/** Rows as a user sees them: numbered from where the page begins, so that an id says nothing of a row. */
export function rowsAsShown(rows: readonly Row[], start: number, ask: Ask): readonly object[] {
  return rows.map((row, index) => ({
    id: start + index + 1,
    user_id: USER,
    created_at: Math.floor(row.at / 1000),
    type: row.type,
    content: '',
    username: USERNAME,
    token_name: row.token.name,
    model_name: row.model,
    quota: row.quota,
    prompt_tokens: 0,
    completion_tokens: row.completionTokens ?? 0,
    use_time: row.useSeconds ?? 0,
    is_stream: row.isStream ?? false,
    channel: 0,
    channel_name: '',
    token_id: row.token.id,
    group: GROUP,
    ip: '',
    ...(ask('log.request-id') === 'logged' && { request_id: row.requestId }),
    other: ask('log.other') === 'object' ? row.other : JSON.stringify(row.other),
  }));
}
