// What this process did since it began, counted from what it says of itself.
import type { LogEvent } from '../../log.ts';

export type Prometheus = typeof import('prom-client');

export interface OwnFigures {
  hear(event: LogEvent): void;
  text(): Promise<string>;
}

/** Seconds: from a job that only reads a row to one that fills a Lambda function's quarter of an hour. */
const LONG = [0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300, 900, 3600];
const SHORT = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Of prom-client's own: gauges that call themselves totals, which only counters may. */
const misnamed = [
  'nodejs_active_resources_total',
  'nodejs_active_handles_total',
  'nodejs_active_requests_total',
];

/** `job_type` is one that this process has code for, and `route` a pattern: there are few of either. */
export const createOwnFigures = (prometheus: Prometheus): OwnFigures => {
  const { Registry, Counter, Histogram, collectDefaultMetrics } = prometheus;
  const registry = new Registry();
  const registers = [registry];
  const counter = <Label extends string>(name: string, help: string, labelNames: Label[] = []) =>
    new Counter({ name: `cloud_jobs_${name}`, help, labelNames, registers });
  const histogram = <Label extends string>(
    name: string,
    help: string,
    buckets: number[],
    labelNames: Label[] = [],
  ) => new Histogram({ name: `cloud_jobs_${name}`, help, buckets, labelNames, registers });

  const executions = histogram(
    'execution_duration_seconds',
    'How long executions of this process took, with their recording.',
    LONG,
    ['job_type', 'status'],
  );
  const drains = histogram('drain_duration_seconds', 'How long drains of this process took.', LONG);
  const requests = histogram(
    'http_request_duration_seconds',
    'How long it took to answer requests; of event streams, to begin.',
    SHORT,
    ['method', 'route', 'status'],
  );
  const released = counter(
    'locks_released_total',
    'Locks of other executions that had expired, released by this process.',
  );
  const lost = counter('locks_lost_total', 'Executions of this process that lost their lock.');
  const slots = counter('slots_total', 'Times of schedules decided by this process.', ['status']);
  const faults = counter(
    'store_errors_total',
    'Calls of the store that were sent again, and drains given up since it stayed away.',
    ['kind'],
  );
  for (const kind of ['retried', 'unavailable']) faults.inc({ kind }, 0);
  collectDefaultMetrics({ register: registry });
  for (const name of misnamed) registry.removeSingleMetric(name);

  const hear = (event: LogEvent): void => {
    switch (event.event) {
      case 'job.recorded': {
        const { job_type, status, duration_seconds } = event;
        executions.observe({ job_type, status }, duration_seconds);
        break;
      }
      case 'job.lost':
        lost.inc();
        break;
      case 'lock.released':
        released.inc();
        break;
      case 'slot.fired':
      case 'slot.skipped':
      case 'slot.missed':
      case 'slot.replaced':
        slots.inc({ status: event.event.slice('slot.'.length) });
        break;
      case 'store.retried':
        faults.inc({ kind: 'retried' });
        break;
      case 'store.unavailable':
        faults.inc({ kind: 'unavailable' });
        break;
      case 'drain.stopped':
        drains.observe(event.duration_seconds);
        break;
      case 'http.answered': {
        const { method, path, status, duration_ms } = event;
        requests.observe({ method, route: path, status }, duration_ms / 1000);
        break;
      }
    }
  };
  return { hear, text: () => registry.metrics() };
};
