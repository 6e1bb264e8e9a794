// A store with known figures, and all that a process says of itself which is counted.
import type { Store } from '../../src/core/store.ts';
import type { Stats, Timeline } from '../../src/core/upkeep.ts';
import { createMetrics } from '../../src/http/metrics.ts';
import type { LogEvent } from '../../src/log.ts';
import { fakeClock } from '../support/clock.ts';

const at = new Date('2026-11-22T07:03:00Z');

export const stats: Stats = {
  at,
  jobs: { waiting: 2, blocked: 0, locked: 1, success: 7, failed: 0, cancelled: 0, disabled: 0 },
  types: [
    { job_type: 'papers', status: 'waiting', count: 2 },
    { job_type: 'papers', status: 'locked', count: 1 },
    { job_type: 'of "another"\\version\n', status: 'success', count: 7 },
  ],
  executions: [{ status: 'success', count: 7, average_seconds: 1.5 }],
  due: { count: 2, oldest_seconds: 90.25 },
};

const part = (minutes: number) => new Date(at.getTime() - minutes * 60_000);
export const timeline: Timeline = {
  at,
  bucket_seconds: 900,
  since: part(1440),
  executions: [
    { from: part(60), status: 'success', count: 3, average_seconds: 1, longest_seconds: 4.5 },
    { from: part(30), status: 'success', count: 4, average_seconds: 2, longest_seconds: 2.5 },
  ],
  slots: [
    { from: part(60), status: 'fired', count: 3 },
    { from: part(30), status: 'fired', count: 2 },
    { from: part(30), status: 'missed', count: 1 },
  ],
};

type Asked = Pick<Store, 'stats' | 'timeline'>;
export const fixed: Asked = { stats: async () => stats, timeline: async () => timeline };

export const metricsOf = (store: Asked, clock = fakeClock()) =>
  createMetrics({ store, job_types: ['idle', 'papers'], clock });

const of = { job_id: 'j', name: 'n', job_type: 'papers', execution_id: 'e', lock_epoch: 1 };
const recorded = (status: 'success' | 'failed', duration_seconds: number): LogEvent => ({
  event: 'job.recorded',
  status,
  job_status: status,
  duration_seconds,
  error_message: null,
  retry_in_seconds: null,
  ...of,
});
const answered = (path: string, status: number, duration_ms: number): LogEvent => ({
  event: 'http.answered',
  method: 'GET',
  path,
  status,
  duration_ms,
  actor: 'ci',
  source_ip: '10.0.0.7',
});
export const slot = (event: 'slot.fired' | 'slot.missed'): LogEvent => ({
  event,
  schedule_id: 's',
  name: 'n',
  slot_at: at,
  reason: 'due',
  job_id: null,
});

export const everything: LogEvent[] = [
  recorded('success', 0.2),
  recorded('success', 40),
  recorded('failed', 2),
  { event: 'job.lost', reason: 'r', ...of },
  {
    event: 'lock.released',
    job_id: 'j',
    name: 'n',
    execution_id: 'e',
    held_by: 'h',
    job_status: 'waiting',
  },
  slot('slot.fired'),
  slot('slot.fired'),
  slot('slot.missed'),
  { event: 'store.retried', method: 'stats', sending: 1, reason: 'r' },
  { event: 'store.unavailable', reason: 'r', next_try_seconds: 5 },
  { event: 'store.unavailable', reason: 'r', next_try_seconds: 5 },
  { event: 'drain.stopped', picked: 1, stopped: 'empty', duration_seconds: 0.7 },
  answered('/api/v1/jobs/{job_id}', 200, 30),
  answered('/api/v1/jobs/{job_id}', 404, 2),
];
