import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { validateXML } from 'xmllint-wasm';

const SCHEMA = readFileSync(join(import.meta.dirname, '../../fixtures/junit/junit.xsd'), 'utf8');

/** For tests only: an element of a document, as a parser that is not ours has read it. */
export interface ReadElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly ReadElement[];
  readonly text: string;
}

/** For tests only: what libxml2 says against a document of our schema; nothing if it is valid. */
export async function junitErrors(xml: string): Promise<readonly string[]> {
  const { errors } = await validateXML({
    xml: { fileName: 'junit.xml', contents: xml },
    schema: { fileName: 'junit.xsd', contents: SCHEMA },
  });
  return errors.map(({ rawMessage }) => rawMessage);
}

/** For tests only: a document as libxml2 reads it, by its canonical form (Canonical XML 1.0), which has one spelling for everything. */
export async function readXml(xml: string): Promise<ReadElement> {
  const { normalized, errors } = await validateXML({
    xml: { fileName: 'junit.xml', contents: xml },
    normalization: 'c14n',
  });
  if (errors.length > 0) throw new Error(errors.map(({ rawMessage }) => rawMessage).join('\n'));
  return fromCanonical(normalized);
}

interface Open {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: ReadElement[];
  text: string;
}

function fromCanonical(xml: string): ReadElement {
  const root: Open = { name: '', attributes: {}, children: [], text: '' };
  const open = [root];
  for (const [, close, name = '', attributes = '', text = ''] of xml.matchAll(
    /<(\/?)([\w-]+)((?: [\w-]+="[^"]*")*)>|([^<]+)/g,
  )) {
    const top = open.at(-1) ?? root;
    if (text !== '') top.text += decoded(text);
    else if (close === '/') open.pop();
    else {
      const pairs = Array.from(attributes.matchAll(/([\w-]+)="([^"]*)"/g), ([, key, value]) => [
        key,
        decoded(value ?? ''),
      ]);
      const one: Open = {
        name,
        attributes: Object.fromEntries(pairs) as Record<string, string>,
        children: [],
        text: '',
      };
      top.children.push(one);
      open.push(one);
    }
  }
  const [document] = root.children;
  if (document === undefined || open.length !== 1) throw new Error(`no document: ${xml}`);
  return document;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#x9;': '\t',
  '&#xA;': '\n',
  '&#xD;': '\r',
};

function decoded(text: string): string {
  return text.replaceAll(/&[^;]+;/g, (entity) => {
    const sign = ENTITIES[entity];
    if (sign === undefined) throw new Error(`canonical XML has no ${entity}`);
    return sign;
  });
}

/** For tests only: all elements of that name below one, in the order of the document. */
export function allCalled(name: string, within: ReadElement): readonly ReadElement[] {
  return within.children.flatMap((child) => [
    ...(child.name === name ? [child] : []),
    ...allCalled(name, child),
  ]);
}
