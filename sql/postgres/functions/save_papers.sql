-- Called by `paper_fetch`: keeps one row per paper, that of its newest version. Answers {added}: how
-- many of these papers were first seen by this job, so that saving a page twice counts the same.
-- Locks: the papers, in order of arxiv_id, so that two jobs with the same page do not block each other.
CREATE OR REPLACE FUNCTION save_papers(schema_version integer, job_id text, papers jsonb)
RETURNS jsonb
LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp
AS $$
#variable_conflict use_column
BEGIN
  IF schema_version IS DISTINCT FROM cloud_job_schema_version() THEN
    PERFORM cloud_job_refuse_schema(schema_version);
  END IF;
  INSERT INTO papers AS kept
  SELECT DISTINCT ON (g.arxiv_id) g.arxiv_id, g.version, g.title, g.abstract, g.authors,
    g.primary_category, g.categories, g.published_at, g.updated_at, g.comment, g.journal_ref, g.doi,
    g.abstract_url, g.pdf_url, g.withdrawn, save_papers.job_id, cloud_job_clock()
  FROM ROWS FROM (jsonb_to_recordset(save_papers.papers) AS (
    arxiv_id text, version integer, title text, abstract text, authors jsonb,
    primary_category text, categories jsonb, published_at timestamptz, updated_at timestamptz,
    comment text, journal_ref text, doi text, abstract_url text, pdf_url text, withdrawn boolean))
    WITH ORDINALITY AS g (
      arxiv_id, version, title, abstract, authors, primary_category, categories, published_at,
      updated_at, comment, journal_ref, doi, abstract_url, pdf_url, withdrawn, place)
  ORDER BY g.arxiv_id, g.version DESC, g.place DESC
  -- `>=`: the same version seen again may carry a later comment or journal reference.
  ON CONFLICT (arxiv_id) DO UPDATE SET
    version = excluded.version, title = excluded.title, abstract = excluded.abstract,
    authors = excluded.authors, primary_category = excluded.primary_category,
    categories = excluded.categories, published_at = excluded.published_at,
    updated_at = excluded.updated_at, comment = excluded.comment,
    journal_ref = excluded.journal_ref, doi = excluded.doi, abstract_url = excluded.abstract_url,
    pdf_url = excluded.pdf_url, withdrawn = excluded.withdrawn, saved_at = excluded.saved_at
  WHERE excluded.version >= kept.version;
  RETURN jsonb_build_object('added', (
    SELECT count(*) FROM papers p
    WHERE p.first_job_id = save_papers.job_id AND p.arxiv_id IN (
      SELECT g.arxiv_id FROM jsonb_to_recordset(save_papers.papers) AS g (arxiv_id text))));
END
$$;
