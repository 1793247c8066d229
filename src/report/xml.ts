/** What no XML 1.0 document may hold, not even by its number: most of C0, halves of characters, and two that are none. */
const NO_XML =
  // oxlint-disable-next-line no-control-regex -- those are the ones
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** What a parser would take for markup or for a blank, and what a terminal would obey: said by its number. */
const NUMBERED = /[&<>"\t\n\r\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** A text as XML may hold it: what XML has no way to say is spelled as JSON spells it. */
export function sayable(text: string): string {
  return text.replaceAll(NO_XML, spelled);
}

/** A text as the content of an element, or as the value of an attribute in double quotes; a parser reads what `sayable` makes of it. */
function xml(text: string): string {
  return sayable(text).replaceAll(NUMBERED, (sign) => ENTITIES[sign] ?? numbered(sign));
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};

/** An element with its attributes, those without a value left out, and its children, each on lines of its own. */
export function element(
  name: string,
  attributes: Readonly<Record<string, string | number | undefined>>,
  children: readonly string[] = [],
): string {
  const said = Object.entries(attributes).map(([key, value]) =>
    value === undefined ? '' : ` ${key}="${xml(String(value))}"`,
  );
  const start = `<${name}${said.join('')}`;
  if (children.length === 0) return `${start}/>`;
  const lines = children.flatMap((child) => child.split('\n')).map((line) => `  ${line}`);
  return [`${start}>`, ...lines, `</${name}>`].join('\n');
}

/** An element whose content is a text. */
export function textElement(
  name: string,
  attributes: Readonly<Record<string, string | undefined>>,
  text: string,
): string {
  return `${element(name, attributes).slice(0, -2)}>${xml(text)}</${name}>`;
}

function numbered(sign: string): string {
  return `&#${sign.charCodeAt(0)};`;
}

function spelled(sign: string): string {
  return `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
