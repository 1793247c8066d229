import type { Span } from './source.ts';

/** A part of a module's text, read once from its beginning to its end. */
export interface Stretch {
  /** Where the next key of that name stands, after the one that was asked for last. */
  readonly key: (name: string) => Span | undefined;
}

/** What the text of a module tells of where the members of its value stand. */
export interface Places {
  readonly start: Span;
  readonly whole: Stretch;
  /** For what the text does not show: nothing is found in it. */
  readonly nowhere: Stretch;
  /** For each id of a claim, in order, its own stretch of the text and where the id stands; undefined where that is not to be seen. */
  readonly claims: (
    ids: readonly (string | undefined)[],
  ) => readonly ((Stretch & { readonly span: Span }) | undefined)[];
}

/**
 * Looks for keys and ids in a module by their form, without a parser: a suite is mostly one literal, and what is computed
 * is shown at its claim, or at the module's first line. A place only helps to find what is wrong; it decides nothing.
 */
export function readPlaces(text: string): Places {
  const find = (pattern: string, from: number, to: number): Span | undefined => {
    const found = new RegExp(pattern).exec(text.slice(from, to));
    if (found === null) return undefined;
    const start = from + found.index;
    return { start, end: start + found[0].length };
  };
  const stretch = (from: number, to: number): Stretch => {
    let at = from;
    return {
      key(name) {
        const found = find(`(?<![\\w$.])(["']?)${RegExp.escape(name)}\\1(?=\\s*:)`, at, to);
        at = found?.end ?? at;
        return found;
      },
    };
  };
  return {
    start: { start: 0, end: 1 },
    whole: stretch(0, text.length),
    nowhere: stretch(text.length, text.length),
    claims(ids) {
      let from = 0;
      const spans = ids.map((id) => {
        if (id === undefined) return undefined;
        const literal = `(["'\`])${RegExp.escape(id)}\\1`;
        const found =
          find(`(?<![\\w$.])id\\s*:\\s*${literal}`, from, text.length) ??
          find(literal, from, text.length);
        from = found?.end ?? from;
        return found;
      });
      return spans.map((span, index) => {
        if (span === undefined) return undefined;
        const next = spans.slice(index + 1).find((one) => one !== undefined);
        return { span, ...stretch(span.start, next?.start ?? text.length) };
      });
    },
  };
}
