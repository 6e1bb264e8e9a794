-- The one clock that decides anything: the database's, at the start of the transaction.
-- Inlined into whoever asks, so it pins no search_path but names its schema; tests replace it.
CREATE OR REPLACE FUNCTION cloud_job_clock() RETURNS timestamptz
LANGUAGE sql STABLE AS 'SELECT pg_catalog.now()';
