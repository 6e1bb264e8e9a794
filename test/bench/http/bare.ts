// The yardstick: a Hono app that does the same SQL on the same tables, and nothing else.
import { Hono } from 'hono';
import Driver from 'libsql';
import { newId } from '../../../src/ids.ts';

const INSERT = `
  INSERT INTO cloud_jobs (job_id, name, job_type, config, status, run_at, metadata, created_at, updated_at)
  VALUES (:job_id, :name, 'bench', :config, 'waiting', :now, '{}', :now, :now)`;

const EVENT = `
  INSERT INTO cloud_job_events (job_id, event_id, at, kind, data)
  VALUES (:job_id, 1, :now, 'status', '{"status":"waiting"}')`;

const OF_JOB = [
  'SELECT * FROM cloud_job_executions WHERE job_id = ? ORDER BY lock_epoch',
  'SELECT * FROM cloud_job_steps WHERE job_id = ? ORDER BY step_order, name',
  `SELECT needed.job_id, needed.name, needed.status FROM cloud_job_dependencies d
   JOIN cloud_jobs needed ON needed.job_id = d.depends_on WHERE d.job_id = ? ORDER BY needed.seq`,
];

/** On a file that has the tables; the journal and the fsyncs of the store. */
export const bareApp = (path: string) => {
  const driver = new Driver(path, { timeout: 30_000 });
  driver.exec('PRAGMA synchronous = FULL');
  const byId = driver.prepare('SELECT * FROM cloud_jobs WHERE job_id = ?');
  const list = driver.prepare('SELECT * FROM cloud_jobs ORDER BY seq DESC LIMIT 51');
  const [insert, event] = [driver.prepare(INSERT), driver.prepare(EVENT)];
  const ofJob = OF_JOB.map((sql) => driver.prepare(sql));
  const create = driver.transaction((job_id: string, name: string, config: string) => {
    const now = new Date().toISOString();
    if (byId.get(job_id) !== undefined) return;
    insert.run({ job_id, name, config, now });
    event.run({ job_id, now });
  });
  const app = new Hono();
  app.post('/api/v1/jobs', async (context) => {
    const { name, config } = await context.req.json();
    const job_id = newId();
    create.immediate(job_id, name, JSON.stringify(config));
    return context.json({ job_id, status: 'waiting' }, 201);
  });
  app.get('/api/v1/jobs', (context) => context.json({ jobs: list.all() }));
  app.get('/api/v1/jobs/:job_id', (context) => {
    const job_id = context.req.param('job_id');
    const [executions, steps, depends_on] = ofJob.map((statement) => statement.all(job_id));
    return context.json({ ...(byId.get(job_id) as object), executions, steps, depends_on });
  });
  return { app, close: () => driver.close() };
};
