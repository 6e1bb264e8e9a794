// Small feeds in both dialects of arXiv's server, with papers nobody wrote.

export interface FeedPaper {
  id: string;
  title: string;
  abstract: string;
  authors: { name: string; affiliation?: string }[];
  categories: string[];
  published: string;
  updated: string;
  comment?: string;
  journal_ref?: string;
  doi?: string;
}

/** One invented paper; a test overrides the field it is about. */
export const feedPaper = (overrides: Partial<FeedPaper> = {}): FeedPaper => ({
  id: '2401.00001v1',
  title: 'On the patience of queues & other servers',
  abstract: 'We wait < and measure how long.',
  authors: [{ name: 'Ada Example' }, { name: 'Zoë Müller', affiliation: 'Institute of Waiting' }],
  categories: ['cs.DC', 'math.PR'],
  published: '2024-01-01T10:00:00Z',
  updated: '2024-01-02T11:30:00Z',
  ...overrides,
});

/** `count` papers with ids 2401.00001v1, 2401.00002v1, … */
export const feedPapers = (count: number): FeedPaper[] =>
  Array.from({ length: count }, (_, index) =>
    feedPaper({ id: `2401.${String(index + 1).padStart(5, '0')}v1`, title: `Queue ${index + 1}` }),
  );

const ATOM = 'http://www.w3.org/2005/Atom';
const ARXIV = 'http://arxiv.org/schemas/atom';
const OPENSEARCH = 'http://a9.com/-/spec/opensearch/1.1/';

const escaped = (text: string): string =>
  text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);

const element = (name: string, text: string | undefined, attributes = ''): string =>
  text === undefined ? '' : `<${name}${attributes}>${escaped(text)}</${name}>`;

interface Envelope {
  query?: string;
  total?: number;
  start?: number;
}

const titleOf = (what: string, { query = '', start = 0 }: Envelope): string =>
  `${what} Query: search_query=${query}&id_list=&start=${start}&max_results=10`;

const recentEntry = (paper: FeedPaper): string => `
  <entry>
    <id>http://arxiv.org/abs/${paper.id}</id>
    ${element('title', paper.title)}
    <updated>${paper.updated}</updated>
    <link href="https://arxiv.org/abs/${paper.id}" rel="alternate" type="text/html"/>
    <link href="https://arxiv.org/pdf/${paper.id}" rel="related" type="application/pdf" title="pdf"/>
    ${element('summary', paper.abstract)}
    ${paper.categories.map((term) => `<category term="${term}" scheme="${ARXIV}"/>`).join('')}
    <published>${paper.published}</published>
    ${element('arxiv:comment', paper.comment)}
    <arxiv:primary_category term="${paper.categories[0]}"/>
    ${element('arxiv:journal_ref', paper.journal_ref)}${element('arxiv:doi', paper.doi)}
    ${paper.authors
      .map(
        ({ name, affiliation }) =>
          `<author>${element('name', name)}${element('arxiv:affiliation', affiliation)}</author>`,
      )
      .join('\n    ')}
  </entry>`;

/** As the server of 2026 writes it. */
export const recentFeed = (papers: FeedPaper[], envelope: Envelope = {}): string =>
  `<?xml version='1.0' encoding='UTF-8'?>
<feed xmlns:opensearch="${OPENSEARCH}" xmlns:arxiv="${ARXIV}" xmlns="${ATOM}">
  <id>https://arxiv.org/api/abcdefghijklmnopqrstuvwxyz</id>
  ${element('title', titleOf('arXiv', envelope))}
  <updated>2026-04-12T22:09:26Z</updated>
  <opensearch:itemsPerPage>10</opensearch:itemsPerPage>
  <opensearch:totalResults>${envelope.total ?? papers.length}</opensearch:totalResults>
  <opensearch:startIndex>${envelope.start ?? 0}</opensearch:startIndex>${papers.map(recentEntry).join('')}
</feed>
`;

/** Lines of at most 40 characters, two spaces before each but the first. */
const wrap = (text: string): string => text.replace(/(.{20,40}?) /g, '$1\n  ');

const olderEntry = (paper: FeedPaper): string => {
  const own = ` xmlns:arxiv="${ARXIV}"`;
  const category = `term="${paper.categories[0]}" scheme="${ARXIV}"`;
  return `
  <entry>
    <id>http://arxiv.org/abs/${paper.id}</id>
    <updated>${paper.updated}</updated>
    <published>${paper.published}</published>
    ${element('title', wrap(paper.title))}
    ${element('summary', `  ${wrap(paper.abstract)}\n`)}
    ${paper.authors
      .map(
        ({ name, affiliation }) =>
          `<author>\n      ${element('name', name)}${element('arxiv:affiliation', affiliation, own)}\n    </author>`,
      )
      .join('\n    ')}
    ${element('arxiv:doi', paper.doi, own)}
    ${paper.doi ? `<link title="doi" href="http://dx.doi.org/${paper.doi}" rel="related"/>` : ''}
    ${element('arxiv:comment', paper.comment, own)}
    ${element('arxiv:journal_ref', paper.journal_ref, own)}
    <link href="http://arxiv.org/abs/${paper.id}" rel="alternate" type="text/html"/>
    <link title="pdf" href="http://arxiv.org/pdf/${paper.id}" rel="related" type="application/pdf"/>
    <arxiv:primary_category xmlns:arxiv="${ARXIV}" ${category}/>
    ${paper.categories.map((term) => `<category term="${term}" scheme="${ARXIV}"/>`).join('\n    ')}
  </entry>`;
};

/** As the server wrote it until about 2025. */
export const olderFeed = (papers: FeedPaper[], envelope: Envelope = {}): string =>
  `<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="${ATOM}">
  <link href="http://arxiv.org/api/query?search_query%3D" rel="self" type="application/atom+xml"/>
  ${element('title', titleOf('ArXiv', envelope), ' type="html"')}
  <id>http://arxiv.org/api/abcdefghijklmnopqrstuvwxyz</id>
  <updated>2016-10-09T00:00:00-04:00</updated>
  <opensearch:totalResults xmlns:opensearch="${OPENSEARCH}">${envelope.total ?? papers.length}</opensearch:totalResults>
  <opensearch:startIndex xmlns:opensearch="${OPENSEARCH}">${envelope.start ?? 0}</opensearch:startIndex>
  <opensearch:itemsPerPage xmlns:opensearch="${OPENSEARCH}">10</opensearch:itemsPerPage>${papers.map(olderEntry).join('')}
</feed>
`;

/** A feed that reports an error instead of papers. */
export const errorFeed = (sentence: string): string => `<?xml version='1.0' encoding='UTF-8'?>
<feed xmlns:opensearch="${OPENSEARCH}" xmlns="${ATOM}">
  <id>https://arxiv.org/</id>
  <title>arXiv Search Results</title>
  <opensearch:totalResults>1</opensearch:totalResults>
  <entry>
    <id>https://arxiv.org/api/errors#${sentence.replaceAll(' ', '_')}</id>
    <title>Error</title>
    <updated>2026-04-12T22:59:06Z</updated>
    ${element('summary', sentence)}
    <author><name>arXiv api core</name></author>
  </entry>
</feed>
`;
