-- What is known of each type of job: how long its code went on without finishing a step.

-- One row per type that has taken long enough to be told of; see cloud_job_learn.
CREATE TABLE cloud_job_types (
  job_type   text PRIMARY KEY,
  stretches  double precision[] NOT NULL,  -- seconds, of its last executions, newest last
  updated_at timestamptz NOT NULL
);
