-- What is known of each type of job: how long its code went on without finishing a step.

-- One row per type that has taken long enough to be told of.
CREATE TABLE cloud_job_types (
  job_type   TEXT NOT NULL PRIMARY KEY,
  stretches  TEXT NOT NULL CHECK (json_valid(stretches)),  -- seconds, of its last executions, newest last
  updated_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
