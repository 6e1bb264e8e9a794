// The shapes of schedules and statistics in answers.
import * as z from 'zod';
import { executionStatuses, jobStatuses } from '../../core/job.ts';
import {
  concurrencyPolicies,
  missedPolicies,
  type SlotReason,
  scheduleStatuses,
  slotReasons,
  slotStatuses,
} from '../../core/schedule.ts';
import type {
  ScheduleAnswer,
  ScheduleDetailAnswer,
  ScheduleListAnswer,
  StatsAnswer,
  TimelineAnswer,
} from '../wire/answers.ts';
import { json, number, text, time, whole } from './answer_schemas.ts';

const scheduleFields = {
  schedule_id: text,
  name: text,
  job_type: text,
  schedule_expression: text,
  timezone: text,
  config: json,
  description: text.nullable(),
  priority: whole,
  max_retries: whole,
  retry_delay_seconds: number,
  retry_backoff: z.enum(['exponential', 'fixed']),
  timeout_seconds: number.nullable(),
  unique_key: text.nullable(),
  missed: z.enum(missedPolicies),
  starting_deadline_seconds: number.nullable(),
  concurrency_policy: z.enum(concurrencyPolicies),
  run_on_startup: z.boolean(),
  status: z.enum(scheduleStatuses),
  applied: z.boolean(),
  revision: whole,
  planned_until: time.nullable(),
  plan_at: time.nullable(),
  idle_until: time.nullable(),
  idle_reason: z.enum(['paused', 'inactive']).nullable(),
  created_at: time,
  updated_at: time,
  last_execution: time.nullable(),
  next_execution: time.nullable(),
};

export const Schedule: z.ZodType<ScheduleAnswer> = z.object(scheduleFields);

export const ScheduleList: z.ZodType<ScheduleListAnswer> = z.object({
  schedules: z.array(Schedule),
  next: text.nullable(),
});

const slot = z.object({
  schedule_id: text,
  slot_at: time,
  until_at: time.nullable(),
  times: whole.nullable(),
  status: z.enum(slotStatuses),
  reason: z.enum(Object.keys(slotReasons) as [SlotReason, ...SlotReason[]]).nullable(),
  job_id: text.nullable(),
  decided_at: time.nullable(),
  job_status: z.enum(jobStatuses).nullable(),
});

export const ScheduleDetail: z.ZodType<ScheduleDetailAnswer> = z.object({
  ...scheduleFields,
  rule_in_words: text.nullable(),
  rule_faults: z.array(z.object({ path: text, message: text })),
  slots: z.array(slot),
  next_times: z.array(time),
  earlier: z.array(z.object({ schedule_id: text, created_at: time, deleted_at: time })),
  now: time,
});

export const Stats: z.ZodType<StatsAnswer> = z.object({
  at: time,
  jobs: z.record(z.enum(jobStatuses), whole),
  types: z.array(z.object({ job_type: text, status: z.enum(jobStatuses), count: whole })),
  executions: z.array(
    z.object({ status: z.enum(executionStatuses), count: whole, average_seconds: number }),
  ),
  due: z.object({ count: whole, oldest_seconds: number.nullable() }),
});

export const Timeline: z.ZodType<TimelineAnswer> = z.object({
  at: time,
  bucket_seconds: whole,
  since: time,
  executions: z.array(
    z.object({
      from: time,
      status: z.enum(executionStatuses),
      count: whole,
      average_seconds: number,
      longest_seconds: number,
    }),
  ),
  slots: z.array(z.object({ from: time, status: z.enum(slotStatuses), count: whole })),
});
