// The yardstick: one table, the right partial index, and the shortest claim SQL can say.
import Driver from 'libsql';

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS bare_jobs (
    id INTEGER PRIMARY KEY, job_type TEXT NOT NULL, config TEXT NOT NULL, status TEXT NOT NULL,
    priority INTEGER NOT NULL, run_at TEXT NOT NULL, locked_by TEXT, locked_at TEXT
  ) STRICT;
  CREATE INDEX IF NOT EXISTS bare_jobs_claim ON bare_jobs (priority DESC, run_at, id)
    WHERE status = 'waiting';`;

const CLAIM = `
  UPDATE bare_jobs SET status = 'locked', locked_by = :instance_id, locked_at = :now
  WHERE id = (
    SELECT id FROM bare_jobs WHERE status = 'waiting' AND run_at <= :now
    ORDER BY priority DESC, run_at, id LIMIT 1)
  RETURNING id, job_type, config`;

const INSERT = `
  INSERT INTO bare_jobs (job_type, config, status, priority, run_at)
  VALUES ('bench', '{}', 'waiting', 0, :now)`;

/** The driver, the journal and the fsyncs of the store; SQLite's own waiting for other writers. */
export const openBare = (path: string) => {
  const driver = new Driver(path, { timeout: 30_000 });
  driver.exec('PRAGMA journal_mode = WAL');
  driver.exec('PRAGMA synchronous = FULL');
  driver.exec(SCHEMA);
  const claim = driver.prepare(CLAIM);
  const insert = driver.prepare(INSERT);
  const count = driver.prepare(`SELECT count(*) AS n FROM bare_jobs WHERE status = :status`);
  const now = () => new Date().toISOString();
  const insertMany = driver.transaction((rows: number) => {
    for (let row = 0; row < rows; row += 1) insert.run({ now: now() });
  });
  return {
    /** Whether there was a job to claim. */
    claim: (instance_id: string): boolean => claim.get({ instance_id, now: now() }) !== undefined,
    insert: (): void => {
      insert.run({ now: now() });
    },
    /** All in one transaction. */
    insertMany: (rows: number): void => insertMany(rows),
    count: (status: string): number => Number((count.get({ status }) as { n: number }).n),
    close: (): void => {
      driver.close();
    },
  };
};
