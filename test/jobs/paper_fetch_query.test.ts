// Building arXiv's query, and noticing when arXiv searched for something else.
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { buildQuery, keywordTerm, rewrittenQuery } from '../../src/jobs/paper_fetch/query.ts';

const now = new Date('2026-03-01T00:05:59Z');
const nothing = { keywords: [], categories: [], days_back: null };

describe('a keyword', () => {
  test.each([
    ['electron', 'all:electron'],
    ['  dark   matter ', 'all:"dark matter"'],
    ['"dark matter"', 'all:"dark matter"'],
    ['ti:dark matter', 'ti:"dark matter"'],
    ['au:del_maestro', 'au:"del maestro"'],
    ['abs:"neural net"', 'abs:"neural net"'],
    ['cat:cs.AI', 'cat:cs.AI'],
    ['foo:bar', 'all:"foo:bar"'],
    ['AND', 'all:"AND"'],
    ['a) OR (b', 'all:"a) OR (b"'],
    ['x" OR all:"y', 'all:"x OR all: y"'],
    ['back\\slash', 'all:"back slash"'],
    ['line\nbreak\u0000', 'all:"line break"'],
    ['Erdős', 'all:Erdős'],
    ['graph*', 'all:"graph*"'],
    ['ti:', null],
    ['"!"', null],
  ])('%j becomes %j', (keyword, term) => {
    expect(keywordTerm(keyword)).toBe(term);
  });

  test('can never add a word, operator or bracket of its own to the query', async () => {
    const oneTerm = /^(ti|au|abs|co|jr|cat|rn|id|all):("[^"\\]+"|[\p{L}\p{N}][\p{L}\p{N}.-]*)$/u;
    await fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), (keyword) => {
        const term = keywordTerm(keyword);
        if (term === null) return;
        expect(term).toMatch(oneTerm);
        expect(term).not.toMatch(/:(AND|OR|ANDNOT|NOT|TO)$/);
      }),
    );
  });
});

describe('a query', () => {
  test('asks for any keyword, in any category, within the days', () => {
    const question = {
      keywords: ['quantum', 'dark matter'],
      categories: ['cs.AI', 'hep-th'],
      days_back: 7,
    };
    expect(buildQuery(question, now)).toBe(
      '(all:quantum OR all:"dark matter") AND (cat:cs.AI OR cat:hep-th) AND ' +
        'submittedDate:[202602220005 TO 202603010005]',
    );
  });

  test('has no brackets around a single term, and each term once', () => {
    expect(buildQuery({ ...nothing, keywords: ['a', 'a '] }, now)).toBe('all:a');
    const both = { ...nothing, keywords: ['a'], categories: ['cs.*'] };
    expect(buildQuery(both, now)).toBe('all:a AND cat:cs.*');
  });
});

describe('the title of a feed', () => {
  const title = (query: string) =>
    `arXiv Query: search_query=${query}&id_list=&start=0&max_results=1`;

  test('that names another query tells of the rewriting', () => {
    expect(rewrittenQuery('foo:bar', title('all:foo:bar'))).toBe('all:foo:bar');
  });

  test.each([
    ['(all:a OR all:b) AND cat:c', '(all:a OR all:b) AND cat:c'],
    [
      'submittedDate:[202601010000 TO 202602010000]',
      'submittedDate:"202601010000 TO 202602010000"',
    ],
    ['all:"x & y"', 'all:"x & y"'],
  ])('%j shown as %j is the same query', (sent, shown) => {
    expect(rewrittenQuery(sent, title(shown))).toBeNull();
  });

  test('that names no query tells nothing', () => {
    expect(rewrittenQuery('all:a', 'arXiv Search Results')).toBeNull();
  });
});
