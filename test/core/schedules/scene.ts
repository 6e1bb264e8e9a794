// Schedules on a line: a real SQLite file whose time moves on only when a test says so, from
// 2031-05-17T09:30Z.
import { randomUUID } from 'node:crypto';
import type { Schedule, ScheduleMove } from '../../../src/core/schedule.ts';
import type { ScheduleInput } from '../../../src/core/schedule_input.ts';
import {
  createSchedule,
  getSchedule,
  moveSchedule,
  triggerSchedule,
} from '../../../src/core/schedules.ts';
import { createLine, demo, type LineOptions } from '../line.ts';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

export const scene = async (options: LineOptions = {}, run: () => unknown = () => 'done') => {
  const line = await createLine([demo(run)], options);
  const { registry, emit } = line.deps;
  const deps = { store: line.deps.store, registry, emit, newId: randomUUID };
  return {
    ...line,
    scheduleDeps: deps,
    schedule: (input: Partial<ScheduleInput> = {}): Promise<Schedule> =>
      createSchedule(
        { name: 'hourly', job_type: 'demo', schedule_expression: '0 * * * *', ...input },
        deps,
      ),
    move: (name: string, move: ScheduleMove) => moveSchedule(name, move, deps),
    trigger: (name: string) => triggerSchedule(name, { actor: 'ops' }, deps),
    detail: (name = 'hourly') => getSchedule(name, line.store, 1000),
    /** Its rows, oldest first: `10:00 fired due`, a range as `10:00-12:59 missed superseded 3`. */
    ledger: async (name = 'hourly'): Promise<string[]> => {
      const { slots } = await getSchedule(name, line.store, 1000);
      const clock = (at: Date) => at.toISOString().slice(11, 16);
      return slots
        .map(({ slot_at, until_at, status, reason, times }) => {
          const range = until_at === null ? '' : `-${clock(until_at)}`;
          const many = until_at === null ? '' : ` ${times}`;
          return `${clock(slot_at)}${range} ${status}${reason === null ? '' : ` ${reason}`}${many}`;
        })
        .reverse();
    },
  };
};

/** The rows that tell of what is over. */
export const decided = (rows: string[]): string[] => rows.filter((row) => !/ planned/.test(row));
