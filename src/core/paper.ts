// A paper as it is kept: what arXiv's feed says of the newest version seen.

export interface Paper {
  /** without the version: `2104.12255`, `hep-ex/0406020` */
  arxiv_id: string;
  version: number;
  title: string;
  abstract: string;
  authors: string[];
  primary_category: string | null;
  categories: string[];
  /** of version 1 */
  published_at: Date;
  /** of this version */
  updated_at: Date;
  comment: string | null;
  journal_ref: string | null;
  doi: string | null;
  abstract_url: string;
  pdf_url: string | null;
  withdrawn: boolean;
}
