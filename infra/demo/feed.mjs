// A small paper feed for when arXiv cannot be reached. Every paper in it is made up.
import { createServer } from 'node:http';

const DAY = 86_400_000;

// Month 13 exists in no arXiv id, so none of these can be taken for a real paper.
const papers = [
  ['2613.00008', 'cs.DC', 'How Long May a Lock Be Trusted?', ['Mara Quill', 'Ivo Brandt']],
  ['2613.00007', 'cs.DB', 'Queues Kept in Tables, Ten Years On', ['Nadia Okonjo-Reyes']],
  [
    '2613.00006',
    'cs.SE',
    'Steps That Remember: Work That Outlives Its Process',
    ['Teo Lind', 'Priya Vance'],
  ],
  ['2613.00005', 'cs.DC', 'At Least Once, and What to Do About It', ['Ansel Dorn']],
  ['2613.00004', 'cs.AI', 'Agents That Wait Their Turn', ['Lena Achterberg', 'Samir Wolde']],
  [
    '2613.00003',
    'cs.PF',
    'The Cost of an Empty Queue',
    ['Rosa Fenwick', 'Jun Halloran', 'Mara Quill'],
  ],
  ['2613.00002', 'cs.DC', 'Waking Up on Schedule: Slots & Outages', ['Ivo Brandt']],
  ['2613.00001', 'cs.OS', 'A Zombie Writes No Row: Fencing Late Processes', ['Odile Marchetti']],
].map(([id, category, title, authors], index) => ({
  id,
  category,
  title,
  authors,
  age: index + 1,
}));

const xmlOf = (text) =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');

const instant = (moment) => new Date(moment).toISOString().replace(/\.\d+Z$/, 'Z');

const entryOf = ({ id, category, title, authors, age }, now) => {
  const at = instant(Math.floor((now - (age * DAY) / 2) / 1000) * 1000);
  const people = authors.map(
    (name) => `    <author>\n      <name>${xmlOf(name)}</name>\n    </author>`,
  );
  return `  <entry>
    <id>http://arxiv.org/abs/${id}v1</id>
    <title>${xmlOf(title)}</title>
    <updated>${at}</updated>
    <link href="https://arxiv.org/abs/${id}v1" rel="alternate" type="text/html"/>
    <link href="https://arxiv.org/pdf/${id}v1" rel="related" type="application/pdf" title="pdf"/>
    <summary>Made up for trying Cloud Job Runner without a network: ${xmlOf(title)}</summary>
    <category term="${category}" scheme="http://arxiv.org/schemas/atom"/>
    <published>${at}</published>
    <arxiv:comment>Not a real paper</arxiv:comment>
    <arxiv:primary_category term="${category}"/>
${people.join('\n')}
  </entry>`;
};

const feedOf = (query, now) => {
  const start = Number(query.get('start') ?? 0);
  const size = Number(query.get('max_results') ?? 10);
  const search = xmlOf(query.get('search_query') ?? '');
  const entries = papers.slice(start, start + size).map((paper) => entryOf(paper, now));
  return `<?xml version='1.0' encoding='UTF-8'?>
<feed xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/" xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns="http://www.w3.org/2005/Atom">
  <id>https://arxiv.org/api/made-up</id>
  <title>arXiv Query: search_query=${search}&amp;id_list=&amp;start=${start}&amp;max_results=${size}</title>
  <updated>${instant(now)}</updated>
  <link href="https://arxiv.org/api/query" type="application/atom+xml"/>
  <opensearch:itemsPerPage>${size}</opensearch:itemsPerPage>
  <opensearch:totalResults>${papers.length}</opensearch:totalResults>
  <opensearch:startIndex>${start}</opensearch:startIndex>
${entries.join('\n')}
</feed>
`;
};

/** Serves the feed on a free port of this machine alone; `close` ends it. */
export const serveFeed = () =>
  new Promise((resolve, reject) => {
    const server = createServer((request, response) => {
      const { searchParams } = new URL(request.url, 'http://127.0.0.1');
      response.setHeader('content-type', 'application/atom+xml; charset=utf-8');
      response.end(feedOf(searchParams, Date.now()));
    });
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const url = `http://127.0.0.1:${server.address().port}/api/query`;
      const close = () => {
        server.closeAllConnections();
        server.close();
      };
      resolve({ url, close });
    });
  });
