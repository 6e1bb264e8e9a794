// arXiv's Atom feed to papers. Both dialects (the older server's and the present one's) give equal
// records: names are looked up by namespace, order does not matter, white space is collapsed.
import type { Paper } from '../../core/paper.ts';
import { isWithdrawn } from './withdrawn.ts';
import { parseXml, type XmlElement } from './xml.ts';

const ATOM = 'http://www.w3.org/2005/Atom';
const ARXIV = 'http://arxiv.org/schemas/atom';
const OPENSEARCH = 'http://a9.com/-/spec/opensearch/1.1/';

export interface Feed {
  /** `arXiv Query: search_query=…`: what was really searched for */
  title: string;
  total_results: number;
  papers: Paper[];
  /** arXiv's own sentence, when the feed reports an error instead of papers */
  error: string | null;
}

const childrenOf = (element: XmlElement, uri: string, local: string): XmlElement[] =>
  element.children.filter((child) => child.uri === uri && child.local === local);

const collapse = (text: string): string => text.replace(/\s+/g, ' ').trim();

/** null when absent or empty; the title `0` is a text like any other */
const textOf = (element: XmlElement, uri: string, local: string): string | null => {
  const text = collapse(childrenOf(element, uri, local)[0]?.text ?? '');
  return text === '' ? null : text;
};

const requiredText = (element: XmlElement, uri: string, local: string): string => {
  const text = textOf(element, uri, local);
  if (text === null) throw new Error(`<${element.local}> has no <${local}>`);
  return text;
};

const dateOf = (entry: XmlElement, local: string): Date => {
  const text = requiredText(entry, ATOM, local);
  const date = new Date(text);
  if (Number.isNaN(date.getTime())) throw new Error(`<${local}> is not a date: ${text}`);
  return date;
};

const termsOf = (entry: XmlElement, uri: string, local: string): string[] =>
  childrenOf(entry, uri, local).flatMap(({ attributes }) => attributes.term ?? []);

const pdfOf = (entry: XmlElement): string | null => {
  const link = childrenOf(entry, ATOM, 'link').find(({ attributes }) => attributes.title === 'pdf');
  // The older server gives http: addresses for what it serves over https:.
  return link?.attributes.href?.replace(/^http:/, 'https:') ?? null;
};

/** `http://arxiv.org/abs/hep-ex/0406020v1` → `hep-ex/0406020` and 1 */
const identify = (id: string): { arxiv_id: string; version: number } => {
  const [, arxiv_id, version] = /\/abs\/(.+?)(?:v(\d+))?$/.exec(id) ?? [];
  if (arxiv_id === undefined) throw new Error(`<id> does not name a paper: ${id}`);
  return { arxiv_id, version: Number(version ?? 1) };
};

const paperOf = (entry: XmlElement): Paper => {
  const { arxiv_id, version } = identify(requiredText(entry, ATOM, 'id'));
  const abstract = textOf(entry, ATOM, 'summary') ?? '';
  const comment = textOf(entry, ARXIV, 'comment');
  return {
    arxiv_id,
    version,
    title: textOf(entry, ATOM, 'title') ?? '',
    abstract,
    authors: childrenOf(entry, ATOM, 'author').flatMap(
      (author) => textOf(author, ATOM, 'name') ?? [],
    ),
    primary_category: termsOf(entry, ARXIV, 'primary_category')[0] ?? null,
    categories: [...new Set(termsOf(entry, ATOM, 'category'))],
    published_at: dateOf(entry, 'published'),
    updated_at: dateOf(entry, 'updated'),
    comment,
    journal_ref: textOf(entry, ARXIV, 'journal_ref'),
    doi: textOf(entry, ARXIV, 'doi'),
    abstract_url: `https://arxiv.org/abs/${arxiv_id}v${version}`,
    pdf_url: pdfOf(entry),
    withdrawn: isWithdrawn(comment, abstract),
  };
};

const errorOf = (entries: XmlElement[]): string | null => {
  const entry = entries.find(
    (candidate) =>
      textOf(candidate, ATOM, 'title') === 'Error' &&
      textOf(candidate, ATOM, 'id')?.includes('/api/errors'),
  );
  return entry === undefined ? null : (textOf(entry, ATOM, 'summary') ?? 'no reason was given');
};

/** Throws an Error that says what is wrong when the text is not a feed of arXiv's. */
export const parseFeed = (text: string): Feed => {
  const root = parseXml(text);
  if (root.uri !== ATOM || root.local !== 'feed') {
    throw new Error(`the root element is <${root.local}>, not an Atom <feed>`);
  }
  const entries = childrenOf(root, ATOM, 'entry');
  const error = errorOf(entries);
  const total_results = Number(requiredText(root, OPENSEARCH, 'totalResults'));
  if (!Number.isSafeInteger(total_results)) throw new Error('<totalResults> is not a whole number');
  const papers = error === null ? entries.map(paperOf) : [];
  return { title: textOf(root, ATOM, 'title') ?? '', total_results, papers, error };
};
