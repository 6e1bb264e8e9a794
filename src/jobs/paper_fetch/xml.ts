// XML text to a small tree: namespaces resolved, no document type, depth and size bounded.
import { SaxesParser } from 'saxes';

export interface XmlElement {
  uri: string;
  local: string;
  attributes: Record<string, string>;
  children: XmlElement[];
  /** its own text, without that of its children */
  text: string;
}

const MAX_DEPTH = 16;
const MAX_ELEMENTS = 250_000;

/**
 * The root element. Throws an Error that says what is wrong with the text. Only the five entities of
 * XML itself and numeric ones are known, so nothing in the text can make it grow or load anything.
 */
export const parseXml = (text: string): XmlElement => {
  const parser = new SaxesParser({ xmlns: true, position: false });
  const open: XmlElement[] = [];
  let root: XmlElement | undefined;
  let elements = 0;
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('doctype', () => {
    throw new Error('a document type is not accepted');
  });
  parser.on('opentag', ({ uri, local, attributes }) => {
    elements += 1;
    if (open.length >= MAX_DEPTH) throw new Error(`elements are nested deeper than ${MAX_DEPTH}`);
    if (elements > MAX_ELEMENTS) throw new Error(`there are more than ${MAX_ELEMENTS} elements`);
    const values = Object.values(attributes).map(({ name, value }) => [name, value] as const);
    const element = { uri, local, attributes: Object.fromEntries(values), children: [], text: '' };
    if (root === undefined) root = element;
    open.at(-1)?.children.push(element);
    open.push(element);
  });
  const addText = (part: string) => {
    const element = open.at(-1);
    if (element !== undefined) element.text += part;
  };
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.on('closetag', () => open.pop());
  parser.write(text).close();
  if (root === undefined) throw new Error('there is no element in it');
  return root;
};
