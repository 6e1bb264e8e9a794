-- What lists, statistics and timelines read stands in indexes whole: they count and choose without
-- walking through rows. Each takes the place of one that was written just as often.

-- Prunes go from kind to kind, the oldest of each first.
DROP INDEX cloud_jobs_finished;
CREATE INDEX cloud_jobs_finished ON cloud_jobs (job_type, status, finished_at)
  WHERE finished_at IS NOT NULL;

DROP INDEX cloud_job_executions_finished;
CREATE INDEX cloud_job_executions_finished
  ON cloud_job_executions (finished_at, status, duration_seconds) WHERE finished_at IS NOT NULL;

DROP INDEX cloud_job_slots_decided;
CREATE INDEX cloud_job_slots_decided ON cloud_job_slots (decided_at, status, times)
  WHERE decided_at IS NOT NULL;
