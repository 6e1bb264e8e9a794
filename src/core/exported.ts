// The job types and tasks among what a module exports, by shape and not by class: the module may have
// another copy of this package and of zod.
import { InputError } from '../errors.ts';
import { type AnyDefinition, defineJob } from './definition.ts';
import { isObject } from './json.ts';

type Task = (ctx: never) => unknown;

export interface Exported {
  jobs: AnyDefinition[];
  /** functions of an export named `tasks`, by task_type */
  tasks: Record<string, Task>;
}

const isDefinition = (value: unknown): value is AnyDefinition =>
  isObject(value) &&
  typeof value.type === 'string' &&
  typeof value.run === 'function' &&
  isObject(value.config) &&
  typeof value.config.safeParseAsync === 'function';

const definitionsIn = (exported: unknown): AnyDefinition[] => {
  if (isDefinition(exported)) return [exported];
  return Array.isArray(exported) ? exported.filter(isDefinition) : [];
};

const tasksIn = (exported: unknown): Record<string, Task> =>
  isObject(exported)
    ? (Object.fromEntries(
        Object.entries(exported).filter(([, task]) => typeof task === 'function'),
      ) as Record<string, Task>)
    : {};

/** What a CommonJS module exports arrives under `default`, too. */
const exportsOf = (loaded: Record<string, unknown>): Record<string, unknown> => {
  const inner = loaded.default;
  const nested = isObject(inner) && !isDefinition(inner) ? inner : {};
  return { ...nested, ...loaded };
};

/**
 * Alone or in arrays. Throws an InputError that names `path` for a module that has neither, or a
 * definition that is none.
 */
export const jobsIn = (loaded: object, path: string): Exported => {
  const exported = exportsOf(loaded as Record<string, unknown>);
  const jobs = [...new Set(Object.values(exported).flatMap(definitionsIn))];
  const tasks = tasksIn(exported.tasks);
  if (jobs.length === 0 && Object.keys(tasks).length === 0) {
    const names = Object.keys(exported).join(', ') || 'nothing';
    const message = `exports no job type (an object with type, config and run) and no tasks; it exports ${names}`;
    throw new InputError([{ path, message }], 'Job module refused');
  }
  return { jobs: jobs.map((job) => defineJob(job as never)), tasks };
};
