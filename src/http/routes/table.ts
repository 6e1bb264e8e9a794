// Every operation, and the paths under which it is served.
import type { Served } from '../openapi/document.ts';
import type { AnyRoute } from '../route.ts';
import { health, metrics, openApiJson } from './around.ts';
import { createJob, createJobOf } from './create_job.ts';
import { listJobTypes } from './job_types.ts';
import { deleteJob, getJob, listJobs } from './jobs.ts';
import { scheduleRoutes } from './schedules.ts';
import { statsRoutes } from './stats.ts';
import { steerJob } from './steer_job.ts';
import { streamJob } from './stream_job.ts';

const jobs: AnyRoute[] = [
  listJobs,
  createJob,
  createJobOf,
  getJob,
  deleteJob,
  streamJob,
  ...steerJob,
];

const at = (base: string, routes: AnyRoute[]): Served[] => routes.map((route) => ({ route, base }));

/** What the description of the API tells of. */
const described = [
  ...at('/api/v1', [...jobs, listJobTypes, ...scheduleRoutes, ...statsRoutes]),
  ...at('', [health, metrics]),
];

/** The paths under `/ops` are those of an earlier system; they answer the same. */
export const served: Served[] = [
  ...described,
  ...at('', [openApiJson(() => described)]),
  ...at('/ops', jobs),
];
