// How many jobs there are, by status, and what is due.
import type { StatsAnswer } from '../../client/client.ts';
import { jobStatuses } from '../../core/job.ts';
import { duration } from '../../core/lengths.ts';
import { Status } from '../parts/status.tsx';
import { Table } from '../parts/table.tsx';
import { hrefOf } from '../shell/place.ts';
import { count } from '../words.ts';

export const Counts = ({ jobs }: Pick<StatsAnswer, 'jobs'>) => (
  <ul class="counts">
    {jobStatuses.map((status) => (
      <li key={status}>
        <a href={hrefOf(['jobs'], { status })}>
          <strong>{jobs[status].toLocaleString('en')}</strong>
          <Status of={status} />
        </a>
      </li>
    ))}
  </ul>
);

export const Due = ({ due }: Pick<StatsAnswer, 'due'>) => (
  <p class="due">
    {due.oldest_seconds === null || due.count === 0
      ? 'Nothing is due.'
      : `${count(due.count, 'job')} due, the oldest for ${duration(due.oldest_seconds)}.`}
  </p>
);

/** One row for each type, the largest first. */
export const Types = ({ types }: Pick<StatsAnswer, 'types'>) => {
  const names = [...new Set(types.map(({ job_type }) => job_type))];
  const seen = jobStatuses.filter((status) => types.some((each) => each.status === status));
  const rows = names.map((job_type) => {
    const own = types.filter((each) => each.job_type === job_type);
    const amount = (status: string) => own.find((each) => each.status === status)?.count ?? 0;
    const all = own.reduce((sum, each) => sum + each.count, 0);
    return { job_type, all, amounts: seen.map((status) => ({ status, amount: amount(status) })) };
  });
  return (
    <Table
      caption="Jobs by type"
      columns={[
        { name: 'Type' },
        ...seen.map((status) => ({ name: status, number: true })),
        { name: 'All', number: true },
      ]}
      rows={rows
        .sort((one, other) => other.all - one.all)
        .map(({ job_type, all, amounts }) => ({
          key: job_type,
          cells: [
            <a href={hrefOf(['jobs'], { type: job_type })}>{job_type}</a>,
            ...amounts.map(({ status, amount }) =>
              amount === 0 ? (
                <span class="dim">0</span>
              ) : (
                <a href={hrefOf(['jobs'], { type: job_type, status })}>
                  {amount.toLocaleString('en')}
                </a>
              ),
            ),
            all.toLocaleString('en'),
          ],
        }))}
    />
  );
};
