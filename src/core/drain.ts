// The line: pick, execute, record, again, until empty, limit or deadline.
import { createBudget } from './budget.ts';
import type { Clock } from './clock.ts';
import type { Registry } from './definition.ts';
import type { Emit } from './events.ts';
import { execute } from './execute.ts';
import type { ExecutionStatus, JobStatus, Pick as Picked } from './job.ts';
import type { Json } from './json.ts';
import { claimRequest, pick } from './pick.ts';
import { type RecordedExecution, record } from './record.ts';
import { resending } from './resend.ts';
import type { Outcome } from './retry.ts';
import type { Claim, Store } from './store.ts';

/** Why we woke, and until when. */
export interface Trigger {
  /** `cli`, `work`, `aws.scheduler`, … */
  source: string;
  /** the platform's id of this event, when it has one */
  id: string | null;
  /** milliseconds until the platform stops us; null = nobody will */
  time_left_ms: number | null;
}

export interface DrainOptions {
  /** executions at most; null = no limit */
  max_jobs: number | null;
  /** restricts the known types; null = all of them */
  job_types: string[] | null;
  priority: { min: number; max: number } | null;
  /** aborted by SIGTERM, SIGINT: running code is stopped and recorded `yielded` */
  interrupt: AbortSignal | null;
}

/** One execution of a drain, as people are told of it. */
export interface ExecutionSummary {
  job_id: string;
  name: string;
  job_type: string;
  execution_id: string;
  lock_epoch: number;
  status: ExecutionStatus;
  /** null when the lock was lost: then someone else decides */
  job_status: JobStatus | null;
  duration_seconds: number;
  result: Json;
  error_message: string | null;
  retry_in_seconds: number | null;
}

export interface Tally {
  picked: number;
  outcomes: Partial<Record<ExecutionStatus, number>>;
  /** expired locks of other executions that were released on the way */
  released: number;
  stopped: 'empty' | 'limit' | 'deadline' | 'interrupted';
  duration_seconds: number;
  /** seconds until the next job falls due, when it stopped because it was empty */
  next_due_seconds: number | null;
  /** the first 1,000 executions */
  executions: ExecutionSummary[];
}

export interface DrainDeps {
  store: Store;
  registry: Registry;
  clock: Clock;
  /** in [0, 1) */
  random: () => number;
  newId: () => string;
  instance_id: string;
  /** minutes a lock lasts; null = chosen from the time left */
  lock_duration: number | null;
  emit: Emit;
}

/** Executions kept in the tally; a drain may do many more. */
const KEPT_EXECUTIONS = 1000;
/** How long a store that does not answer is asked again, when no deadline is nearer. */
const PATIENCE_MS = 30_000;

export const emptyTally = (): Tally => ({
  picked: 0,
  outcomes: {},
  released: 0,
  stopped: 'empty',
  duration_seconds: 0,
  next_due_seconds: null,
  executions: [],
});

const summarise = (
  { job, fence }: Picked,
  outcome: Outcome,
  { verdict }: RecordedExecution,
  duration_seconds: number,
): ExecutionSummary => {
  const { job_id, name, job_type } = job;
  const { execution_id, lock_epoch } = fence;
  const of = { job_id, name, job_type, execution_id, lock_epoch, duration_seconds };
  if (verdict === null) {
    const reason =
      outcome.status === 'lost' ? outcome.reason : 'the lock was lost before recording';
    const nothing = { job_status: null, result: null, retry_in_seconds: null };
    return { ...of, ...nothing, status: 'lost', error_message: reason };
  }
  const { status, job_status, result, error, delay_seconds } = verdict;
  const retry_in_seconds = job_status === 'waiting' ? delay_seconds : null;
  return {
    ...of,
    status,
    job_status,
    result,
    error_message: error?.message ?? null,
    retry_in_seconds,
  };
};

const count = (tally: Tally, summary: ExecutionSummary): void => {
  tally.picked += 1;
  tally.outcomes[summary.status] = (tally.outcomes[summary.status] ?? 0) + 1;
  if (tally.executions.length < KEPT_EXECUTIONS) tally.executions.push(summary);
};

/**
 * One drain. n jobs cost n + 1 calls of the store: the first pick, then one record-and-pick each.
 * Throws StoreUnavailableError when the store stays out of reach; what was not recorded then is left
 * to the expiry of its lock.
 */
export const drain = async (
  trigger: Trigger,
  options: DrainOptions,
  deps: DrainDeps,
): Promise<Tally> => {
  const { registry, clock, random, emit, instance_id } = deps;
  const { interrupt, max_jobs } = options;
  const began = clock.now();
  const budget = createBudget(clock, trigger.time_left_ms, deps.lock_duration);
  const patienceMs = () => Math.min(PATIENCE_MS, budget.left());
  const store = resending(deps.store, { clock, random, emit, patienceMs });
  const asking = { ...deps, job_types: registry.types };
  const tally = emptyTally();
  let executions = 0;

  const mayPick = (): boolean => {
    if (interrupt?.aborted) tally.stopped = 'interrupted';
    else if (!budget.mayPick()) tally.stopped = 'deadline';
    else if (max_jobs !== null && executions >= max_jobs) tally.stopped = 'limit';
    else return true;
    return false;
  };
  const request = () => claimRequest(trigger, options, budget, asking);
  const receive = (claim: Claim | null): Picked | undefined => {
    for (const { instance_id: held_by, ...released } of claim?.released ?? []) {
      tally.released += 1;
      emit({ event: 'lock.released', held_by, ...released });
    }
    const next = claim?.picks[0];
    if (claim !== null && next === undefined) {
      tally.stopped = 'empty';
      tally.next_due_seconds = claim.next_due_seconds;
    }
    return next;
  };

  emit({ event: 'drain.started', instance_id, trigger: trigger.source });
  let picked = mayPick() ? receive(await pick(request(), store)) : undefined;
  while (picked !== undefined) {
    const { job, fence } = picked;
    const of = { ...fence, name: job.name, job_type: job.job_type };
    emit({ event: 'job.picked', ...of, current_retries: job.current_retries });
    const started = clock.now();
    const definition = registry.get(job.job_type);
    if (definition === undefined) throw new Error(`picked ${job.job_type}, which nobody asked for`);
    const executed = await execute(picked, definition, { store, clock, budget, interrupt, emit });
    executions += 1;
    const next = mayPick() ? request() : null;
    const recorded = await record(picked, executed, store, random(), next);
    const duration = (clock.now() - started) / 1000;
    const summary = summarise(picked, executed.outcome, recorded, duration);
    count(tally, summary);
    const { status, job_status, duration_seconds, error_message, retry_in_seconds } = summary;
    if (job_status === null) emit({ event: 'job.lost', ...of, reason: error_message ?? '' });
    else {
      const said = { status, job_status, duration_seconds, error_message, retry_in_seconds };
      emit({ event: 'job.recorded', ...of, ...said });
    }
    picked = receive(recorded.claim);
  }
  tally.duration_seconds = (clock.now() - began) / 1000;
  const { stopped, duration_seconds } = tally;
  emit({ event: 'drain.stopped', picked: tally.picked, stopped, duration_seconds });
  return tally;
};
