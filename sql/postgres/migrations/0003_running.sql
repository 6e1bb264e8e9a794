-- What running jobs leave behind and wait for: steps, events, dependencies, the limiter.

CREATE TABLE cloud_job_steps (
  job_id      text    NOT NULL,
  name        text    NOT NULL,
  step_order  integer NOT NULL,
  status      text    NOT NULL CHECK (status IN ('pending', 'running', 'success', 'failed')),
  started_at  timestamptz,
  finished_at timestamptz,
  detail      text,
  output      jsonb,
  lock_epoch  bigint  NOT NULL,
  PRIMARY KEY (job_id, name)
);

-- Steps, progress, log lines and changes of status made by hand. A job's creation, its picks and
-- their outcomes stand in its own row and in its executions already: list_events tells them from
-- there, so that a job that simply runs writes nothing here.
CREATE TABLE cloud_job_events (
  job_id       text    NOT NULL,
  event_id     integer NOT NULL,  -- counts up within its job
  execution_id text,
  at           timestamptz NOT NULL,
  kind         text    NOT NULL CHECK (kind IN ('status', 'step', 'progress', 'log')),
  data         jsonb   NOT NULL,
  PRIMARY KEY (job_id, event_id)
);

-- No reference: whoever writes one holds the jobs, and a trigger deletes it with them.
CREATE TABLE cloud_job_dependencies (
  job_id     text NOT NULL,
  depends_on text NOT NULL,
  PRIMARY KEY (job_id, depends_on),
  CHECK (job_id <> depends_on)
);
CREATE INDEX cloud_job_dependencies_on ON cloud_job_dependencies (depends_on);

-- One row per limiter that instances share: until when its last turn lasts.
CREATE TABLE cloud_job_throttles (
  key        text PRIMARY KEY,
  busy_until timestamptz NOT NULL
);
