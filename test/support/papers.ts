// Valid papers; a test overrides the field it is about.
import type { Paper } from '../../src/core/paper.ts';

export const paper = (overrides: Partial<Paper> = {}): Paper => {
  const arxiv_id = overrides.arxiv_id ?? '2401.00001';
  return {
    arxiv_id,
    version: 1,
    title: 'On queues',
    abstract: 'We wait.',
    authors: ['Ada Example', 'Zoë Müller'],
    primary_category: 'cs.DC',
    categories: ['cs.DC', 'math.PR'],
    published_at: new Date('2024-01-01T10:00:00Z'),
    updated_at: new Date('2024-01-02T11:30:00Z'),
    comment: '12 pages',
    journal_ref: null,
    doi: null,
    abstract_url: `https://arxiv.org/abs/${arxiv_id}`,
    pdf_url: `https://arxiv.org/pdf/${arxiv_id}`,
    withdrawn: false,
    ...overrides,
  };
};
