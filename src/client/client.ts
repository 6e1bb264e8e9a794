// The typed client of the HTTP API: runs wherever there is a `fetch`.
import { callsOf } from './calls.ts';
import { createConnection } from './connection.ts';
import { timers } from './timers.ts';
import type { Client, ClientOptions } from './types.ts';

export type {
  CreatedAnswer,
  EventAnswer,
  ExecutionAnswer,
  HealthAnswer,
  JobAnswer,
  JobDetailAnswer,
  JobListAnswer,
  JobTypeAnswer,
  JobTypeListAnswer,
  ProblemAnswer,
  ScheduleAnswer,
  ScheduleDetailAnswer,
  ScheduleListAnswer,
  StatsAnswer,
  StepAnswer,
  TimelineAnswer,
} from '../http/wire/answers.ts';
export { ApiError } from './error.ts';
export type {
  CallOptions,
  Client,
  ClientOptions,
  EventOptions,
  JobEnd,
  JobQuery,
  JobsClient,
  NewJobInput,
  NewJobOptions,
  ScheduleQuery,
  SchedulesClient,
  WaitOptions,
  WriteOptions,
} from './types.ts';

/** Sends nothing yet. Throws a TypeError when `url` is none, or is missing where there is no page. */
export const createClient = (options: ClientOptions = {}): Client =>
  callsOf(createConnection(options, timers));
