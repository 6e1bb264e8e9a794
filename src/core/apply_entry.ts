// One schedule of a file: with every default filled in, or everything that is wrong with it.
import * as z from 'zod';
import { InputError, type Problem } from '../errors.ts';
import type { Registry } from './definition.ts';
import { problemsOf, rule } from './rules.ts';
import type { ScheduleFields } from './schedule.ts';
import { prepareSchedule } from './schedule_input.ts';

/** What a file wants one schedule to be. */
export interface WantedSchedule {
  fields: ScheduleFields;
  status: 'active' | 'inactive';
}

type Raw = Record<string, unknown>;
type Read<T> = { value: T; faults: [] } | { value: null; faults: Problem[] };

const statusSchema = z.lazy(() =>
  z.object({ status: rule(z.enum(['active', 'inactive']), 'active or inactive') }),
);

/** The field that a fault is of. */
export const fieldOf = ({ path }: Problem): string => path.split('.')[0] ?? '';

const prepare = async (input: Raw, registry: Registry): Promise<Read<ScheduleFields>> => {
  try {
    return { value: await prepareSchedule(input, registry), faults: [] };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return { value: null, faults: error.problems };
  }
};

/** Faults that hide behind those of other fields: found with something right in place of these. */
const hiddenFaults = async (input: Raw, told: Problem[], registry: Registry) => {
  const wrong = new Set(told.map(fieldOf));
  // Only its type can tell whether a config is right.
  if (wrong.has('job_type')) wrong.add('config');
  const right = Object.entries(input).filter(([key]) => !wrong.has(key));
  const { faults } = await prepare(
    {
      name: 'a name',
      job_type: registry.types[0],
      schedule_expression: '@daily',
      ...Object.fromEntries(right),
    },
    registry,
  );
  return faults.filter((fault) => right.some(([key]) => key === fieldOf(fault)));
};

/** Faults are named by the fields of a schedule; every one is told at once. */
export const readEntry = async (
  { status = 'active', ...input }: Raw,
  registry: Registry,
): Promise<Read<WantedSchedule>> => {
  const { value, faults } = await prepare(input, registry);
  const hidden = faults.length === 0 ? [] : await hiddenFaults(input, faults, registry);
  const parsed = statusSchema.safeParse({ status });
  if (value !== null && parsed.success) {
    return { value: { fields: value, ...parsed.data }, faults: [] };
  }
  return { value: null, faults: [...faults, ...hidden, ...problemsOf(parsed.error)] };
};
