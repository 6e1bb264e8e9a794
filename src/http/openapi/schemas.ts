// Every shape that the description of the API names.
import { jobInputSchema } from '../../core/create.ts';
import { scheduleInputSchema } from '../../core/schedule_input.ts';
import * as jobs from './answer_schemas.ts';
import { type JsonSchema, jsonSchemaOf } from './json_schema.ts';
import * as schedules from './schedule_schemas.ts';

const answers = {
  Job: jobs.Job,
  Execution: jobs.Execution,
  Step: jobs.Step,
  Event: jobs.Event,
  JobDetail: jobs.JobDetail,
  JobList: jobs.JobList,
  Created: jobs.Created,
  JobTypeList: jobs.JobTypeList,
  Problem: jobs.Problem,
  Health: jobs.Health,
  Schedule: schedules.Schedule,
  ScheduleList: schedules.ScheduleList,
  ScheduleDetail: schedules.ScheduleDetail,
  Stats: schedules.Stats,
  Timeline: schedules.Timeline,
};

const inputs = { JobInput: jobInputSchema, ScheduleInput: scheduleInputSchema };

export type SchemaName = keyof typeof answers | keyof typeof inputs;

/** By name; what only the API itself fills in is left out of inputs. */
export const componentSchemas = (): Record<string, JsonSchema> => {
  const made: Record<string, JsonSchema> = {};
  for (const [name, schema] of Object.entries(answers)) made[name] = jsonSchemaOf(schema, 'output');
  for (const [name, schema] of Object.entries(inputs)) made[name] = jsonSchemaOf(schema, 'input');
  const { properties } = made.JobInput as { properties: Record<string, unknown> };
  delete properties.actor;
  delete properties.source_ip;
  return made;
};
