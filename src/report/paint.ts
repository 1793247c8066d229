/** The few styles that output uses; all of it reads the same without them. */
export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow';

/** Puts a style on a text, or leaves it plain. */
export type Paint = (style: Style, text: string) => string;

/** For files, pipes, and terminals that want no colour. */
export const plain: Paint = (_, text) => text;
