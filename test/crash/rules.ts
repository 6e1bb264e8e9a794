// What must hold for every database that processes died on: each rule is a query for what breaks it.

/** By the sentence a rule states; every row a query gives is a violation. */
export const rules: Record<string, string> = {
  'the file is whole':
    "SELECT integrity_check AS fault FROM pragma_integrity_check WHERE integrity_check <> 'ok'",
  'every reference leads somewhere': 'SELECT * FROM pragma_foreign_key_check',
  'no execution is left open':
    "SELECT execution_id, job_id FROM cloud_job_executions WHERE status = 'running'",
  'no lock is left':
    "SELECT job_id, locked_by, lock_expires_at FROM cloud_jobs WHERE status = 'locked'",
  'every pick opens one execution': `
    SELECT job_id, lock_epoch, n FROM (
      SELECT job_id, lock_epoch, row_number() OVER (PARTITION BY job_id ORDER BY lock_epoch) AS n
      FROM cloud_job_executions) WHERE n <> lock_epoch
    UNION ALL
    SELECT j.job_id, j.lock_epoch, count(e.execution_id) AS n
    FROM cloud_jobs j LEFT JOIN cloud_job_executions e ON e.job_id = j.job_id
    GROUP BY j.job_id HAVING n <> j.lock_epoch`,
  'every pick is told once': `
    WITH told AS MATERIALIZED (
      SELECT execution_id, data ->> 'lock_epoch' AS epoch FROM cloud_job_events
      WHERE data ->> 'status' = 'locked')
    SELECT e.execution_id, count(told.execution_id) AS n
    FROM cloud_job_executions e LEFT JOIN told
      ON told.execution_id = e.execution_id AND told.epoch = e.lock_epoch
    GROUP BY e.execution_id HAVING n <> 1`,
  'the epoch only grows': `
    SELECT job_id, epoch, previous FROM (
      SELECT job_id, data ->> 'lock_epoch' AS epoch,
        lag(data ->> 'lock_epoch') OVER (PARTITION BY job_id ORDER BY event_id) AS previous
      FROM cloud_job_events WHERE kind = 'status' AND data ->> 'status' = 'locked')
    WHERE epoch <= previous`,
  'every execution ends once, as it is told': `
    WITH ends AS MATERIALIZED (
      SELECT execution_id, data ->> 'execution_status' AS status FROM cloud_job_events
      WHERE data ->> 'execution_status' IS NOT NULL)
    SELECT e.execution_id, e.status, group_concat(ends.status) AS told
    FROM cloud_job_executions e LEFT JOIN ends ON ends.execution_id = e.execution_id
    GROUP BY e.execution_id
    HAVING count(ends.status) <> 1 OR max(ends.status) <> e.status`,
  'a job succeeds at most once, and at its end': `
    SELECT e.job_id, e.lock_epoch, j.lock_epoch AS last FROM cloud_job_executions e
    JOIN cloud_jobs j ON j.job_id = e.job_id
    WHERE e.status = 'success' AND (e.lock_epoch <> j.lock_epoch OR j.status <> 'success')`,
  'a job that is a success has one': `
    SELECT j.job_id FROM cloud_jobs j WHERE j.status = 'success' AND NOT EXISTS (
      SELECT 1 FROM cloud_job_executions e WHERE e.job_id = j.job_id AND e.status = 'success')`,
  'a result is of the execution it stands with': `
    SELECT execution_id, lock_epoch, result FROM cloud_job_executions
    WHERE result ->> 'epoch' IS NOT NULL AND result ->> 'epoch' <> lock_epoch`,
  'retries used are executions lost or broken': `
    SELECT j.job_id, j.current_retries, count(e.execution_id) AS broken
    FROM cloud_jobs j LEFT JOIN cloud_job_executions e
      ON e.job_id = j.job_id AND e.status IN ('lost', 'failed', 'timeout')
    GROUP BY j.job_id HAVING j.current_retries <> min(count(e.execution_id), j.max_retries)`,
  'a job that is a success has only finished steps': `
    SELECT s.job_id, s.name, s.status FROM cloud_job_steps s
    JOIN cloud_jobs j ON j.job_id = s.job_id WHERE j.status = 'success' AND s.status <> 'success'`,
};
