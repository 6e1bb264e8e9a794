// Reading arXiv's feeds: both dialects, odd values, and what is refused.
import { describe, expect, test } from '@jest/globals';
import { parseFeed } from '../../src/jobs/paper_fetch/feed.ts';
import { parseXml } from '../../src/jobs/paper_fetch/xml.ts';
import { errorFeed, feedPaper, olderFeed, recentFeed } from './feeds.ts';

const onePaper = (overrides: Parameters<typeof feedPaper>[0]) =>
  parseFeed(recentFeed([feedPaper(overrides)])).papers[0]!;

describe('a feed', () => {
  test('gives equal papers in both dialects', () => {
    const papers = [
      feedPaper({ title: 'A title that the older server wraps over more than one line of text' }),
      feedPaper({ id: 'hep-ex/0406020v12', doi: '10.1000/example', journal_ref: 'J. Ex. 1, 2' }),
      feedPaper({ id: '2104.12255v3', title: '0', comment: '3 pages, 1 figure' }),
    ];
    const recent = parseFeed(recentFeed(papers));
    const older = parseFeed(olderFeed(papers));
    expect(older.papers).toEqual(recent.papers);
    expect(recent.papers).toHaveLength(3);
    expect(recent.papers[1]).toEqual({
      arxiv_id: 'hep-ex/0406020',
      version: 12,
      title: 'On the patience of queues & other servers',
      abstract: 'We wait < and measure how long.',
      authors: ['Ada Example', 'Zoë Müller'],
      primary_category: 'cs.DC',
      categories: ['cs.DC', 'math.PR'],
      published_at: new Date('2024-01-01T10:00:00Z'),
      updated_at: new Date('2024-01-02T11:30:00Z'),
      comment: null,
      journal_ref: 'J. Ex. 1, 2',
      doi: '10.1000/example',
      abstract_url: 'https://arxiv.org/abs/hep-ex/0406020v12',
      pdf_url: 'https://arxiv.org/pdf/hep-ex/0406020v12',
      withdrawn: false,
    });
    expect(recent.papers[2]!.title).toBe('0');
  });

  test('keeps every author in order, however many, and no affiliation among them', () => {
    const authors = Array.from({ length: 523 }, (_, index) => ({
      name: `Author ${index}`,
      ...(index % 2 === 0 ? { affiliation: `Place ${index}` } : {}),
    }));
    expect(onePaper({ authors }).authors).toEqual(authors.map(({ name }) => name));
  });

  test('leaves LaTeX and accents in titles as they are', () => {
    const title = 'Bounds on $\\alpha_{s}^{2}$ at $\\sqrt{s}<7$ TeV for Erdős & Rényi';
    expect(onePaper({ title }).title).toBe(title);
  });

  test.each([
    ['This paper has been withdrawn by the author due to an error in Lemma 2', true],
    ['Withdrawn', true],
    ['12 pages; this submission has been temporarily withdrawn by arXiv administrators', true],
    ['Paper withdrawn, see 2401.00002', true],
    ['12 pages, on withdrawn banknotes', false],
    ['Supersedes the withdrawn 2401.00002', false],
    ['Accepted at WITHDRAWAL 2024', false],
  ])('with the comment %j is withdrawn: %j', (comment, withdrawn) => {
    expect(onePaper({ comment }).withdrawn).toBe(withdrawn);
  });

  test('reads a withdrawal that stands in place of the abstract, and only there', () => {
    const notice = 'This paper has been withdrawn by the author(s).';
    expect(onePaper({ abstract: notice }).withdrawn).toBe(true);
    const about = 'We study why a paper has been withdrawn by its authors.';
    expect(onePaper({ abstract: about }).withdrawn).toBe(false);
  });

  test('that reports an error gives its sentence and no papers', () => {
    const feed = parseFeed(errorFeed('start must be an integer'));
    expect(feed).toMatchObject({ error: 'start must be an integer', papers: [] });
  });

  test('with a paper titled Error is no error', () => {
    const feed = parseFeed(recentFeed([feedPaper({ title: 'Error' })]));
    expect(feed).toMatchObject({ error: null, papers: [{ title: 'Error' }] });
  });

  test('is refused with what is missing in it', () => {
    expect(() => parseFeed('Rate exceeded.')).toThrow();
    expect(() => parseFeed('<html><body/></html>')).toThrow('the root element is <html>');
    const undated = recentFeed([feedPaper()]).replace(/<published>.*<\/published>/, '');
    expect(() => parseFeed(undated)).toThrow('<entry> has no <published>');
    const unnamed = recentFeed([feedPaper()]).replace('/abs/', '/somewhere/');
    expect(() => parseFeed(unnamed)).toThrow('<id> does not name a paper');
  });
});

describe('XML', () => {
  test('with a document type is refused, so no entity can be declared', () => {
    const bomb = '<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;&b;">]><a>&c;</a>';
    expect(() => parseXml(bomb)).toThrow('a document type is not accepted');
    expect(() => parseXml('<a>&undeclared;</a>')).toThrow('undefined entity');
  });

  test('nested without end is refused', () => {
    expect(() => parseXml('<a>'.repeat(100_000))).toThrow('nested deeper than 16');
  });

  test('cut off in the middle is refused', () => {
    const feed = recentFeed([feedPaper()]);
    for (const length of [0, 1, 60, 500, feed.length - 10]) {
      expect(() => parseXml(feed.slice(0, length))).toThrow();
    }
  });

  test('finds names by namespace, whatever the prefix', () => {
    const root = parseXml('<x:a xmlns:x="urn:x"><b xmlns="urn:y">t<![CDATA[<&]]></b></x:a>');
    expect(root).toMatchObject({ uri: 'urn:x', local: 'a' });
    expect(root.children).toMatchObject([{ uri: 'urn:y', local: 'b', text: 't<&' }]);
  });
});
