// Loads a module of the person's own and finds the job types in it.
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { jobsIn } from '../core/exported.ts';
import { isObject } from '../core/json.ts';
import { InputError } from '../errors.ts';
import type { JobModule } from './desk.ts';

// Handed in by the launcher: what V8 has compiled before cannot import by itself.
declare const launcherImport: ((url: string) => Promise<Record<string, unknown>>) | undefined;

const importModule = (url: string): Promise<Record<string, unknown>> =>
  typeof launcherImport === 'undefined' ? import(url) : launcherImport(url);

const whyNot = (error: unknown): string => {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const unknownKind = isObject(error) && error.code === 'ERR_UNKNOWN_FILE_EXTENSION';
  return unknownKind ? 'this Node reads only .js, .mjs and .cjs: compile it first' : text;
};

/**
 * The definitions a module exports, alone or in arrays, and the functions of its `tasks`. Runs the
 * module's code. Throws an InputError naming the file when it cannot be loaded or has neither.
 */
export const loadJobModule = async (path: string, cwd: string): Promise<JobModule> => {
  const refuse = (message: string, cause?: unknown): never => {
    const error = new InputError([{ path, message }], 'Job module refused');
    throw cause === undefined ? error : Object.assign(error, { cause });
  };
  const file = resolve(cwd, path);
  const found = await stat(file).catch(() => null);
  if (!found?.isFile()) return refuse('there is no such file (--jobs, JOB_MODULE)');
  const loaded = await importModule(pathToFileURL(file).href).catch((error: unknown) =>
    refuse(`cannot be loaded: ${whyNot(error)}`, error),
  );
  const { jobs, tasks } = jobsIn(loaded, path);
  return { jobs, tasks: tasks as JobModule['tasks'] };
};
