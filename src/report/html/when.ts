import { instantMs, wholeDays } from '../../domain/instant.ts';
import { type Markup, markup } from './markup.ts';

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

/** A day as people write it: `21 Nov 2026`, of a day (YYYY-MM-DD) or an instant. */
export function dayText(iso: string): string {
  const [year, month, day] = iso.slice(0, 10).split('-');
  return `${Number(day)} ${MONTHS[Number(month) - 1] ?? month} ${year}`;
}

/** `21 Nov 2026, 14:42 UTC`. */
export function momentText(iso: string): string {
  return `${dayText(iso)}, ${iso.slice(11, 16)} UTC`;
}

/** An instant, to the minute. */
export function moment(iso: string): Markup {
  return markup`<time datetime="${iso}">${momentText(iso)}</time>`;
}

/** The day of an instant, and how long that is ago at another: `21 Nov 2026, 3 days`. */
export function age(iso: string, at: string): Markup {
  const days = Math.max(0, wholeDays(instantMs(at.slice(0, 10)) - instantMs(iso.slice(0, 10))));
  const ago = days === 0 ? 'today' : days === 1 ? 'yesterday' : `${days} days ago`;
  return markup`<time datetime="${iso}">${dayText(iso)}</time> <span class="ago">${ago}</span>`;
}
