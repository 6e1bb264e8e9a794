// Finished jobs that are old: found kind by kind, as their index has them, and deleted oldest first.
import type { Database, Params } from './database.ts';

const NEXT_KIND = `
  SELECT job_type, status FROM cloud_jobs INDEXED BY cloud_jobs_finished
  WHERE finished_at IS NOT NULL AND (job_type, status) > (:job_type, :status)
  ORDER BY job_type, status LIMIT 1`;

/** The types and statuses that finished jobs have: a step in the index each. */
const kindsOf = (database: Database): Params[] => {
  const kinds: Params[] = [];
  let kind: Params = { job_type: '', status: '' };
  for (;;) {
    const next = database.get(NEXT_KIND, kind);
    if (next === undefined) return kinds;
    kind = { job_type: String(next.job_type), status: String(next.status) };
    kinds.push(kind);
  }
};

// A job that is not a success is kept while any job depends on it: with the row the dependency
// would go too, and the dependent would run as if it had been met.
const OLD = `
  SELECT j.seq, j.finished_at FROM cloud_jobs j INDEXED BY cloud_jobs_finished
  WHERE j.job_type = :job_type AND j.status = :status AND j.finished_at < :before
    AND (j.status = 'success'
      OR NOT EXISTS (SELECT 1 FROM cloud_job_dependencies d WHERE d.depends_on = j.job_id))
  ORDER BY j.finished_at LIMIT :limit`;

const DELETE = 'DELETE FROM cloud_jobs WHERE seq IN (SELECT value FROM json_each(:seqs))';

/** Deletes at most `limit` that finished before that time, with all their rows; answers how many. */
export const pruneJobs = (database: Database, before: string, limit: number): number => {
  const old = kindsOf(database)
    .flatMap((kind) => database.all(OLD, { ...kind, before, limit }))
    .map(({ seq, finished_at }) => ({ seq: Number(seq), finished_at: String(finished_at) }))
    .sort((a, b) => (a.finished_at < b.finished_at ? -1 : Number(a.finished_at > b.finished_at)));
  const seqs = JSON.stringify(old.slice(0, limit).map(({ seq }) => seq));
  return database.run(DELETE, { seqs });
};
