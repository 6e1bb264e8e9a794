// Moves of schedules that people make: pause, resume, delete.
import {
  type Schedule,
  type ScheduleMove,
  type ScheduleStatus,
  scheduleMoves,
} from '../../../core/schedule.ts';
import type { ScheduleMoved } from '../../../core/schedule_store.ts';
import type { Database } from '../database.ts';
import { findSchedule } from './read.ts';
import { setActive, setAside, setDeleted } from './standing.ts';

type Make = (database: Database, now: string, schedule: Schedule) => void;

const makes: Record<ScheduleMove, Make> = {
  pause: (database, now, schedule) => setAside(database, now, schedule, 'paused'),
  resume: setActive,
  delete: setDeleted,
};

export const moveSchedule = (
  database: Database,
  schedule_id: string,
  move: ScheduleMove,
): Promise<ScheduleMoved | null> =>
  database.write((now) => {
    const schedule = findSchedule(database, schedule_id);
    if (schedule === undefined) return null;
    const from: readonly ScheduleStatus[] = scheduleMoves[move].from;
    if (!from.includes(schedule.status)) return { moved: false, schedule };
    makes[move](database, now, schedule);
    return { moved: true, schedule: findSchedule(database, schedule_id) ?? schedule };
  });
