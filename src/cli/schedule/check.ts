// What `doctor` says of schedules: rules that cannot be read, types without code, times nobody woke for.
import type { Schedule } from '../../core/schedule.ts';
import { someSchedules } from '../../core/schedule_pages.ts';
import type { Runner } from '../../runner.ts';
import { type Check, ok, warning } from '../check.ts';
import { age, count, duration, oneLine } from '../format.ts';

/** Seconds that a time may be due before somebody should have woken. */
const SLEPT = 3600;

const faultsOf = (schedule: Schedule, now: Date, runner: Runner, rule: string | null): string[] => {
  const { name, job_type, next_execution } = schedule;
  const who = `"${oneLine(name, 60)}"`;
  const faults = rule === null ? [] : [`${who} cannot be planned on: ${rule}`];
  if (!runner.job_types.includes(job_type)) {
    const type = oneLine(job_type, 60);
    faults.push(`${who} makes jobs of type "${type}", which this instance has no code for`);
  }
  const late = next_execution === null ? 0 : (now.getTime() - next_execution.getTime()) / 1000;
  if (late > SLEPT) {
    faults.push(`${who} has been due for ${duration(late)}: nothing has woken a drain since`);
  }
  return faults;
};

const nextOf = (active: Schedule[], now: Date): string => {
  const [next] = active
    .flatMap(({ next_execution }) => next_execution ?? [])
    .toSorted((one, other) => one.getTime() - other.getTime());
  return next === undefined ? '' : `, the next one due ${age(next, now)}`;
};

/** `now` is the store's clock. */
export const checkSchedules = async (runner: Runner, now: Date): Promise<Check[]> => {
  const active = await someSchedules(runner.store, { status: 'active' });
  if (active.length === 0) return [ok('schedules', 'none is active')];
  const { readRule } = await import('./times.ts');
  const faults = active.flatMap((schedule) => {
    const [rule] = readRule(schedule).faults;
    return faultsOf(schedule, now, runner, rule?.message ?? null);
  });
  if (faults.length > 0) return faults.map((fault) => warning('schedules', fault));
  return [ok('schedules', `${count(active.length, 'active schedule')}${nextOf(active, now)}`)];
};
