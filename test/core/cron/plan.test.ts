// What the ledger is given of a rule: the next slots, and what is made up for after an outage.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseCron } from '../../../src/core/cron/expression.ts';
import { nextDue } from '../../../src/core/cron/next.ts';
import { planOf } from '../../../src/core/cron/plan.ts';
import type { MissedPolicy, SchedulePlan, ShortPlan } from '../../../src/core/schedule.ts';

const HOUR = 3600_000;
const now = new Date('2031-06-04T12:00:00Z'); // a Wednesday
const ago = (hours: number) => new Date(now.getTime() - hours * HOUR);

const plan = (short: Partial<ShortPlan>): SchedulePlan =>
  planOf({
    schedule_id: 'nightly',
    revision: 7,
    schedule_expression: '0 * * * *',
    timezone: 'UTC',
    missed: 'latest',
    starting_deadline_seconds: null,
    planned_until: now,
    idle_until: null,
    idle_reason: null,
    now,
    ...short,
  });

const minutes = (at: Date) => at.toISOString().slice(5, 16);
const times = ({ slots }: SchedulePlan) => slots.map(({ slot_at }) => minutes(slot_at));
const onTheDay = (...clock: string[]) => clock.map((it) => `06-04T${it}`);
const told = ({ gone }: SchedulePlan) =>
  gone.map(({ slot_at, until_at, times, status, reason }) => {
    const range = until_at ? `${minutes(slot_at)} to ${minutes(until_at)}` : minutes(slot_at);
    return `${range}: ${times ?? 'many'} ${status}, ${reason}`;
  });

describe('ahead', () => {
  test('two slots at least, however rarely the rule is due', () => {
    const found = plan({ schedule_expression: '@yearly' });
    expect(found.slots.map(({ slot_at }) => slot_at.getUTCFullYear())).toEqual([2032, 2033]);
    expect(found.planned_until).toEqual(new Date('2033-01-01T00:00Z'));
  });

  test('an hour, however often', () => {
    const found = plan({ schedule_expression: '*/10 * * * *' });
    expect(times(found)).toEqual(onTheDay('12:10', '12:20', '12:30', '12:40', '12:50', '13:00'));
    expect(plan({ schedule_expression: '* * * * *' }).slots).toHaveLength(60);
  });

  test('goes on where it ended, and plans nothing twice', () => {
    const first = plan({ schedule_expression: '*/10 * * * *' });
    const second = plan({
      schedule_expression: '*/10 * * * *',
      planned_until: first.planned_until,
      now: new Date(now.getTime() + HOUR / 2),
    });
    expect(times(second)).toEqual(onTheDay('13:10', '13:20', '13:30'));
    expect(second.gone).toEqual([]);
  });

  test('goes on where it ended though the clock was set back since', () => {
    const found = plan({ schedule_expression: '*/10 * * * *', now: ago(1) });
    expect(times(found)).toEqual(onTheDay('12:10', '12:20'));
    expect(found.gone).toEqual([]);
  });

  test('more is planned when half of it has passed', () => {
    const planAt = (schedule_expression: string) => plan({ schedule_expression }).plan_at;
    expect(planAt('* * * * *')).toEqual(new Date('2031-06-04T12:30Z'));
    expect(planAt('*/20 * * * *')).toEqual(new Date('2031-06-04T12:40Z'));
    expect(planAt('@daily')).toEqual(new Date('2031-06-05T00:00Z'));
  });

  test('what is made up for does not bring the next planning nearer', () => {
    const found = plan({ missed: 'all', planned_until: ago(30) });
    expect(found.slots).toHaveLength(32);
    expect(found.plan_at).toEqual(new Date('2031-06-04T13:00Z'));
  });

  test('nothing, for a rule that is never due', () => {
    expect(plan({ schedule_expression: '0 0 30 2 *', planned_until: ago(50) })).toEqual({
      schedule_id: 'nightly',
      revision: 7,
      slots: [],
      gone: [],
      planned_until: null,
      plan_at: null,
    });
  });

  test('from now on, where nothing was planned because nothing was to come', () => {
    const found = plan({ planned_until: null });
    expect([told(found), times(found)]).toEqual([[], onTheDay('13:00', '14:00')]);
  });
});

describe('after three hours in which nothing ran', () => {
  const half_past = { schedule_expression: '30 * * * *', planned_until: ago(3) };

  test('the latest is made up for, the others are told of', () => {
    const found = plan(half_past);
    expect(times(found)).toEqual(onTheDay('11:30', '12:30', '13:30'));
    expect(told(found)).toEqual(['06-04T09:30 to 06-04T10:30: 2 missed, superseded']);
  });

  test('or all of them are', () => {
    const found = plan({ ...half_past, missed: 'all' });
    expect(times(found)).toEqual(onTheDay('09:30', '10:30', '11:30', '12:30', '13:30'));
    expect(found.gone).toEqual([]);
  });

  test('or none, but for one that is hardly late', () => {
    const found = plan({ ...half_past, missed: 'skip' });
    expect(times(found)).toEqual(onTheDay('12:30', '13:30'));
    expect(told(found)).toEqual(['06-04T09:30 to 06-04T11:30: 3 missed, too_late']);
    const soon = (minute: string) =>
      times(plan({ ...half_past, missed: 'skip', now: new Date(`2031-06-04T11:${minute}Z`) }))[0];
    expect([soon('35'), soon('40'), soon('40:00.001')]).toEqual(
      onTheDay('11:30', '11:30', '12:30'),
    );
  });

  test('none later than its deadline', () => {
    const long = plan({ ...half_past, starting_deadline_seconds: 5400, missed: 'all' });
    expect(times(long)).toEqual(onTheDay('10:30', '11:30', '12:30', '13:30'));
    expect(told(long)).toEqual(['06-04T09:30: 1 missed, too_late']);
    const short = plan({ ...half_past, starting_deadline_seconds: 60 });
    expect(times(short)).toEqual(onTheDay('12:30', '13:30'));
    expect(told(short)).toEqual(['06-04T09:30 to 06-04T11:30: 3 missed, too_late']);
    const own = plan({ ...half_past, starting_deadline_seconds: 7200, missed: 'skip' });
    expect(times(own)).toEqual(onTheDay('10:30', '11:30', '12:30', '13:30'));
  });
});

describe('after three months', () => {
  const since = { planned_until: ago(90 * 24) };

  test('of minutes, they are counted as far as that helps anybody', () => {
    const found = plan({ ...since, schedule_expression: '* * * * *' });
    expect(times(found)[0]).toBe('06-04T12:00');
    expect(told(found)).toEqual(['03-06T12:01 to 06-04T11:59: many missed, superseded']);
  });

  test('two thousand are counted, and not one more', () => {
    const away = (count: number) =>
      plan({
        schedule_expression: '* * * * *',
        missed: 'skip',
        starting_deadline_seconds: 1,
        planned_until: new Date(now.getTime() - (count + 1) * 60_000),
        now: new Date(now.getTime() - 30_000),
      }).gone[0]?.times;
    expect([away(1999), away(2000), away(2001)]).toEqual([1999, 2000, null]);
  });

  test('a hundred at most are made up for', () => {
    const found = plan({ ...since, missed: 'all' });
    expect(found.slots.filter(({ slot_at }) => slot_at <= now)).toHaveLength(100);
    expect(told(found)[0]).toMatch(/: many missed, too_many$/);
    const week = plan({ missed: 'all', planned_until: ago(7 * 24) });
    expect(week.gone).toMatchObject([{ times: 68, reason: 'too_many' }]);
  });
});

describe('after a pause', () => {
  const paused = { idle_reason: 'paused', planned_until: ago(5) } as const;

  test('the times that went by are told of as skipped, and none of them is made up for', () => {
    for (const missed of ['latest', 'all', 'skip'] as const) {
      const found = plan({ ...paused, idle_until: now, missed });
      expect(times(found)).toEqual(onTheDay('13:00', '14:00'));
      expect(told(found)).toEqual(['06-04T08:00 to 06-04T12:00: 5 skipped, paused']);
    }
  });

  test('what went by since its end is made up for', () => {
    const found = plan({ ...paused, idle_reason: 'inactive', idle_until: ago(2.5) });
    expect(times(found)).toEqual(onTheDay('12:00', '13:00', '14:00'));
    expect(told(found)).toEqual([
      '06-04T08:00 to 06-04T09:00: 2 skipped, inactive',
      '06-04T10:00 to 06-04T11:00: 2 missed, superseded',
    ]);
  });

  test('in which no time came, nothing is told', () => {
    const found = plan({ ...paused, planned_until: ago(0.5), idle_until: ago(0.25) });
    expect([told(found), times(found)[0]]).toEqual([[], '06-04T12:00']);
  });

  test('that was over before what is planned, nothing is told either', () => {
    const found = plan({ ...paused, planned_until: now, idle_until: ago(1), now: ago(1) });
    expect(found.gone).toEqual([]);
    expect(times(found)).toEqual(onTheDay('13:00', '14:00'));
  });
});

describe('how late a slot may be', () => {
  const late = (short: Partial<ShortPlan>) =>
    plan(short).slots.map((it) => it.late_after && (+it.late_after - +it.slot_at) / 1000);

  test('stands with each slot, made up for or ahead', () => {
    expect(late({ missed: 'all', planned_until: ago(1) })).toEqual([null, null, null]);
    const deadline = { starting_deadline_seconds: 4000, planned_until: ago(1) };
    for (const missed of ['latest', 'skip'] as const) {
      expect(late({ ...deadline, missed })).toEqual([4000, 4000, 4000]);
    }
  });

  test('is ten minutes where none is to be made up for and nothing else is said', () => {
    expect(late({ missed: 'skip' })).toEqual([600, 600]);
    expect(late({ missed: 'latest' })).toEqual([null, null]);
  });
});

test('every nominal time is in one place: planned, or told of as skipped or missed', () => {
  const story = fc.record({
    text: fc.constantFrom('*/7 * * * *', '5 */3 * * *', '0 9 * * 1-5', '30 2 L * *'),
    missed: fc.constantFrom<MissedPolicy>('latest', 'all', 'skip'),
    since: fc.integer({ min: -3, max: 24 * 8 }),
    // 0 is refused when a schedule is saved
    deadline: fc.option(fc.integer({ min: 1, max: 100_000 })),
    idle: fc.option(fc.integer({ min: 0, max: 24 * 9 })),
  });
  fc.assert(
    fc.property(story, ({ text, missed, since, deadline, idle }) => {
      const found = plan({
        schedule_expression: text,
        missed,
        starting_deadline_seconds: deadline,
        planned_until: ago(since),
        idle_until: idle === null ? null : ago(idle),
        idle_reason: idle === null ? null : 'paused',
      });
      const until = found.planned_until!.getTime();
      const nominal: number[] = [];
      let at = nextDue(parseCron(text), 'UTC', ago(since).getTime());
      for (; at !== null && at <= until; at = nextDue(parseCron(text), 'UTC', at)) nominal.push(at);
      const inside = found.gone.map(({ slot_at, until_at }) =>
        nominal.filter((it) => it >= Number(slot_at) && it <= Number(until_at ?? slot_at)),
      );
      const slots = found.slots.map(({ slot_at }) => slot_at.getTime());
      expect([...inside.flat(), ...slots]).toEqual(nominal);
      expect(found.gone.map((range) => range.times)).toEqual(inside.map(({ length }) => length));
      const ends = inside.map((it) => [it[0], it.length === 1 ? null : it.at(-1)]);
      expect(found.gone.map((it) => [+it.slot_at, it.until_at && +it.until_at])).toEqual(ends);
      if (idle !== null) expect(Math.min(...slots)).toBeGreaterThan(ago(idle).getTime());
    }),
    { numRuns: 50 },
  );
});
