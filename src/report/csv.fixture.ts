/** For tests only: a CSV text as RFC 4180 has it, cell by cell; it shares nothing with what wrote the text. */
export function parseCsv(text: string): readonly (readonly string[])[] {
  const rows: string[][] = [];
  let row: string[] = [];
  let at = text.startsWith('\ufeff') ? 1 : 0;
  for (;;) {
    let cell = '';
    if (text[at] === '"') {
      at += 1;
      for (;;) {
        const end = text.indexOf('"', at);
        if (end < 0) throw new Error(`a quote that nothing ends, at ${at}`);
        cell += text.slice(at, end);
        at = end + 1;
        if (text[at] !== '"') break;
        cell += '"';
        at += 1;
      }
    } else {
      const end = text.slice(at).search(/[,\n]|$/);
      cell = text.slice(at, at + end);
      if (/["\r]/.test(cell)) throw new Error(`a bare quote or carriage return in ${cell}`);
      at += end;
    }
    row.push(cell);
    const after = text[at];
    if (after !== ',' && after !== '\n' && after !== undefined)
      throw new Error(`${after} at ${at}`);
    at += 1;
    if (after === ',') continue;
    rows.push(row);
    if (after === undefined) return rows;
    row = [];
  }
}
