-- The two tables of the earlier Supabase set-up, with the columns it gave them. Where that set-up is
-- installed nothing happens here; elsewhere this is the ground that the next file builds on, so that
-- a fresh schema and an upgraded one come out the same.

CREATE TABLE IF NOT EXISTS cloud_jobs (
  job_id          text PRIMARY KEY DEFAULT gen_random_uuid()::text,
  name            text NOT NULL,
  job_type        text NOT NULL,
  config          jsonb NOT NULL DEFAULT '{}',
  status          text NOT NULL DEFAULT 'waiting',
  description     text,
  max_retries     integer DEFAULT 3,
  current_retries integer DEFAULT 0,
  created_at      timestamptz DEFAULT now(),
  last_execution  timestamptz,
  locked_at       timestamptz,
  locked_by       text,
  lock_expires_at timestamptz
);

CREATE TABLE IF NOT EXISTS cloud_job_executions (
  execution_id     text PRIMARY KEY DEFAULT gen_random_uuid()::text,
  job_id           text NOT NULL,
  status           text NOT NULL DEFAULT 'running',
  started_at       timestamptz DEFAULT now(),
  finished_at      timestamptz,
  duration_seconds real,
  result           jsonb,
  error_message    text,
  instance_id      text
);
