// What a job is: who asked for it, when, and with what.
import type { JobDetailAnswer } from '../../client/client.ts';
import { duration } from '../../core/lengths.ts';
import { Facts } from '../parts/facts.tsx';
import { isEmpty, JsonBlock } from '../parts/json_text.tsx';
import { Time } from '../parts/time.tsx';
import { Part } from '../parts/view.tsx';
import { hrefOf, scheduleHref } from '../shell/place.ts';

const timeOf = (at: string | null, aged = true) => at && <Time at={at} aged={aged} />;

const retries = ({ current_retries, max_retries, ...job }: JobDetailAnswer): string =>
  max_retries === 0
    ? 'none'
    : `${current_retries} of ${max_retries} used, ${job.retry_delay_seconds} s apart, ${job.retry_backoff}`;

const schedule = ({ schedule: made }: JobDetailAnswer) =>
  made && (
    <>
      <a href={scheduleHref(made.schedule_id)}>{made.name}</a>
      {made.slot_at !== null && (
        <>
          , for <Time at={made.slot_at} />
        </>
      )}
    </>
  );

const lock = ({ locked_by, lock_expires_at }: JobDetailAnswer) =>
  locked_by && (
    <>
      {locked_by}
      {lock_expires_at !== null && (
        <>
          , until <Time at={lock_expires_at} short aged />
        </>
      )}
    </>
  );

export const JobFacts = ({ job }: { job: JobDetailAnswer }) => (
  <div class="card">
    <Facts
      facts={[
        ['Id', <code class="id">{job.job_id}</code>],
        ['Type', <a href={hrefOf(['jobs'], { type: job.job_type })}>{job.job_type}</a>],
        ['Description', job.description],
        ['Schedule', schedule(job)],
        ['Held by', lock(job)],
        ['Run at', timeOf(job.run_at)],
        ['Created', timeOf(job.created_at)],
        ['Finished', timeOf(job.finished_at)],
        ['Told to stop', timeOf(job.cancel_requested_at)],
        ['Asked by', job.actor],
        ['Asked from', job.source_ip],
        ['Priority', String(job.priority)],
        ['Retries', retries(job)],
        ['Timeout', job.timeout_seconds === null ? null : duration(job.timeout_seconds)],
        ['Unique key', job.unique_key],
      ]}
    />
  </div>
);

/** Config always, metadata where there are any. */
export const JobJson = ({ job: { config, metadata } }: { job: JobDetailAnswer }) => (
  <>
    <Part title="Config">
      <JsonBlock value={config} />
    </Part>
    {!isEmpty(metadata) && (
      <Part title="Metadata">
        <JsonBlock value={metadata} />
      </Part>
    )}
  </>
);
