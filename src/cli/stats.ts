// How `stats` tells of the store.

import { jobStatuses } from '../core/job.ts';
import { duration } from '../core/lengths.ts';
import type { Stats } from '../core/upkeep.ts';
import { count, oneLine, statusWord } from './format.ts';
import type { Output } from './output.ts';

const dueSentence = ({ count: amount, oldest_seconds }: Stats['due']): string => {
  if (amount === 0) return 'Nothing is due.';
  const since = oldest_seconds === null ? '' : `, the oldest for ${duration(oldest_seconds)}`;
  return `${count(amount, 'job')} due${since}.`;
};

export const printStats = async (output: Output, stats: Stats): Promise<void> => {
  const { paint } = output;
  const used = jobStatuses.filter((status) => stats.jobs[status] > 0);
  if (used.length === 0) {
    output.line('No jobs yet.');
    return;
  }
  output.line(dueSentence(stats.due));
  output.line(`\n${paint.bold('Jobs')}`);
  const types = [...new Set(stats.types.map(({ job_type }) => job_type))].sort();
  const cell = (amount: number) => (amount === 0 ? '' : String(amount));
  const countOf = (type: string, status: string) =>
    stats.types.find((row) => row.job_type === type && row.status === status)?.count ?? 0;
  await output.table(
    ['type', ...used.map((status) => statusWord(paint, status))],
    [
      ...types.map((type) => [
        oneLine(type, 30),
        ...used.map((status) => cell(countOf(type, status))),
      ]),
      [paint.bold('all'), ...used.map((status) => String(stats.jobs[status]))],
    ],
  );
  output.line(`\n${paint.bold('Executions of the last 24 hours')}`);
  if (stats.executions.length === 0) {
    output.line('none');
    return;
  }
  await output.table(
    ['status', 'count', 'average'],
    stats.executions.map((row) => [
      statusWord(paint, row.status),
      String(row.count),
      duration(row.average_seconds),
    ]),
  );
};
