// Waiting until a job is over, hearing of it meanwhile.
import type { JobStatus } from '../core/job.ts';
import type { EventAnswer, JobDetailAnswer } from '../http/wire/answers.ts';
import type { Connection } from './connection.ts';
import { eventsOf } from './events.ts';
import { jobPath } from './paths.ts';
import { createWatch, pause } from './timers.ts';
import type { WaitOptions } from './types.ts';

const over: readonly JobStatus[] = ['success', 'failed', 'cancelled'];

/** Between two looks at a job that was said to be over, and was retried meanwhile. */
const LOOK_AGAIN_MS = 1000;

const tell = (event: EventAnswer, { onEvent, onProgress }: WaitOptions): void => {
  onEvent?.(event);
  const { kind, data } = event;
  if (kind !== 'progress' || typeof data !== 'object' || data === null || Array.isArray(data))
    return;
  const { percent, message } = data;
  if (typeof percent !== 'number') return;
  onProgress?.({ percent, message: typeof message === 'string' ? message : null });
};

export const waitFor = async (
  connection: Connection,
  job_id: string,
  options: WaitOptions,
): Promise<JobDetailAnswer> => {
  const watch = createWatch(connection.timers, options.signal);
  const { signal } = watch;
  if (options.timeout_ms !== undefined) watch.begin(options.timeout_ms);
  let after: number | undefined;
  try {
    for (;;) {
      for await (const event of eventsOf(connection, job_id, { after, signal })) {
        after = event.event_id;
        tell(event, options);
      }
      const job = await connection.ask<JobDetailAnswer>({
        method: 'GET',
        path: jobPath(job_id),
        signal,
      });
      if (over.includes(job.status)) return job;
      await pause(connection.timers, LOOK_AGAIN_MS, signal);
    }
  } finally {
    watch.end();
  }
};
