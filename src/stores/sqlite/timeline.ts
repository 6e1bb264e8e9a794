// The timeline: executions and slots of a stretch of time, counted part by part.
import type { ExecutionStatus } from '../../core/job.ts';
import type { SlotStatus } from '../../core/schedule.ts';
import type { Timeline, TimelineRequest } from '../../core/upkeep.ts';
import type { Database } from './database.ts';

// A part is a range of the index: half the time that it takes to tell the part of each row.
const EXECUTIONS = `
  SELECT p.value ->> 'since' AS since, e.status, count(*) AS count,
    coalesce(avg(e.duration_seconds), 0) AS average_seconds,
    coalesce(max(e.duration_seconds), 0) AS longest_seconds
  FROM json_each(:parts) p
  CROSS JOIN cloud_job_executions e INDEXED BY cloud_job_executions_finished
  WHERE e.finished_at >= p.value ->> 'since' AND e.finished_at < p.value ->> 'until'
  GROUP BY p.key, e.status ORDER BY p.key, e.status`;

const SLOTS = `
  SELECT p.value ->> 'since' AS since, l.status, sum(coalesce(l.times, 1)) AS count
  FROM json_each(:parts) p
  CROSS JOIN cloud_job_slots l INDEXED BY cloud_job_slots_decided
  WHERE l.decided_at >= p.value ->> 'since' AND l.decided_at < p.value ->> 'until'
  GROUP BY p.key, l.status ORDER BY p.key, l.status`;

export const timeline = (
  database: Database,
  { bucket_seconds, buckets }: TimelineRequest,
): Promise<Timeline> =>
  database.read((now) => {
    const length = bucket_seconds * 1000;
    const last = Math.floor(Date.parse(now) / length) * length;
    const since = last - (buckets - 1) * length;
    const start = (place: number) => new Date(since + place * length).toISOString();
    const parts = JSON.stringify(
      Array.from({ length: buckets }, (_, place) => ({
        since: start(place),
        until: start(place + 1),
      })),
    );
    return {
      at: new Date(now),
      bucket_seconds,
      since: new Date(since),
      executions: database.all(EXECUTIONS, { parts }).map((row) => ({
        from: new Date(String(row.since)),
        status: row.status as ExecutionStatus,
        count: Number(row.count),
        average_seconds: Number(row.average_seconds),
        longest_seconds: Number(row.longest_seconds),
      })),
      slots: database.all(SLOTS, { parts }).map((row) => ({
        from: new Date(String(row.since)),
        status: row.status as SlotStatus,
        count: Number(row.count),
      })),
    };
  });
