// Rows of schedules and of their ledger, shared by the stores: checked, and their times made Dates.
import * as z from 'zod';
import { jobStatuses } from '../core/job.ts';
import {
  concurrencyPolicies,
  type DecidedSlot,
  missedPolicies,
  type Schedule,
  type ShortPlan,
  type SlotOutcome,
  type SlotReason,
  scheduleStatuses,
  slotReasons,
  slotStatuses,
} from '../core/schedule.ts';
import { instant, json, maybeInstant, maybeText, text } from './rows.ts';

const reason = z.enum(Object.keys(slotReasons) as SlotReason[]);

// Built when they are first used: most picks of most people meet neither.
const ruleColumns = {
  schedule_expression: text,
  timezone: text,
  missed: z.enum(missedPolicies),
  starting_deadline_seconds: z.number().nullable(),
};
const planColumns = {
  schedule_id: text,
  revision: z.number(),
  planned_until: maybeInstant,
  idle_until: maybeInstant,
  idle_reason: z.enum(['paused', 'inactive']).nullable(),
};

const scheduleRow = z.lazy(() =>
  z.object({
    ...ruleColumns,
    ...planColumns,
    name: text,
    job_type: text,
    config: json,
    description: maybeText,
    status: z.enum(scheduleStatuses),
    priority: z.number(),
    max_retries: z.number(),
    retry_delay_seconds: z.number(),
    retry_backoff: z.enum(['exponential', 'fixed']),
    timeout_seconds: z.number().nullable(),
    unique_key: maybeText,
    concurrency_policy: z.enum(concurrencyPolicies),
    run_on_startup: z.coerce.boolean(),
    applied: z.coerce.boolean(),
    plan_at: maybeInstant,
    created_at: instant,
    updated_at: instant,
    last_execution: maybeInstant,
    next_execution: maybeInstant,
  }),
);

const shortPlanRow = z.lazy(() => z.object({ ...ruleColumns, ...planColumns, now: instant }));

const decidedRow = z.lazy(() =>
  z.object({
    schedule_id: text,
    name: text,
    slot_at: instant,
    status: z.enum(slotStatuses).exclude(['planned']),
    reason,
    job_id: maybeText,
  }),
);

const outcomeRow = z.lazy(() =>
  z.object({
    schedule_id: text,
    slot_at: instant,
    until_at: maybeInstant,
    times: z.number().nullable(),
    status: z.enum(slotStatuses),
    reason: reason.nullable(),
    job_id: maybeText,
    decided_at: maybeInstant,
    job_status: z.enum(jobStatuses).nullable(),
  }),
);

export const toSchedule = (row: unknown): Schedule => scheduleRow.parse(row);
export const toShortPlan = (row: unknown): ShortPlan => shortPlanRow.parse(row);
export const toDecidedSlot = (row: unknown): DecidedSlot => decidedRow.parse(row);
export const toSlotOutcome = (row: unknown): SlotOutcome => outcomeRow.parse(row);
