// A worker and a manager as they were written for the earlier set-up: they call its function, and
// write the rest into the tables by themselves.
import { randomUUID } from 'node:crypto';
import { createClient } from '@supabase/supabase-js';

export interface EarlierPick {
  job_id: string;
  execution_id: string;
  current_retries: number;
  max_retries: number;
}

export interface EarlierEnd {
  status: 'success' | 'failed' | 'waiting';
  result?: object;
  error_message?: string;
}

const client = (url: string, key: string) =>
  createClient(url, key, {
    auth: { persistSession: false, autoRefreshToken: false },
    realtime: { transport: class {} as never },
  });

/** How many rows were written, or that the write was refused because it came too late. */
export type Written = number | 'too late';

const written = async (asked: PromiseLike<{ error: unknown; data: unknown[] | null }>) => {
  const { error, data } = await asked;
  if (error && (error as { code?: string }).code === 'CJ006') return 'too late';
  if (error) throw error;
  return data?.length ?? 0;
};

const now = () => new Date().toISOString();

/** Throws what a worker would have seen as an error. */
const sure = async <Answer extends { error: unknown }>(
  asked: PromiseLike<Answer>,
): Promise<Answer> => {
  const answer = await asked;
  if (answer.error) throw answer.error;
  return answer;
};

export const earlierWorker = (url: string, key: string, instance_id: string) => {
  const api = client(url, key);

  /** The execution of a pick, under an id of the worker's own. */
  const begin = async (job: Omit<EarlierPick, 'execution_id'>): Promise<EarlierPick> => {
    const execution_id = randomUUID();
    const row = { execution_id, job_id: job.job_id, status: 'running', started_at: now() };
    await sure(api.from('cloud_job_executions').insert({ ...row, instance_id }));
    return { ...job, execution_id };
  };

  return {
    instance_id,
    begin,

    /** By the function; null = nothing to do. */
    pick: async (lock_duration_minutes = 30): Promise<EarlierPick | null> => {
      const args = { instance_id_param: instance_id, lock_duration_minutes };
      const { data } = await sure(api.rpc('get_next_available_job', args));
      return data.length === 0 ? null : begin(data[0]);
    },

    /** What the worker would take without the function; it looks, and then it writes. */
    look: async (): Promise<Omit<EarlierPick, 'execution_id'> | undefined> => {
      const waiting = api.from('cloud_jobs').select('*').eq('status', 'waiting');
      return (await sure(waiting.order('created_at').limit(1))).data?.[0];
    },
    lock: async (job_id: string, minutes = 30): Promise<Written> => {
      const lock_expires_at = new Date(Date.now() + minutes * 60_000).toISOString();
      const lock = { locked_at: now(), locked_by: instance_id, lock_expires_at };
      const update = api.from('cloud_jobs').update({ status: 'locked', ...lock });
      return written(update.eq('job_id', job_id).select());
    },

    /** Answers what came of its execution and of its job; a refusal it passes over. */
    end: async (
      { job_id, execution_id, current_retries }: EarlierPick,
      { status, result, error_message }: EarlierEnd,
    ): Promise<[Written, Written]> => {
      const ended = {
        status: status === 'success' ? 'success' : 'failed',
        finished_at: now(),
        duration_seconds: 1.5,
        result: result ?? {},
        error_message: error_message ?? null,
      };
      const executions = api.from('cloud_job_executions').update(ended);
      const first = await written(executions.eq('execution_id', execution_id).select());
      const job = {
        status,
        last_execution: now(),
        current_retries: status === 'success' ? current_retries : current_retries + 1,
        locked_at: null,
        locked_by: null,
        lock_expires_at: null,
      };
      const update = api.from('cloud_jobs').update(job).eq('job_id', job_id);
      return [first, await written(update.select())];
    },
  };
};

export type EarlierWorker = ReturnType<typeof earlierWorker>;

export const earlierManager = (url: string, key: string) => {
  const jobs = () => client(url, key).from('cloud_jobs');
  return {
    create: async (fields: object = {}): Promise<string> => {
      const job_id = randomUUID();
      const row = { job_id, name: 'by hand', job_type: 'custom', config: {}, status: 'waiting' };
      const more = { description: '', max_retries: 3, current_retries: 0, created_at: now() };
      await sure(jobs().insert({ ...row, ...more, ...fields }));
      return job_id;
    },
    set: async (job_id: string, fields: object): Promise<void> => {
      await sure(jobs().update(fields).eq('job_id', job_id));
    },
    remove: async (job_id: string): Promise<void> => {
      await sure(jobs().delete().eq('job_id', job_id));
    },
  };
};
