// Rows of an earlier scheduler, for either kind of database.

/** One of each status; two have the same name. */
export const jobs = `INSERT INTO jobs (job_id, name, job_type, schedule_expression, config, status,
    description, created_at) VALUES
  ('a', 'Fetch', 'paper_fetch', '0 */2 * * *', '{"keywords": ["AI"], "max_papers": 100}', 'active',
   'every 2 hours', '2025-07-01T08:00:00'),
  ('b', 'Clean', 'maintenance', '0 2 * * 0', '{"cleanup_days": 30}', 'paused', '',
   '2025-07-01T08:01:00'),
  ('c', 'Clean', 'maintenance', '30 4 * * *', '{}', 'inactive', '', '2025-07-01T08:02:00'),
  ('d', 'Old', 'custom', '*/5 * * * *', '{}', 'deleted', '', '2025-07-02T08:00:00')`;

export const refused = `INSERT INTO jobs (job_id, name, job_type, schedule_expression, config, created_at)
  VALUES ('e', 'Boot', 'maintenance', '@reboot', '{"cleanup_dayz": 3}', '2025-07-03T08:00:00')`;

/** Two of Fetch, one of what is deleted. */
export const executions = `INSERT INTO job_executions (execution_id, job_id, status, started_at,
    finished_at, duration_seconds, result, error_message, logs, created_at) VALUES
  ('e1', 'a', 'success', '2025-07-01T10:00:07', '2025-07-01T10:00:09', 2.5, '{"new_papers": 4}',
   NULL, '', '2025-07-01T10:00:07'),
  ('e2', 'a', 'failed', '2025-07-01T12:00:00', '2025-07-01T12:00:01', 1, '{}', 'HTTP 503', 'one',
   '2025-07-01T12:00:00'),
  ('e3', 'd', 'success', '2025-07-02T12:00:00', '2025-07-02T12:00:01', 1, '{}', NULL, '',
   '2025-07-02T12:00:00')`;
