// The earlier Supabase set-up, as people pasted it into the SQL editor, and in the shapes in which it
// is found: with and without some of its constraints, indexes, policies, functions.

/** What an installation has, or has not. */
interface Shape {
  not_null: boolean;
  cascade: boolean;
  /** one policy for the roles of the API, or one for everybody */
  policies: 'api' | 'public';
  indexes: 'all' | 'few';
  functions: boolean;
}

const tables = ({ not_null, cascade }: Shape): string => {
  const must = not_null ? 'NOT NULL' : '';
  return `
CREATE TABLE cloud_jobs (
  job_id TEXT PRIMARY KEY DEFAULT gen_random_uuid()::text,
  name TEXT NOT NULL,
  job_type TEXT NOT NULL CHECK (job_type IN ('paper_fetch', 'maintenance', 'custom')),
  config JSONB ${must} DEFAULT '{}',
  status TEXT ${must} DEFAULT 'waiting'
    CHECK (status IN ('waiting', 'locked', 'success', 'failed', 'disabled')),
  description TEXT DEFAULT '',
  max_retries INTEGER DEFAULT 3,
  current_retries INTEGER DEFAULT 0,
  created_at TIMESTAMPTZ DEFAULT NOW(),
  last_execution TIMESTAMPTZ,
  locked_at TIMESTAMPTZ,
  locked_by TEXT,
  lock_expires_at TIMESTAMPTZ
);
CREATE TABLE cloud_job_executions (
  execution_id TEXT PRIMARY KEY DEFAULT gen_random_uuid()::text,
  job_id TEXT NOT NULL,
  status TEXT ${must} DEFAULT 'running' CHECK (status IN ('running', 'success', 'failed')),
  started_at TIMESTAMPTZ DEFAULT NOW(),
  finished_at TIMESTAMPTZ,
  duration_seconds REAL,
  result JSONB DEFAULT '{}',
  error_message TEXT,
  instance_id TEXT,
  FOREIGN KEY (job_id) REFERENCES cloud_jobs (job_id) ${cascade ? 'ON DELETE CASCADE' : ''}
);`;
};

const fewIndexes = `
CREATE INDEX idx_cloud_jobs_status ON cloud_jobs (status);
CREATE INDEX idx_cloud_jobs_status_retries ON cloud_jobs (status, current_retries, max_retries);`;

const otherIndexes = `
CREATE INDEX idx_cloud_jobs_lock_expires ON cloud_jobs (lock_expires_at);
CREATE INDEX idx_cloud_jobs_type ON cloud_jobs (job_type);
CREATE INDEX idx_cloud_jobs_created_at ON cloud_jobs (created_at);
CREATE INDEX idx_cloud_job_executions_job_id ON cloud_job_executions (job_id);
CREATE INDEX idx_cloud_job_executions_status ON cloud_job_executions (status);
CREATE INDEX idx_cloud_job_executions_started_at ON cloud_job_executions (started_at);`;

const policies = (to: Shape['policies']): string =>
  ['cloud_jobs', 'cloud_job_executions']
    .map((table) => {
      const [name, roles] =
        to === 'api'
          ? [`Allow anonymous access on ${table}`, 'anon, authenticated']
          : ['Allow all', 'public'];
      return `
ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY;
CREATE POLICY "${name}" ON ${table} FOR ALL TO ${roles} USING (true) WITH CHECK (true);
GRANT ALL ON ${table} TO anon, authenticated, service_role;`;
    })
    .join('');

const functions = `
CREATE FUNCTION get_next_available_job(
  instance_id_param TEXT, lock_duration_minutes INTEGER DEFAULT 30
) RETURNS TABLE (
  job_id TEXT, name TEXT, job_type TEXT, config JSONB, description TEXT,
  current_retries INTEGER, max_retries INTEGER
) LANGUAGE plpgsql AS $$
DECLARE
  chosen TEXT;
BEGIN
  SELECT j.job_id INTO chosen FROM cloud_jobs j
  WHERE j.status = 'waiting' OR j.status = 'failed' AND j.current_retries < j.max_retries
  ORDER BY (j.status = 'waiting') DESC, j.created_at
  LIMIT 1 FOR UPDATE SKIP LOCKED;
  RETURN QUERY UPDATE cloud_jobs j SET
    status = 'locked', locked_at = NOW(), locked_by = instance_id_param,
    lock_expires_at = NOW() + make_interval(mins => lock_duration_minutes)
  WHERE j.job_id = chosen
  RETURNING j.job_id, j.name, j.job_type, j.config, j.description, j.current_retries, j.max_retries;
END $$;

CREATE FUNCTION release_expired_locks() RETURNS INTEGER LANGUAGE plpgsql AS $$
DECLARE
  released INTEGER;
BEGIN
  UPDATE cloud_jobs SET
    status = CASE WHEN current_retries < max_retries THEN 'waiting' ELSE 'failed' END,
    locked_at = NULL, locked_by = NULL, lock_expires_at = NULL
  WHERE status = 'locked' AND lock_expires_at < NOW();
  GET DIAGNOSTICS released = ROW_COUNT;
  RETURN released;
END $$;

CREATE VIEW job_statistics AS
SELECT COUNT(*) AS total_jobs,
  SUM(CASE WHEN status = 'waiting' THEN 1 ELSE 0 END) AS waiting_jobs,
  SUM(CASE WHEN status = 'locked' THEN 1 ELSE 0 END) AS locked_jobs,
  SUM(CASE WHEN status = 'success' THEN 1 ELSE 0 END) AS success_jobs,
  SUM(CASE WHEN status = 'failed' THEN 1 ELSE 0 END) AS failed_jobs,
  SUM(CASE WHEN status = 'disabled' THEN 1 ELSE 0 END) AS disabled_jobs,
  NOW() AS calculated_at
FROM cloud_jobs;
GRANT ALL ON job_statistics TO anon, authenticated, service_role;
GRANT EXECUTE ON FUNCTION get_next_available_job(TEXT, INTEGER) TO anon, authenticated;`;

const whole: Shape = {
  not_null: true,
  cascade: true,
  policies: 'api',
  indexes: 'all',
  functions: true,
};

/** The SQL of an installation; `whole` where nothing else is said. */
export const earlierSetup = (differing: Partial<Shape> = {}): string => {
  const shape = { ...whole, ...differing };
  return [
    tables(shape),
    fewIndexes,
    shape.indexes === 'all' ? otherIndexes : '',
    policies(shape.policies),
    shape.functions ? functions : '',
  ].join('\n');
};

/** Every shape that is found, by what is peculiar to it. */
export const earlierShapes: Record<string, Partial<Shape>> = {
  'as it was given out': {},
  'with columns that may be empty': { not_null: false },
  'with executions that outlive nothing and hold up deletes': { cascade: false },
  'with one policy for everybody': { policies: 'public' },
  'with few indexes': { indexes: 'few' },
  'without functions and view': { functions: false },
  'with the least of everything': {
    not_null: false,
    cascade: false,
    policies: 'public',
    indexes: 'few',
    functions: false,
  },
};
