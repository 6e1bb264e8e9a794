// custom: runs a function that the program registered under `task_type`.
import * as z from 'zod';
import { defineJob, type JobContext } from '../core/definition.ts';

/** A custom job's config: its task_type, and whatever else the function reads. */
export type CustomConfig = { task_type: string } & Record<string, unknown>;
export type Tasks = Record<string, (ctx: JobContext<CustomConfig>) => unknown>;

/** An unknown task_type is a fault of the config, found at creation and again at execution. */
export const custom = (tasks: Tasks) => {
  const names = Object.keys(tasks).sort();
  const known = names.length === 0 ? 'none is registered' : `registered are ${names.join(', ')}`;
  const config = z.looseObject({
    task_type: z.string().refine((name) => Object.hasOwn(tasks, name), {
      error: ({ input }) => `${JSON.stringify(input)} is not a registered task; ${known}`,
    }),
  });
  return defineJob({
    type: 'custom',
    config,
    run: (ctx) => tasks[ctx.config.task_type]?.(ctx),
  });
};
