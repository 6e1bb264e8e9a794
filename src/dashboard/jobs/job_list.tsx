// Jobs, newest first, page by page; looked at again every few seconds.
import type { JobAnswer } from '../../client/client.ts';
import { type JobStatus, jobStatuses } from '../../core/job.ts';
import { Fault } from '../parts/notice.tsx';
import { Status } from '../parts/status.tsx';
import { Table } from '../parts/table.tsx';
import { Time } from '../parts/time.tsx';
import { View } from '../parts/view.tsx';
import { useLoaded } from '../shell/loaded.ts';
import { hrefOf, jobHref } from '../shell/place.ts';
import { JobFilters } from './job_filters.tsx';

const REFRESH_MS = 5000;
const PAGE = 50;

const columns = [
  { name: 'Name' },
  { name: 'Status' },
  { name: 'Type', wide: true },
  { name: 'Priority', wide: true, number: true },
  { name: 'Run at', wide: true },
  { name: 'Changed' },
];

const rowOf = (job: JobAnswer) => ({
  key: job.job_id,
  cells: [
    <>
      <a href={jobHref(job.job_id)}>{job.name}</a>
      <span class="under narrow-only">{job.job_type}</span>
    </>,
    <>
      <Status of={job.status} />
      {job.status === 'locked' && job.progress !== null && (
        <span class="under">{Math.round(job.progress.percent)} %</span>
      )}
    </>,
    job.job_type,
    String(job.priority),
    <Time at={job.run_at} short />,
    <Time at={job.updated_at} short />,
  ],
});

const statusOf = (word: string | null): JobStatus | undefined =>
  jobStatuses.find((status) => status === word);

export const JobList = ({ query }: { query: URLSearchParams }) => {
  const status = statusOf(query.get('status'));
  const job_type = query.get('type') ?? undefined;
  const before = query.get('before') ?? undefined;
  const { value, sentence } = useLoaded(
    (client, signal) => client.jobs.list({ status, job_type, before, limit: PAGE }, { signal }),
    query.toString(),
    REFRESH_MS,
  );
  const filter = { status: status ?? null, type: job_type ?? null };
  const last = value?.next === null ? undefined : value?.jobs.at(-1)?.job_id;
  return (
    <View
      title="Jobs"
      beside={
        <a class="button primary" href={hrefOf(['jobs', 'new'])}>
          Create a job
        </a>
      }
    >
      <JobFilters status={filter.status} job_type={filter.type} />
      <Fault sentence={sentence} />
      {value && value.jobs.length === 0 && (
        <p class="card empty">{before ? 'No older jobs.' : 'No jobs of this kind.'}</p>
      )}
      {value && value.jobs.length > 0 && (
        <Table caption="Jobs" columns={columns} rows={value.jobs.map(rowOf)} />
      )}
      <nav class="pages" aria-label="Pages">
        {before !== undefined && <a href={hrefOf(['jobs'], filter)}>Newest</a>}
        {last !== undefined && <a href={hrefOf(['jobs'], { ...filter, before: last })}>Older</a>}
      </nav>
    </View>
  );
};
