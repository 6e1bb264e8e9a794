// The port over the SQL functions of sql/postgres: Postgres and Supabase alike. Each method is one
// call by name; who carries it (a driver, HTTP) knows nothing of jobs.

import type { ClaimRequest } from '../core/claim.ts';
import { type Fence, type Job, type Move, moves } from '../core/job.ts';
import type {
  CreatedJob,
  ExecutionRecord,
  JobFilter,
  Moved,
  NewJob,
  StepWrite,
  Store,
} from '../core/store.ts';
import { isKept } from '../core/text.ts';
import type { PruneCounts, Stats, Timeline, TimelineRequest } from '../core/upkeep.ts';
import {
  type CreateAnswer,
  type DetailAnswer,
  type HoldAnswer,
  type InspectAnswer,
  type MoveAnswer,
  type RecordAnswer,
  toAlert,
  toClaim,
  toDetail,
  toHold,
  toStats,
  toTimeline,
} from './answers.ts';
import { scheduleFunctions } from './functions/schedules.ts';
import { POSTGRES_SCHEMA_VERSION } from './postgres/schema.ts';
import { checkStatus } from './refusals.ts';
import { toEvent, toJob, toPaper, toStep } from './rows.ts';

/** JSON text is sent as `{ json }`, to tell a JSON array from an array of texts. */
export type Argument = string | number | boolean | null | string[] | { json: unknown };

type Arguments = Record<string, Argument>;

/** How the methods of the port call functions; the version of the tables goes with each. */
export interface Calls {
  call<Answer>(name: string, args?: Arguments): Promise<Answer>;
  /** The same, but a text that Postgres cannot keep names `nothing`: it would refuse the question itself. */
  ask<Answer>(
    text: string | undefined,
    nothing: Answer,
    name: string,
    args: Arguments,
  ): Promise<Answer>;
}

export interface Carrier {
  /** the store in words, without secrets: `Postgres database jobs at db.example.com` */
  where: string;
  /** Calls a function of sql/postgres with named arguments and answers its JSON. */
  call(name: string, args: Arguments): Promise<unknown>;
  /** Gives freed space back, as far as that can be asked for. */
  vacuum(): Promise<void>;
  close(): Promise<void>;
}

export interface CarrierOptions {
  /** milliseconds after which a call that is not answered counts as lost */
  answer_within_ms?: number;
}

/** What a column of cloud_jobs holds when create_jobs is not told otherwise. */
const DEFAULTS: Record<string, unknown> = {
  description: null,
  priority: 0,
  run_at: null,
  max_retries: 3,
  retry_delay_seconds: 30,
  retry_backoff: 'exponential',
  timeout_seconds: null,
  unique_key: null,
  actor: null,
  source_ip: null,
};

const claimArguments = ({ priority, fits, ...request }: ClaimRequest) => ({
  ...request,
  ...(priority && { priority_min: priority.min, priority_max: priority.max }),
  ...(fits && { fits_seconds: fits.seconds, fits_share: fits.share }),
});

const fenceArguments = ({ job_id, execution_id, lock_epoch }: Fence) => ({
  job_id,
  execution_id,
  lock_epoch,
});

const recordArguments = ({ fence, ...record }: ExecutionRecord) => ({ ...fence, ...record });

const byJobId = (records: ExecutionRecord[], a: number, b: number): number => {
  const [one, other] = [records[a]?.fence.job_id ?? '', records[b]?.fence.job_id ?? ''];
  return one < other ? -1 : Number(one > other);
};

const stepArguments = (step: StepWrite): Arguments => ({
  name: step.name,
  step_order: step.step_order,
  status: step.status,
  ...(step.status === 'failed' && { detail: step.detail }),
  ...(step.status === 'success' && { output: { json: step.output } }),
});

/** Without what create_jobs fills in by itself: of ten thousand jobs, most of what there is to parse. */
const sparseJob = ({ depends_on, ...job }: NewJob) => {
  const given = Object.entries(job).filter(
    ([key, value]) => key === 'config' || key === 'metadata' || value !== DEFAULTS[key],
  );
  return { ...Object.fromEntries(given), ...(depends_on.length > 0 && { depends_on }) };
};

/** Everything not named in the answer was created as `waiting`. */
const createdJobs = (jobs: NewJob[], { existing, blocked }: CreateAnswer): CreatedJob[] => {
  const found = new Map(existing.map((one) => [one.place, one]));
  const waits = new Set(blocked);
  return jobs.map(({ job_id }, place) => {
    const there = found.get(place);
    if (there) return { job_id: there.job_id, status: there.status, created: false };
    return { job_id, status: waits.has(job_id) ? 'blocked' : 'waiting', created: true };
  });
};

const toMoved = (answer: MoveAnswer | null): Moved | null =>
  answer && { moved: answer.moved, job: toJob(answer.job), reason: answer.reason };

const callsOf = (carrier: Carrier): Calls => {
  const call: Calls['call'] = <Answer>(name: string, args: Arguments = {}) =>
    carrier.call(name, { schema_version: POSTGRES_SCHEMA_VERSION, ...args }) as Promise<Answer>;
  return {
    call,
    ask: async (text, nothing, name, args) =>
      text === undefined || isKept(text) ? call(name, args) : nothing,
  };
};

export const functionStore = (carrier: Carrier): Store => {
  const calls = callsOf(carrier);
  const { call, ask } = calls;
  return {
    ...scheduleFunctions(calls),
    claimJobs: async (request) => toClaim(await call('claim_jobs', claimArguments(request))),
    previewClaim: async (request) => toClaim(await call('preview_claim', claimArguments(request))),
    recordExecutions: async (records, next) => {
      // In order of job_id, so that two batches never wait for each other in a circle.
      const order = records.map((_, at) => at).sort((a, b) => byJobId(records, a, b));
      const answer = await call<RecordAnswer>('record_executions', {
        records: { json: order.map((at) => recordArguments(records[at] as ExecutionRecord)) },
        ...(next && claimArguments(next)),
      });
      const { job_statuses: told, claim, alerts } = answer;
      const job_statuses = records.map((_, at) => told[order.indexOf(at)] ?? null);
      return {
        verdicts: job_statuses.map((status) => (status === null ? 'lost' : 'recorded')),
        job_statuses,
        claim: claim && toClaim(claim),
        alerts: alerts.map(toAlert),
      };
    },
    heartbeat: async (fence, lock_seconds, logs) => {
      const args = { ...fenceArguments(fence), lock_seconds, logs: { json: logs } };
      return toHold(await call<HoldAnswer>('heartbeat_job', args));
    },
    saveStep: async (fence, step) =>
      toHold(await call('save_step', { ...fenceArguments(fence), ...stepArguments(step) })),
    saveProgress: async (fence, { percent, message }) => {
      const progress = { json: { percent, message } };
      return toHold(await call('save_progress', { ...fenceArguments(fence), progress }));
    },
    listSteps: async (job_id) =>
      (await ask<unknown[]>(job_id, [], 'list_steps', { job_id })).map(toStep),
    takeTurn: (key, seconds, longest = Number.POSITIVE_INFINITY) => {
      const longest_wait_seconds = Number.isFinite(longest) ? longest : null;
      return call('take_turn', { key, seconds, longest_wait_seconds });
    },
    createJobs: async (jobs) => {
      const json = jobs.map(sparseJob);
      return createdJobs(jobs, await call<CreateAnswer>('create_jobs', { jobs: { json } }));
    },
    moveJob: async (job_id, move: Move) => {
      const { from, to } = moves[move];
      const args = { job_id, move, from_statuses: [...from], to_status: to };
      return toMoved(await ask<MoveAnswer | null>(job_id, null, 'move_job', args));
    },
    deleteJob: async (job_id) =>
      toMoved(await ask<MoveAnswer | null>(job_id, null, 'delete_job', { job_id })),
    getJob: async (job_id) => {
      const detail = await ask<DetailAnswer | null>(job_id, null, 'get_job', { job_id });
      return detail && toDetail(detail);
    },
    listJobs: async ({ status, job_type, before, limit }: JobFilter): Promise<Job[]> => {
      const filter = {
        ...(status && { status: checkStatus(status) }),
        ...(job_type && { job_type }),
        ...(before !== undefined && { before }),
      };
      const texts = [job_type, before].join(' ');
      return (await ask<unknown[]>(texts, [], 'list_jobs', { limit, ...filter })).map(toJob);
    },
    listEvents: async (job_id, after, limit) =>
      (await ask<unknown[]>(job_id, [], 'list_events', { job_id, after, limit })).map(toEvent),
    stats: async (): Promise<Stats> => toStats(await call('job_stats')),
    timeline: async ({ bucket_seconds, buckets }: TimelineRequest): Promise<Timeline> =>
      toTimeline(await call('job_timeline', { bucket_seconds, buckets })),
    importHistory: (executions) => call('import_history', { executions: { json: executions } }),
    releaseExpired: (limit) => call('release_expired_jobs', { limit }),
    prune: ({ older_than_days, executions, jobs, limit }) =>
      call<PruneCounts>('prune_jobs', { older_than_days, executions, jobs, limit }),
    vacuum: () => carrier.vacuum(),
    inspect: async () => {
      const seen = await call<InspectAnswer>('inspect_jobs');
      return { ...seen, store: carrier.where, now: new Date(seen.now) };
    },
    savePapers: (job_id, papers) => call('save_papers', { job_id, papers: { json: papers } }),
    getPapers: async (arxiv_ids) =>
      (await call<unknown[]>('get_papers', { arxiv_ids })).map(toPaper),
    close: () => carrier.close(),
  };
};
