// The line: pick, execute, record, again, until empty, limit or deadline.
import { type Alerting, createTeller, type Teller } from './alerting.ts';
import { createBudget } from './budget.ts';
import type { Claim } from './claim.ts';
import type { Clock } from './clock.ts';
import type { Registry } from './definition.ts';
import type { Emit } from './events.ts';
import { execute } from './execute.ts';
import { hear } from './hear.ts';
import type { Pick as Picked } from './job.ts';
import { claimRequest, pick } from './pick.ts';
import { createPlanner } from './planner.ts';
import { record } from './record.ts';
import { ANSWER_MS, PATIENCE_MS, resending } from './resend.ts';
import type { Store } from './store.ts';
import { count, emptyTally, summarise, type Tally } from './tally.ts';
import type { DrainOptions, Trigger } from './trigger.ts';

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
  /** null = nobody is to be told of anything */
  alerting: Alerting | null;
  /** of several drains; each has its own otherwise, and waits for it */
  teller?: Teller;
  emit: Emit;
}

/**
 * One drain. n jobs cost n + 1 calls of the store: the first pick, then one record-and-pick each; where
 * plans of schedules are short, one more to write them, beside a job, or before a pick anew.
 * Throws StoreUnavailableError when the store stays out of reach; what was not recorded then is left
 * to the expiry of its lock; `tally` then holds what was done before.
 */
export const drain = async (
  trigger: Trigger,
  options: DrainOptions,
  deps: DrainDeps,
  tally = emptyTally(),
): Promise<Tally> => {
  const { registry, clock, random, emit, instance_id } = deps;
  const { interrupt, max_jobs } = options;
  const began = clock.now();
  const budget = createBudget(clock, trigger.time_left_ms, deps.lock_duration);
  const patienceMs = () => Math.min(PATIENCE_MS, budget.callLeft());
  const answerMs = ANSWER_MS;
  const store = resending(deps.store, { clock, random, emit, patienceMs, answerMs, interrupt });
  let executions = 0;
  let lockedUntil = began;
  let fresh = true;

  const mayPick = (): boolean => {
    if (interrupt?.aborted) tally.stopped = 'interrupted';
    else if (!budget.mayPick()) tally.stopped = 'deadline';
    else if (max_jobs !== null && executions >= max_jobs) tally.stopped = 'limit';
    else return true;
    return false;
  };
  const mayGoOn = () => !interrupt?.aborted && budget.mayPick();
  const planner = createPlanner(store, emit, { clock, mayGoOn });
  const request = () => {
    fresh = budget.isFresh();
    const asked = claimRequest(trigger, options, budget, deps);
    // Counted from before the first sending: the store cannot have granted less than that.
    lockedUntil = clock.now() + asked.lock_seconds * 1000;
    return asked;
  };
  const teller =
    deps.teller ?? createTeller(deps.alerting, { store, emit, timeLeftMs: budget.callLeft });
  const receive = async (claim: Claim | null): Promise<Picked | undefined> => {
    for (let heard = claim; heard !== null; ) {
      hear(heard, emit, tally, teller);
      planner.start(heard.to_plan);
      if (heard.picks[0] !== undefined) return heard.picks[0];
      // Without a job in hand: what is planned now may be due already.
      const changed = (await planner.finish()) || heard.more_slots;
      if (changed && mayPick()) heard = await pick(request(), store);
      else if (changed) break;
      else {
        tally.stopped = heard.too_long.length > 0 ? 'too_long' : 'empty';
        tally.next_due_seconds = heard.next_due_seconds;
        const left_seconds = budget.workLeft() / 1000;
        for (const type of heard.too_long) emit({ event: 'type.left', ...type, left_seconds });
        break;
      }
    }
    return undefined;
  };

  const executeOne = async (picked: Picked): Promise<Claim | null> => {
    const { job, fence } = picked;
    const of = { ...fence, name: job.name, job_type: job.job_type };
    emit({ event: 'job.picked', ...of, current_retries: job.current_retries });
    const started = clock.now();
    const definition = registry.get(job.job_type);
    const tools = { store, clock, budget, interrupt, emit, lockedUntil, fresh };
    const executed = await execute(picked, definition, tools);
    executions += 1;
    const next = mayPick() ? request() : null;
    const duration = (clock.now() - started) / 1000;
    const asked = { next, alert: teller.policy(duration) };
    const recorded = await record(picked, executed, store, random, asked);
    const summary = summarise(picked, executed.outcome, recorded, duration);
    count(tally, summary);
    const { status, job_status, duration_seconds, error_message, retry_in_seconds } = summary;
    if (job_status === null) emit({ event: 'job.lost', ...of, reason: error_message ?? '' });
    else {
      const said = { status, job_status, duration_seconds, error_message, retry_in_seconds };
      emit({ event: 'job.recorded', ...of, ...said });
    }
    teller.tellOf(recorded.alerts, picked, error_message);
    return recorded.claim;
  };

  emit({ event: 'drain.started', instance_id, trigger: trigger.source });
  try {
    let picked = mayPick() ? await receive(await pick(request(), store)) : undefined;
    while (picked !== undefined) picked = await receive(await executeOne(picked));
  } finally {
    // What could not be planned is found short by the next pick.
    await planner.finish().catch(() => false);
    // Whoever brought a teller along goes on with it.
    if (deps.teller === undefined) await teller.finish();
  }
  tally.duration_seconds = (clock.now() - began) / 1000;
  const { stopped, duration_seconds } = tally;
  emit({ event: 'drain.stopped', picked: tally.picked, stopped, duration_seconds });
  return tally;
};
