// The difference between what a file wants and what the store has.
import { describe, expect, test } from '@jest/globals';
import { differenceOf, isSameDifference, isSameJson } from '../../src/core/apply_difference.ts';
import type { WantedSchedule } from '../../src/core/apply_entry.ts';
import type { Schedule, ScheduleFields } from '../../src/core/schedule.ts';
import { aScheduleWrite } from '../support/schedules.ts';

const fields = (overrides: Partial<ScheduleFields> = {}): ScheduleFields => {
  const { schedule_id, revision, status, applied, ...rest } = aScheduleWrite({ name: 'a' });
  return { ...rest, ...overrides };
};

const wanted = (
  overrides: Partial<ScheduleFields> = {},
  status: WantedSchedule['status'] = 'active',
): WantedSchedule => ({ fields: fields(overrides), status });

const then = new Date('2031-05-17T09:00:00Z');
const schedule = (overrides: Partial<Schedule> = {}): Schedule => ({
  ...fields(),
  schedule_id: `id of ${overrides.name ?? 'a'}`,
  status: 'active',
  applied: true,
  revision: 4,
  planned_until: then,
  plan_at: then,
  idle_until: null,
  idle_reason: null,
  created_at: then,
  updated_at: then,
  last_execution: null,
  next_execution: null,
  ...overrides,
});

const changesOf = (...args: Parameters<typeof differenceOf>) =>
  differenceOf(...args).planned.map(({ change }) => change);

describe('a schedule', () => {
  test('that is not there is created', () => {
    const [planned] = differenceOf([wanted({}, 'inactive')], [], false).planned;
    expect(planned?.change).toMatchObject({ action: 'created', name: 'a', schedule_id: null });
    expect(planned?.write).toMatchObject({ revision: null, status: 'inactive', applied: true });
  });

  test('that is as the file has it is unchanged, whatever the order of keys in its config', () => {
    const config = { a: { b: 1, c: [1, { d: null, e: 'x' }] }, f: true };
    const other = { f: true, a: { c: [1, { e: 'x', d: null }], b: 1 } };
    const difference = differenceOf([wanted({ config })], [schedule({ config: other })], true);
    expect(difference).toEqual({ planned: [], unchanged: 1, paused: [], left: [] });
  });

  test.each<[Partial<ScheduleFields>]>([
    [{ job_type: 'other' }],
    [{ schedule_expression: '1 * * * *' }],
    [{ timezone: 'Asia/Tokyo' }],
    [{ config: { a: [2, 1] } }],
    [{ description: '' }],
    [{ priority: 1 }],
    [{ max_retries: 0 }],
    [{ retry_delay_seconds: 30.5 }],
    [{ retry_backoff: 'fixed' }],
    [{ timeout_seconds: 1 }],
    [{ unique_key: 'k' }],
    [{ missed: 'all' }],
    [{ starting_deadline_seconds: 60 }],
    [{ concurrency_policy: 'forbid' }],
    [{ run_on_startup: true }],
  ])('that differs in %j is changed in that alone', (difference) => {
    const before = schedule({ config: { a: [1, 2] } });
    const [planned, ...more] = differenceOf(
      [wanted({ config: { a: [1, 2] }, ...difference })],
      [before],
      false,
    ).planned;
    expect(more).toEqual([]);
    const [[field, to]] = Object.entries(difference) as [[keyof ScheduleFields, unknown]];
    expect(planned?.change).toMatchObject({ action: 'changed', adopted: false });
    expect(planned?.change.fields).toEqual([{ field, from: before[field], to }]);
    expect(planned?.write).toMatchObject({ revision: 4, applied: true, ...difference });
  });

  test('becomes inactive by the file, and active again', () => {
    const [off] = differenceOf([wanted({}, 'inactive')], [schedule()], false).planned;
    expect(off?.change.fields).toEqual([{ field: 'status', from: 'active', to: 'inactive' }]);
    expect(off?.write?.status).toBe('inactive');
    const [on] = differenceOf([wanted()], [schedule({ status: 'inactive' })], false).planned;
    expect(on?.change.fields).toEqual([{ field: 'status', from: 'inactive', to: 'active' }]);
    expect(on?.write?.status).toBe('active');
  });

  test.each(['active', 'inactive'] as const)(
    'that is paused stays so when the file says %s',
    (to) => {
      const paused = schedule({ status: 'paused' });
      expect(differenceOf([wanted({}, to)], [paused], false)).toMatchObject({
        planned: [],
        unchanged: 1,
        paused: ['a'],
      });
      const [planned] = differenceOf([wanted({ priority: 5 }, to)], [paused], false).planned;
      expect(planned?.write).toMatchObject({ status: null, priority: 5 });
      expect(planned?.change).toMatchObject({ status: 'paused', next_execution: null });
    },
  );

  test('made by hand is adopted, with or without a change', () => {
    const byHand = schedule({ applied: false });
    expect(changesOf([wanted()], [byHand], false)).toMatchObject([
      { action: 'adopted', adopted: true, fields: [] },
    ]);
    expect(changesOf([wanted({ priority: 5 })], [byHand], false)).toMatchObject([
      { action: 'changed', adopted: true, fields: [{ field: 'priority' }] },
    ]);
  });
});

describe('what is not in the file', () => {
  const all = [
    schedule({ name: 'by hand', applied: false }),
    schedule({ name: 'paused', status: 'paused' }),
    schedule({ name: 'old' }),
  ];

  test('stays, and those that a file made are told', () => {
    expect(differenceOf([], all, false)).toMatchObject({ planned: [], left: ['paused', 'old'] });
  });

  test('goes with prune when a file made it, never otherwise', () => {
    const { planned, left } = differenceOf([], all, true);
    expect(planned.map(({ change, write }) => [change.action, change.name, write])).toEqual([
      ['deleted', 'paused', null],
      ['deleted', 'old', null],
    ]);
    expect(left).toEqual([]);
  });
});

describe('two differences', () => {
  test('are the same while only the plan goes on', () => {
    const one = differenceOf([wanted({ priority: 5 })], [schedule()], true);
    const later = differenceOf([wanted({ priority: 5 })], [schedule({ revision: 9 })], true);
    expect(isSameDifference(one, later)).toBe(true);
  });

  test('are not once someone changed the same schedule', () => {
    const one = differenceOf([wanted({ priority: 5 })], [schedule()], true);
    const other = differenceOf([wanted({ priority: 5 })], [schedule({ priority: 4 })], true);
    expect(isSameDifference(one, other)).toBe(false);
  });
});

test.each([
  [{}, [], false],
  [{ a: 1 }, { b: 1 }, false],
  [{ a: 1 }, { a: 1, b: 2 }, false],
  [[1, 2], [2, 1], false],
  [null, {}, false],
  [1, '1', false],
  [{ toString: 1 }, {}, false],
  [{ a: [{}] }, { a: [{}] }, true],
  [[], [], true],
])('%j and %j are the same JSON: %j', (one, other, same) => {
  expect(isSameJson(one as never, other as never)).toBe(same);
});
