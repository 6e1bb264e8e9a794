-- The kept rows of these arXiv ids, in the order of the ids.
CREATE OR REPLACE FUNCTION get_papers(schema_version integer, arxiv_ids text[]) RETURNS jsonb
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
  IF schema_version IS DISTINCT FROM cloud_job_schema_version() THEN
    PERFORM cloud_job_refuse_schema(schema_version);
  END IF;
  RETURN (
    SELECT coalesce(jsonb_agg(to_jsonb(p) ORDER BY asked.place), '[]')
    FROM unnest(arxiv_ids) WITH ORDINALITY asked (arxiv_id, place)
    JOIN papers p ON p.arxiv_id = asked.arxiv_id);
END
$$;
