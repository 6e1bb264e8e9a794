-- What `paper_fetch` keeps: one row per paper, that of its newest version.

DO $$
BEGIN
  IF to_regclass('public.papers') IS NOT NULL THEN
    RAISE EXCEPTION 'There is a table public.papers that is not of cloud-jobs: rename it, then run this again.'
      USING ERRCODE = 'CJ004';
  END IF;
END
$$;

CREATE TABLE papers (
  arxiv_id         text PRIMARY KEY,
  version          integer NOT NULL,
  title            text    NOT NULL,
  abstract         text    NOT NULL,
  authors          jsonb   NOT NULL,
  primary_category text,
  categories       jsonb   NOT NULL,
  published_at     timestamptz NOT NULL,
  updated_at       timestamptz NOT NULL,
  comment          text,
  journal_ref      text,
  doi              text,
  abstract_url     text    NOT NULL,
  pdf_url          text,
  withdrawn        boolean NOT NULL,
  first_job_id     text    NOT NULL,  -- the job that saw it first; not a reference: jobs are pruned
  saved_at         timestamptz NOT NULL
);
