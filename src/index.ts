// The public API: define job types, open a runner, create jobs, drain.
import * as z from 'zod';

export type { RunnerOptions } from './app.ts';
export type { JobInput } from './core/create.ts';
export {
  defineJob,
  type JobContext,
  type JobDefinition,
  type RetryPolicy,
} from './core/definition.ts';
export type { RunnerEvent } from './core/events.ts';
export type { Execution, Fence, Job, JobEvent, Step } from './core/job.ts';
export type { Json } from './core/json.ts';
export type { Schedule, Slot } from './core/schedule.ts';
export type { ScheduleInput } from './core/schedule_input.ts';
export type { ScheduleDetail } from './core/schedule_store.ts';
export type { CreatedJob, JobDetail } from './core/store.ts';
export type { ExecutionSummary, Tally } from './core/tally.ts';
export type { DrainOptions, Trigger } from './core/trigger.ts';
export type { Stats } from './core/upkeep.ts';
export {
  ConflictError,
  Discard,
  InputError,
  NotFoundError,
  RetryLater,
  RunnerError,
  SchemaError,
  SettingsError,
  StoreRefusedError,
  StoreUnavailableError,
} from './errors.ts';
export { openRunner, type Runner, type Schedules } from './runner.ts';
export type { Settings } from './settings.ts';
export { z };
