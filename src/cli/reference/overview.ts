import { overview } from './manual.ts';

const GENERATED = /(<!-- reference:[^\n]*-->\n)[\s\S]*?(<!-- \/reference -->)/;

/** The README with the reference in short, as the table of verbs has it, between its marks. */
export function withOverview(readme: string): string {
  return readme.replace(
    GENERATED,
    (_, begin: string, end: string) => `${begin}\n${overview()}\n\n${end}`,
  );
}
