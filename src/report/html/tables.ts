import { type SaidRow, type SaidTable, becauseOf } from '../../domain/word.ts';
import { claimLink } from './claim.ts';
import { type Markup, cutTo, joined, markup } from './markup.ts';
import { age } from './when.ts';

/** Longer reasons are cut, and the rest is with the claims. */
const MOST_BECAUSE = 300;

/** Claims of a row that are linked. */
const MOST_LINKS = 6;

/** The status tables of a suite, in the first of its locales: the others say the same. */
export function statusTables(tables: readonly SaidTable[], at: string): readonly Markup[] {
  const [first] = tables;
  return tables
    .filter(({ locale }) => locale === first?.locale)
    .map((table) => {
      const same = tables.filter((one) => one.table === table.table);
      return statusTable(
        table,
        same.map(({ page }) => page).filter((page) => page !== ''),
        at,
      );
    });
}

function statusTable(table: SaidTable, pages: readonly string[], at: string): Markup {
  const { under, keyColumns, owns, rows } = table;
  const columns = [...keyColumns, owns, 'Observed', 'Target', 'Because'];
  const names = pages.map((page) => markup`<code>${page}</code>`);
  return markup`<section class="table">
    <h3>${under}</h3>
    ${names.length === 0 ? undefined : markup`<p class="pages">${joined(names, ' and ')}</p>`}
    <div class="scroll" role="region" tabindex="0" aria-label="${[under, ...pages].join(', ')}">
      <table>
        <thead><tr>${columns.map((column) => markup`<th scope="col">${column}</th>`)}</tr></thead>
        <tbody>${rows.map((row) => tableRow(row, at))}</tbody>
      </table>
    </div>
  </section>`;
}

function tableRow(row: SaidRow, at: string): Markup {
  const [first = '', ...rest] = row.key;
  const key = markup`<th scope="row">${marked(first)}</th>${rest.map((one) => markup`<td>${marked(one)}</td>`)}`;
  const { stand, leave, from } = row;
  if (leave !== undefined)
    return markup`<tr class="left">${key}<td>left as it is</td><td></td><td></td><td class="why">${cutTo(leave, MOST_BECAUSE)}</td></tr>`;
  const observed = stand.observedAt === undefined ? 'never' : age(stand.observedAt, at);
  return markup`<tr>
    ${key}
    <td>${word(row)}</td>
    <td class="seen">${observed}</td>
    <td class="seen">${from.join(', ')}</td>
    <td class="why">
      ${becauseOf(row).map((one) => markup`<p>${cutTo(one, MOST_BECAUSE)}</p>`)}
      ${links(row.needs)}
    </td>
  </tr>`;
}

/** The word as the page has it, with the standing that it follows from: colour alone says nothing. */
function word({ word: text, stand, override }: SaidRow): Markup {
  const [kind, by] =
    override === undefined
      ? [stand.standing, stand.standing]
      : ['decided', `decided by ${override.by}`];
  return markup`<b class="cell ${kind}">${marked(text ?? '—')}</b><br><small>${by}</small>`;
}

function links(needs: readonly string[]): Markup | undefined {
  const all = [...new Set(needs)];
  if (all.length === 0) return undefined;
  const shown = all.slice(0, MOST_LINKS).map((id) => claimLink(id));
  const rest = all.length - shown.length;
  return markup`<p class="needs">${joined(shown, ', ')}${rest > 0 ? ` and ${rest} more` : ''}</p>`;
}

/** A cell's Markdown, as far as such cells go: code between backticks. */
function marked(text: string): Markup {
  const parts = text.split('`');
  if (parts.length % 2 === 0) return markup`${text}`;
  return markup`${parts.map((part, at) => (at % 2 === 0 ? part : markup`<code>${part}</code>`))}`;
}
