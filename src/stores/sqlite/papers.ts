// The `papers` table: one row per paper, that of its newest version.
import type { Paper } from '../../core/paper.ts';
import { toPaper } from '../rows.ts';
import type { Database } from './database.ts';

// `>=`: the same version seen again may carry a later comment or journal reference.
const UPSERT = `
  INSERT INTO papers (
    arxiv_id, version, title, abstract, authors, primary_category, categories, published_at,
    updated_at, comment, journal_ref, doi, abstract_url, pdf_url, withdrawn, first_job_id, saved_at)
  VALUES (
    :arxiv_id, :version, :title, :abstract, :authors, :primary_category, :categories, :published_at,
    :updated_at, :comment, :journal_ref, :doi, :abstract_url, :pdf_url, :withdrawn, :job_id, :now)
  ON CONFLICT (arxiv_id) DO UPDATE SET
    version = excluded.version, title = excluded.title, abstract = excluded.abstract,
    authors = excluded.authors, primary_category = excluded.primary_category,
    categories = excluded.categories, published_at = excluded.published_at,
    updated_at = excluded.updated_at, comment = excluded.comment,
    journal_ref = excluded.journal_ref, doi = excluded.doi, abstract_url = excluded.abstract_url,
    pdf_url = excluded.pdf_url, withdrawn = excluded.withdrawn, saved_at = excluded.saved_at
  WHERE excluded.version >= papers.version`;

const ADDED = `
  SELECT count(*) AS added FROM papers
  WHERE first_job_id = :job_id AND arxiv_id IN (SELECT value FROM json_each(:ids))`;

const BY_ID = `
  SELECT papers.* FROM json_each(:ids) asked JOIN papers ON papers.arxiv_id = asked.value
  ORDER BY asked.key`;

export const savePapers = (
  database: Database,
  job_id: string,
  papers: Paper[],
): Promise<{ added: number }> =>
  database.write((now) => {
    for (const paper of papers) {
      database.run(UPSERT, {
        ...paper,
        authors: JSON.stringify(paper.authors),
        categories: JSON.stringify(paper.categories),
        published_at: paper.published_at.toISOString(),
        updated_at: paper.updated_at.toISOString(),
        withdrawn: paper.withdrawn ? 1 : 0,
        job_id,
        now,
      });
    }
    const ids = JSON.stringify(papers.map(({ arxiv_id }) => arxiv_id));
    return { added: Number(database.get(ADDED, { job_id, ids })?.added) };
  });

export const getPapers = (database: Database, arxiv_ids: string[]): Promise<Paper[]> =>
  database.read(() => database.all(BY_ID, { ids: JSON.stringify(arxiv_ids) }).map(toPaper));
