-- For callers of the earlier Supabase set-up: the counts it gave, now with the rights of who asks.
CREATE OR REPLACE VIEW job_statistics WITH (security_invoker = true) AS
SELECT
  count(*) AS total_jobs,
  sum(CASE WHEN status = 'waiting' THEN 1 ELSE 0 END) AS waiting_jobs,
  sum(CASE WHEN status = 'locked' THEN 1 ELSE 0 END) AS locked_jobs,
  sum(CASE WHEN status = 'success' THEN 1 ELSE 0 END) AS success_jobs,
  sum(CASE WHEN status = 'failed' THEN 1 ELSE 0 END) AS failed_jobs,
  sum(CASE WHEN status = 'disabled' THEN 1 ELSE 0 END) AS disabled_jobs,
  now() AS calculated_at
FROM cloud_jobs;
