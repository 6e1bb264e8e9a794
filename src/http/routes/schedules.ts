// Schedules: list, look at, create, steer, trigger.
import * as z from 'zod';
import { readRule } from '../../core/cron/read_rule.ts';
import { wordRule } from '../../core/rules.ts';
import {
  type Schedule,
  type ScheduleMove,
  scheduleMoves,
  scheduleStatuses,
} from '../../core/schedule.ts';
import type { ScheduleInput } from '../../core/schedule_input.ts';
import { schedulePage } from '../../core/schedule_pages.ts';
import { withSlots } from '../../core/schedule_slots.ts';
import type { ScheduleDetail } from '../../core/schedule_store.ts';
import { ConflictError } from '../../errors.ts';
import type { HttpDeps } from '../deps.ts';
import { keyReused } from '../idempotency.ts';
import { textIn, wholeIn } from '../query.ts';
import { type AnyRoute, answer, type Call, noContent, route } from '../route.ts';
import type { ScheduleDetailAnswer, ScheduleListAnswer } from '../wire/answers.ts';
import { createdAnswer } from './create_job.ts';

const filter = z.lazy(() =>
  z.strictObject({
    status: wordRule(scheduleStatuses).optional(),
    limit: wholeIn(1, 500).optional(),
    after: textIn(200).optional(),
  }),
);

const listSchedules = route<z.output<typeof filter>>({
  method: 'GET',
  path: '/schedules',
  operation: 'listSchedules',
  summary: 'Lists schedules by name; without `status`, those that are not deleted',
  scope: 'read',
  query: filter,
  answers: { 200: { description: 'A page of schedules', schema: 'ScheduleList' } },
  run: async ({ deps, base, query: { limit = 100, status, after } }) => {
    const wanted = {
      ...(status !== undefined && { status }),
      ...(after !== undefined && { after }),
    };
    const { schedules, more } = await schedulePage(deps.runner.store, { ...wanted, limit });
    const last = schedules.at(-1)?.name ?? '';
    const onward = { limit: String(limit), ...(status && { status }), after: last };
    const next = more ? `${base}/schedules?${new URLSearchParams(onward)}` : null;
    return answer({ schedules, next } satisfies Record<keyof ScheduleListAnswer, unknown>);
  },
});

/** The schedule that a key stands for may be there already: then it was made by another request. */
const created = async ({ deps, body, idempotency, newId }: Call<unknown>): Promise<Schedule> => {
  const { schedules } = deps.runner;
  const input = (body ?? {}) as ScheduleInput;
  if (idempotency === null) return schedules.create(input);
  const schedule_id = newId();
  try {
    return await schedules.create(input, schedule_id);
  } catch (error) {
    if (!(error instanceof ConflictError)) throw error;
    const there = await deps.runner.store.getSchedule(schedule_id, 0);
    throw there === null ? error : keyReused(idempotency);
  }
};

const createSchedule = route({
  method: 'POST',
  path: '/schedules',
  operation: 'createSchedule',
  summary: 'Creates a schedule',
  scope: 'write',
  body: 'ScheduleInput',
  answers: { 201: { description: 'It is created', schema: 'Schedule' } },
  run: async (call) => answer(await created(call), 201),
});

const shown = z.lazy(() => z.strictObject({ slots: wholeIn(0, 500).optional() }));

const NEXT_TIMES = 5;

const getOf =
  ({ runner }: HttpDeps, id_or_name: string) =>
  (slots: number) =>
    runner.schedules.get(id_or_name, slots);

const wholeSchedule = ({
  schedule,
  ...more
}: ScheduleDetail): Record<keyof ScheduleDetailAnswer, unknown> => {
  const { words, faults, next } = readRule(schedule);
  // By its rule alone: the ledger has them only as far as it is planned.
  const next_times = schedule.status === 'active' ? next(more.now, NEXT_TIMES) : [];
  return { ...schedule, rule_in_words: words, rule_faults: faults, next_times, ...more };
};

const getSchedule = route<z.output<typeof shown>>({
  method: 'GET',
  path: '/schedules/{id_or_name}',
  operation: 'getSchedule',
  summary: 'Shows a schedule with its next times and what became of earlier ones',
  scope: 'read',
  query: shown,
  answers: { 200: { description: 'The schedule and its ledger', schema: 'ScheduleDetail' } },
  run: async ({ deps, params: { id_or_name = '' }, query: { slots = 50 } }) =>
    answer(wholeSchedule(await withSlots(getOf(deps, id_or_name), slots, false))),
});

const triggerSchedule = route({
  method: 'POST',
  path: '/schedules/{id_or_name}/trigger',
  operation: 'triggerSchedule',
  summary: 'Creates a job of a schedule now, beside its times, also while it is paused',
  scope: 'write',
  answers: {
    201: { description: 'The job', schema: 'Created' },
    200: { description: 'An unfinished job has its unique key', schema: 'Created' },
  },
  run: async ({ deps, params: { id_or_name = '' }, caller, base, newId }) => {
    const { schedules } = deps.runner;
    const made = await schedules.trigger(id_or_name, caller, newId());
    const { job_id, status, created } = made;
    // Of its own job nobody can tell which sending has made it.
    return createdAnswer(base, { job_id, status: status ?? 'waiting', created }, false);
  },
});

const summaries: Record<ScheduleMove, string> = {
  pause: 'Pauses a schedule: its times go by until it is resumed',
  resume: 'Makes a schedule active again',
  delete: 'Deletes a schedule; its jobs stay',
};

const moveOf = (move: Exclude<ScheduleMove, 'delete'>): AnyRoute =>
  route({
    method: 'POST',
    path: `/schedules/{id_or_name}/${move}`,
    operation: `${move}Schedule`,
    summary: summaries[move],
    scope: 'write',
    answers: { 200: { description: 'The schedule as it is now', schema: 'Schedule' } },
    run: async ({ deps, params: { id_or_name = '' }, idempotency }) => {
      const { schedules } = deps.runner;
      if (idempotency !== null) {
        // Repeated, it finds done what it did the first time.
        const { schedule } = await schedules.get(id_or_name);
        if (schedule.status === scheduleMoves[move].to) return answer(schedule);
      }
      return answer(await schedules.move(id_or_name, move));
    },
  });

const deleteSchedule = route({
  method: 'DELETE',
  path: '/schedules/{id_or_name}',
  operation: 'deleteSchedule',
  summary: summaries.delete,
  scope: 'write',
  answers: { 204: { description: 'It is deleted' } },
  run: async ({ deps, params: { id_or_name = '' } }) => {
    await deps.runner.schedules.move(id_or_name, 'delete');
    return noContent();
  },
});

export const scheduleRoutes: AnyRoute[] = [
  listSchedules,
  createSchedule,
  getSchedule,
  triggerSchedule,
  moveOf('pause'),
  moveOf('resume'),
  deleteSchedule,
];
