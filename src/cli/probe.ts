// A job of a throw-away type that goes once through the whole port.
import { randomUUID } from 'node:crypto';
import type { NewJob } from '../core/store.ts';
import type { Runner } from '../runner.ts';

const LOCK_SECONDS = 30;

const probeJob = (job_id: string, job_type: string): NewJob => ({
  job_id,
  name: 'doctor probe',
  job_type,
  config: {},
  description: 'made by `cloud-jobs doctor`, which deletes it again',
  priority: 0,
  run_at: null,
  max_retries: 0,
  retry_delay_seconds: 0,
  retry_backoff: 'fixed',
  timeout_seconds: null,
  unique_key: null,
  actor: 'doctor',
  source_ip: null,
  metadata: {},
  depends_on: [],
});

const goThrough = async (
  { store, settings }: Runner,
  job_id: string,
  job_type: string,
): Promise<string | null> => {
  const execution_id = randomUUID();
  const { picks } = await store.claimJobs({
    instance_id: settings.instance_id,
    job_types: [job_type],
    execution_ids: [execution_id],
    lock_seconds: LOCK_SECONDS,
    trigger: 'doctor',
  });
  const [pick] = picks;
  if (!pick) return 'the job that was created could not be picked';
  const record = { status: 'success', job_status: 'success', result: { probe: true } } as const;
  const nothing = { stretch_seconds: null, error: null, logs: [], alert: null };
  const rest = { delay_seconds: 0, retry_used: false, ...nothing };
  const { verdicts } = await store.recordExecutions([{ fence: pick.fence, ...record, ...rest }]);
  if (verdicts[0] !== 'recorded') return 'the outcome of the picked job could not be recorded';
  const detail = await store.getJob(job_id);
  const kept = detail?.executions.find((execution) => execution.execution_id === execution_id);
  return kept?.status === 'success' ? null : 'the recorded execution does not read back';
};

/**
 * Creates, picks, records and deletes one job; answers what went wrong, or null. Its type is its
 * own, so no other instance can pick it. If the process or the store dies here, a job named
 * `doctor probe` stays and `doctor` lists its type as unknown.
 */
export const probe = async (runner: Runner): Promise<string | null> => {
  const job_id = randomUUID();
  const job_type = `doctor-probe-${job_id.slice(0, 8)}`;
  await runner.store.createJobs([probeJob(job_id, job_type)]);
  const fault = await goThrough(runner, job_id, job_type);
  const deleted = await runner.store.deleteJob(job_id);
  return fault ?? (deleted?.moved ? null : 'the job that was recorded could not be deleted');
};
