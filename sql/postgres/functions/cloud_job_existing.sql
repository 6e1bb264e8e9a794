-- Which of `jobs` must not be created, for create_jobs: {existing: [{place, given, job_id}], fresh: the
-- other jobs}. What stands for a job is the one of its job_id, else the unfinished one with its
-- unique_key; those of `jobs` that come before it count as if they were there.
CREATE OR REPLACE FUNCTION cloud_job_existing(jobs jsonb) RETURNS jsonb
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
  job       jsonb;
  place     integer := 0;
  there     text;
  existing  jsonb[] := '{}';
  fresh     jsonb[] := '{}';
  ids       text[] := '{}';
  keys      text[] := '{}';
BEGIN
  FOR job IN SELECT * FROM jsonb_array_elements(jobs) LOOP
    SELECT j.job_id INTO there FROM cloud_jobs j
    WHERE j.job_id = job ->> 'job_id' OR (j.unique_key = job ->> 'unique_key'
      AND j.status IN ('waiting', 'blocked', 'locked', 'disabled'))
    ORDER BY (j.job_id = job ->> 'job_id') DESC LIMIT 1;
    IF there IS NULL THEN
      there := ids[coalesce(
        array_position(ids, job ->> 'job_id'), array_position(keys, job ->> 'unique_key'))];
    END IF;
    IF there IS NULL THEN
      fresh := fresh || job;
      ids := ids || (job ->> 'job_id');
      keys := keys || (job ->> 'unique_key');
    ELSE
      existing := existing || jsonb_build_object(
        'place', place, 'given', job ->> 'job_id', 'job_id', there);
    END IF;
    place := place + 1;
  END LOOP;
  RETURN jsonb_build_object('existing', to_jsonb(existing), 'fresh', to_jsonb(fresh));
END
$$;
