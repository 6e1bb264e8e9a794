// From keywords, categories and days to arXiv's search_query, and back from what arXiv says it asked.

export interface Question {
  keywords: string[];
  categories: string[];
  days_back: number | null;
}

const FIELD = /^(ti|au|abs|co|jr|cat|rn|id|all):(.*)$/su;
const PLAIN_WORD = /^[\p{L}\p{N}][\p{L}\p{N}.-]*$/u;
const RESERVED = new Set(['AND', 'OR', 'ANDNOT', 'NOT', 'TO']);

/**
 * One keyword as one term: `all:word`, `all:"two words"`, or with the field it names. Operators,
 * brackets and unknown prefixes end up inside quotes, where arXiv reads them as text. Null when
 * nothing is left to search for.
 */
export const keywordTerm = (keyword: string): string | null => {
  const [, field = 'all', rest = keyword] = FIELD.exec(keyword.trim()) ?? [];
  // A quote or backslash would end the phrase. arXiv reads `_` in authors as a space, and while
  // doing so may copy another term's words into the author, so it is never sent.
  const words = rest.replace(/["\\_\s\p{Cc}]+/gu, ' ').trim();
  if (!/[\p{L}\p{N}]/u.test(words)) return null;
  return PLAIN_WORD.test(words) && !RESERVED.has(words)
    ? `${field}:${words}`
    : `${field}:"${words}"`;
};

const minute = (date: Date): string => date.toISOString().replace(/[-:T]/g, '').slice(0, 12);

const dateRange = (daysBack: number, now: Date): string => {
  const from = new Date(now.getTime() - daysBack * 24 * 60 * 60 * 1000);
  return `submittedDate:[${minute(from)} TO ${minute(now)}]`;
};

const anyOf = (terms: string[]): string[] => {
  const distinct = [...new Set(terms)];
  return distinct.length > 1 ? [`(${distinct.join(' OR ')})`] : distinct;
};

/** Any of the keywords, and any of the categories, and within the days before `now` (UTC). */
export const buildQuery = ({ keywords, categories, days_back }: Question, now: Date): string =>
  [
    ...anyOf(keywords.map(keywordTerm).filter((term) => term !== null)),
    ...anyOf(categories.map((category) => `cat:${category}`)),
    ...(days_back === null ? [] : [dateRange(days_back, now)]),
  ].join(' AND ');

const spelling = (query: string): string =>
  query
    .replace(/submittedDate:\[([^\]]*)\]/g, 'submittedDate:"$1"')
    .replace(/\s+/g, ' ')
    .replace(/([()]) (?=[()])/g, '$1')
    .trim();

/**
 * What arXiv really searched for, read from the title of its feed, when that is not what was sent:
 * it rewrites in silence what it does not understand. Null when it is the same or cannot be told.
 */
export const rewrittenQuery = (sent: string, feedTitle: string): string | null => {
  const asked = /search_query=(.*)&id_list=/s.exec(feedTitle)?.[1];
  if (asked === undefined || spelling(asked) === spelling(sent)) return null;
  return asked;
};
