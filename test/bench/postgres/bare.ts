// The yardstick: one table, the right partial index, and the two shortest statements through `pg`.
import pg from 'pg';
import { type Contender, ignoreEnd, onEach, openSeveral, payload } from './contender.ts';

const SCHEMA = `
  CREATE TABLE bare_jobs (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    job_type text NOT NULL, config jsonb NOT NULL, status text NOT NULL,
    priority smallint NOT NULL DEFAULT 0, run_at timestamptz NOT NULL DEFAULT now(),
    lock_epoch integer NOT NULL DEFAULT 0, locked_by text, locked_at timestamptz,
    lock_expires_at timestamptz, created_at timestamptz NOT NULL DEFAULT now(),
    finished_at timestamptz);
  CREATE INDEX ON bare_jobs (priority DESC, run_at, id) WHERE status = 'waiting';
  CREATE INDEX ON bare_jobs (lock_expires_at) WHERE status = 'locked';
  CREATE TABLE bare_executions (
    job_id bigint NOT NULL, lock_epoch integer NOT NULL, status text NOT NULL,
    started_at timestamptz NOT NULL DEFAULT now(), finished_at timestamptz, result jsonb,
    instance_id text NOT NULL, PRIMARY KEY (job_id, lock_epoch));`;

const CREATE = `
  INSERT INTO bare_jobs (job_type, config, status)
  SELECT 'custom', $2::jsonb, 'waiting' FROM generate_series(1, $1::integer)`;

export const CLAIM = `
  UPDATE bare_jobs SET status = 'locked', lock_epoch = lock_epoch + 1, locked_by = $1,
    locked_at = now(), lock_expires_at = now() + interval '1 minute'
  WHERE id = (
    SELECT id FROM bare_jobs WHERE status = 'waiting' AND run_at <= now()
    ORDER BY priority DESC, run_at, id FOR UPDATE SKIP LOCKED LIMIT 1)
  RETURNING id, job_type, config, lock_epoch`;

export const FINISH = `
  UPDATE bare_jobs SET status = 'success', finished_at = now(), locked_by = NULL,
    locked_at = NULL, lock_expires_at = NULL
  WHERE id = $1 AND lock_epoch = $2`;

const withExecution = {
  claim: `WITH job AS (${CLAIM}), execution AS (
      INSERT INTO bare_executions (job_id, lock_epoch, status, instance_id)
      SELECT id, lock_epoch, 'running', $1 FROM job)
    SELECT * FROM job`,
  finish: `WITH job AS (${FINISH} RETURNING id, lock_epoch)
    UPDATE bare_executions execution SET status = 'success', finished_at = now(), result = 'null'
    FROM job WHERE execution.job_id = job.id AND execution.lock_epoch = job.lock_epoch`,
};

interface Kind {
  prepared: boolean;
  /** writes a second row that tells of the execution */
  execution: boolean;
}

interface Claimed {
  id: string;
  lock_epoch: number;
}

export const bare = ({ prepared, execution }: Kind): Contender => {
  const { claim, finish } = execution ? withExecution : { claim: CLAIM, finish: FINISH };
  const named = (name: string, text: string) => (prepared ? { name, text } : { text });
  const untilEmpty = async (client: pg.Client): Promise<number> => {
    for (let jobs = 0; ; jobs += 1) {
      const found = await client.query<Claimed>({ ...named('claim', claim), values: ['bench'] });
      const [job] = found.rows;
      if (job === undefined) return jobs;
      const values = [job.id, job.lock_epoch];
      const { rowCount } = await client.query({ ...named('finish', finish), values });
      if (rowCount !== 1) throw new Error(`job ${job.id} was lost`);
    }
  };
  const connect = async (url: string): Promise<pg.Client> => {
    const client = new pg.Client(url);
    client.on('error', ignoreEnd);
    await client.connect();
    return client;
  };
  return {
    install: async (url) => {
      const client = await connect(url);
      await client.query(SCHEMA);
      await client.end();
    },
    open: async (url, connections) => {
      const clients = await openSeveral(connections, () => connect(url));
      return {
        create: async (jobs) => void (await clients[0]?.query(CREATE, [jobs, payload])),
        drain: () => onEach(clients, untilEmpty),
        close: async () => void (await Promise.all(clients.map((client) => client.end()))),
      };
    },
  };
};
