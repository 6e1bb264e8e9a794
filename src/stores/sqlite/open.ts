// The SQLite store: the port over one file, shared by any number of processes of one machine.
import { existsSync } from 'node:fs';
import type { Claim, ClaimRequest } from '../../core/claim.ts';
import type { Store } from '../../core/store.ts';
import { SchemaError } from '../../errors.ts';
import { alertTold } from './alerts.ts';
import { claim } from './claim.ts';
import { createJobs } from './create.ts';
import { type Database, type DatabaseOptions, openDatabase } from './database.ts';
import { heartbeat, saveProgress, saveStep } from './fenced.ts';
import { importHistory } from './history.ts';
import { listJobs } from './lists.ts';
import { checkSchema, schemaVersion } from './migrate.ts';
import { getPapers, savePapers } from './papers.ts';
import { getJob, listEvents, listSteps } from './read.ts';
import { recordExecutions } from './record.ts';
import { releaseExpired } from './release.ts';
import { moveSchedule } from './schedules/move.ts';
import { planSchedules } from './schedules/plan.ts';
import { getSchedule, listSchedules } from './schedules/read.ts';
import { saveSchedules } from './schedules/save.ts';
import { triggerSchedule } from './schedules/trigger.ts';
import { stats } from './stats.ts';
import { deleteJob, moveJob } from './steer.ts';
import { takeTurn } from './throttle.ts';
import { timeline } from './timeline.ts';
import { inspect, prune, vacuum } from './upkeep.ts';

/** Carries the answer out of a transaction that is rolled back on purpose. */
class Preview {
  readonly claim: Claim;

  constructor(answer: Claim) {
    this.claim = answer;
  }
}

// The real claim, undone: a preview cannot drift from what a claim does.
const previewClaim = async (database: Database, request: ClaimRequest): Promise<Claim> => {
  try {
    return await database.write((now) => {
      throw new Preview(claim(database, now, request));
    });
  } catch (thrown) {
    if (thrown instanceof Preview) return thrown.claim;
    throw thrown;
  }
};

const assemble = (database: Database): Store => ({
  claimJobs: (request) => database.write((now) => claim(database, now, request)),
  recordExecutions: (records, next) => recordExecutions(database, records, next),
  previewClaim: (request) => previewClaim(database, request),
  heartbeat: (fence, lock_seconds, logs) => heartbeat(database, fence, lock_seconds, logs),
  saveStep: (fence, step) => saveStep(database, fence, step),
  saveProgress: (fence, progress) => saveProgress(database, fence, progress),
  listSteps: (job_id) => listSteps(database, job_id),
  takeTurn: (key, seconds, longest) => takeTurn(database, key, seconds, longest),
  createJobs: (jobs) => createJobs(database, jobs),
  moveJob: (job_id, move) => moveJob(database, job_id, move),
  deleteJob: (job_id) => deleteJob(database, job_id),
  getJob: (job_id) => getJob(database, job_id),
  listJobs: (filter) => listJobs(database, filter),
  listEvents: (job_id, after, limit) => listEvents(database, job_id, after, limit),
  stats: () => stats(database),
  timeline: (request) => timeline(database, request),
  planSchedules: (plans) => planSchedules(database, plans),
  saveSchedules: (writes) => saveSchedules(database, writes),
  moveSchedule: (schedule_id, move) => moveSchedule(database, schedule_id, move),
  triggerSchedule: (trigger) => triggerSchedule(database, trigger),
  getSchedule: (id_or_name, slots) => getSchedule(database, id_or_name, slots),
  listSchedules: (filter) => listSchedules(database, filter),
  alertTold: (subject, since) => alertTold(database, subject, since),
  importHistory: (executions) => importHistory(database, executions),
  releaseExpired: (limit) => database.write((now) => releaseExpired(database, now, limit)),
  prune: (request) => prune(database, request),
  vacuum: () => vacuum(database),
  inspect: () => inspect(database),
  savePapers: (job_id, papers) => savePapers(database, job_id, papers),
  getPapers: (arxiv_ids) => getPapers(database, arxiv_ids),
  close: async () => database.close(),
});

/**
 * Opens a file that `cloud-jobs init` has made.
 * Throws SchemaError when the tables are missing, older or newer, StoreUnavailableError when the
 * file cannot be used. Every commit is on the disk before its call resolves (synchronous = FULL).
 */
export const openSqlite = async (path: string, options: DatabaseOptions = {}): Promise<Store> => {
  if (!existsSync(path)) {
    const message = `There is no database at ${path}: run \`cloud-jobs init\`.`;
    throw new SchemaError('schema_missing', message);
  }
  const database = openDatabase(path, options);
  try {
    await database.alone(() => {
      database.exec(
        'PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA cache_size = -16000;',
      );
      checkSchema(schemaVersion(database), path);
    });
  } catch (error) {
    database.close();
    throw error;
  }
  return assemble(database);
};
