// The part of the port that schedules and alerts need, over the SQL functions of sql/postgres.

import type { AlertStore } from '../../core/alert.ts';
import { type ScheduleMove, scheduleMoves } from '../../core/schedule.ts';
import type { SavedSchedules, ScheduleStore, Triggered } from '../../core/schedule_store.ts';
import { type ScheduleAnswer, toScheduleDetail } from '../answers.ts';
import type { Calls } from '../functions.ts';
import { toSchedule } from '../schedule_rows.ts';

interface SaveAnswer {
  schedules: unknown[];
  refused: SavedSchedules['refused'];
}

interface MoveAnswer {
  moved: boolean;
  schedule: unknown;
}

export const scheduleFunctions = ({ call, ask }: Calls): ScheduleStore & AlertStore => ({
  planSchedules: (plans) => call<number>('plan_schedules', { plans: { json: plans } }),
  saveSchedules: async (writes) => {
    const args = { writes: { json: writes } };
    const { schedules, refused } = await call<SaveAnswer>('save_schedules', args);
    return { schedules: schedules.map(toSchedule), refused };
  },
  moveSchedule: async (schedule_id, move: ScheduleMove) => {
    const { from, to } = scheduleMoves[move];
    const args = { schedule_id, from_statuses: [...from], to_status: to };
    const answer = await ask<MoveAnswer | null>(schedule_id, null, 'move_schedule', args);
    return answer && { moved: answer.moved, schedule: toSchedule(answer.schedule) };
  },
  triggerSchedule: async ({ schedule_id, job_id, actor, source_ip = null, only_if_idle }) => {
    const args = { schedule_id, job_id, actor, source_ip, only_if_idle };
    return ask<Triggered | null>(schedule_id, null, 'trigger_schedule', args);
  },
  getSchedule: async (id_or_name, slots) => {
    const args = { id_or_name, slots };
    const answer = await ask<ScheduleAnswer | null>(id_or_name, null, 'get_schedule', args);
    return answer && toScheduleDetail(answer);
  },
  listSchedules: async ({ status, run_on_startup, after, limit }) => {
    const filter = {
      ...(status && { status }),
      ...(run_on_startup && { run_on_startup }),
      ...(after !== undefined && { after }),
    };
    const listed = await ask<unknown[]>(after, [], 'list_schedules', { limit, ...filter });
    return listed.map(toSchedule);
  },
  alertTold: async (subject, since) => {
    await call('alert_told', { subject, since: since.toISOString() });
  },
});
