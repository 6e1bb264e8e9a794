// What the store tells, as text for Prometheus: all of it anew, so that nothing outlives its row.
import type { Registry } from 'prom-client';
import { executionStatuses, jobStatuses } from '../../core/job.ts';
import type { Prometheus } from './own_figures.ts';
import type { Reading } from './reading.ts';

type Sample = [labels: Record<string, string>, value: number];

const ended = executionStatuses.filter((status) => status !== 'running');
const decided = ['fired', 'skipped', 'missed', 'replaced'] as const;

const tell = (
  { Gauge }: Prometheus,
  registry: Registry,
  name: string,
  help: string,
  samples: Sample[],
): void => {
  const labelNames = Object.keys(samples[0]?.[0] ?? {});
  const gauge = new Gauge({ name: `cloud_jobs_${name}`, help, labelNames, registers: [registry] });
  for (const [labels, value] of samples) gauge.set(labels, value);
};

/** Every type that is known, in every status: a rule about one that has no job yet finds its zero. */
const jobsOf = ({ stats }: Reading, known: readonly string[]): Sample[] => {
  const types = new Set([...known, ...stats.types.map(({ job_type }) => job_type)]);
  return [...types].toSorted().flatMap((job_type) =>
    jobStatuses.map((status): Sample => {
      const found = stats.types.find((row) => row.job_type === job_type && row.status === status);
      return [{ job_type, status }, found?.count ?? 0];
    }),
  );
};

const byStatus = <Row extends { status: string }>(
  statuses: readonly string[],
  rows: Row[],
  figure: (rows: Row[]) => number,
): Sample[] =>
  statuses.map((status) => [{ status }, figure(rows.filter((row) => row.status === status))]);

const sum = (rows: { count: number }[]): number => rows.reduce((all, { count }) => all + count, 0);

/** null = the store could not tell. */
export const storeText = (
  prometheus: Prometheus,
  reading: Reading | null,
  known: readonly string[],
): Promise<string> => {
  const registry = new prometheus.Registry();
  const gauge = (name: string, help: string, samples: Sample[]) =>
    tell(prometheus, registry, name, help, samples);
  gauge('store_up', 'Whether the store answered this scrape.', [[{}, reading === null ? 0 : 1]]);
  if (reading === null) return registry.metrics();
  const { stats, timeline } = reading;
  const { due, executions } = stats;
  gauge('jobs', 'Jobs in the store.', jobsOf(reading, known));
  gauge('due_jobs', 'Waiting jobs whose time has come.', [[{}, due.count]]);
  const oldest = due.oldest_seconds ?? 0;
  gauge('oldest_due_seconds', 'How long the oldest of them has been due.', [[{}, oldest]]);
  gauge(
    'executions_last_day',
    'Executions that ended within the last 24 hours, of all instances.',
    byStatus(ended, executions, sum),
  );
  gauge(
    'executions_last_day_average_seconds',
    'How long they took on average.',
    byStatus(ended, executions, ([row]) => row?.average_seconds ?? 0),
  );
  gauge(
    'executions_last_day_longest_seconds',
    'How long the longest of them took.',
    byStatus(ended, timeline.executions, (rows) =>
      Math.max(0, ...rows.map(({ longest_seconds }) => longest_seconds)),
    ),
  );
  gauge(
    'slots_last_day',
    'Times of schedules that were decided within the last 24 hours.',
    byStatus(decided, timeline.slots, sum),
  );
  return registry.metrics();
};
