// What the ledger is given of a rule: the next slots, and what is made up for after an outage.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseCron } from '../../../src/core/cron/expression.ts';
import { nextDue } from '../../../src/core/cron/next.ts';
import { type Plan, planSlots, type Rule } from '../../../src/core/cron/plan.ts';

const HOUR = 3600_000;
const now = new Date('2031-06-04T12:00:00Z'); // a Wednesday

const plan = (rule: Partial<Rule>, from: Date = now, at: Date = now): Plan =>
  planSlots(
    {
      schedule_expression: '0 * * * *',
      timezone: 'UTC',
      missed: 'latest',
      starting_deadline_seconds: null,
      ...rule,
    },
    from,
    at,
  );

const times = ({ slots }: Plan) => slots.map((at) => at.toISOString().slice(5, 16));
const ago = (hours: number) => new Date(now.getTime() - hours * HOUR);

describe('ahead', () => {
  test('two slots at least, however rarely the rule is due', () => {
    const { planned_until, ...rest } = plan({ schedule_expression: '@yearly' });
    expect(rest.slots.map((at) => at.getUTCFullYear())).toEqual([2032, 2033]);
    expect(planned_until).toEqual(new Date('2033-01-01T00:00Z'));
  });

  test('an hour, however often', () => {
    const found = plan({ schedule_expression: '*/10 * * * *' });
    expect(times(found)).toEqual(
      ['12:10', '12:20', '12:30', '12:40', '12:50', '13:00'].map((it) => `06-04T${it}`),
    );
    expect(plan({ schedule_expression: '* * * * *' }).slots).toHaveLength(60);
  });

  test('goes on where it ended, and plans nothing twice', () => {
    const first = plan({ schedule_expression: '*/10 * * * *' });
    const later = new Date(now.getTime() + HOUR / 2);
    const second = plan({ schedule_expression: '*/10 * * * *' }, first.planned_until!, later);
    expect(times(second)).toEqual(['06-04T13:10', '06-04T13:20', '06-04T13:30']);
    expect(second.missed).toBeNull();
  });

  test('nothing, for a rule that is never due', () => {
    expect(plan({ schedule_expression: '0 0 30 2 *' }, ago(50))).toEqual({
      slots: [],
      missed: null,
      planned_until: null,
    });
  });
});

describe('after three hours in which nothing ran', () => {
  test('the latest is made up for, the others are told of', () => {
    const found = plan({ schedule_expression: '30 * * * *' }, ago(3));
    expect(times(found)).toEqual(['06-04T11:30', '06-04T12:30', '06-04T13:30']);
    expect(found.missed).toMatchObject({
      from: new Date('2031-06-04T09:30Z'),
      times: 2,
      more: false,
    });
  });

  test('or all of them are', () => {
    const found = plan({ schedule_expression: '30 * * * *', missed: 'all' }, ago(3));
    expect(times(found).slice(0, 3)).toEqual(['06-04T09:30', '06-04T10:30', '06-04T11:30']);
    expect(found.missed).toBeNull();
  });

  test('or none, but for one that is hardly late', () => {
    const found = plan({ schedule_expression: '30 * * * *', missed: 'skip' }, ago(3));
    expect(times(found)).toEqual(['06-04T12:30', '06-04T13:30']);
    expect(found.missed).toMatchObject({ times: 3 });
    const late = new Date('2031-06-04T11:35:00Z');
    const hardly = plan({ schedule_expression: '30 * * * *', missed: 'skip' }, ago(3), late);
    expect(times(hardly)[0]).toBe('06-04T11:30');
  });

  test('none later than its deadline', () => {
    const rule = { schedule_expression: '30 * * * *', starting_deadline_seconds: 5400 } as const;
    expect(times(plan({ ...rule, missed: 'all' }, ago(3)))[0]).toBe('06-04T10:30');
    const short = plan({ ...rule, starting_deadline_seconds: 60 }, ago(3));
    expect(times(short)[0]).toBe('06-04T12:30');
    expect(short.missed).toMatchObject({ times: 3 });
  });
});

describe('after three months', () => {
  test('of minutes, they are counted as far as that helps anybody', () => {
    const found = plan({ schedule_expression: '* * * * *' }, ago(90 * 24));
    expect(times(found)[0]).toBe('06-04T12:00');
    expect(found.missed).toMatchObject({ times: 10_000, more: true });
  });

  test('a hundred at most are made up for', () => {
    const found = plan({ missed: 'all' }, ago(90 * 24));
    expect(found.slots.filter((at) => at <= now)).toHaveLength(100);
    expect(found.missed).toMatchObject({ times: 90 * 24 - 100, more: false });
  });
});

test('every nominal time is in one place: planned, or told of as missed', () => {
  const expressions = fc.constantFrom('*/7 * * * *', '5 */3 * * *', '0 9 * * 1-5', '30 2 L * *');
  const policies = fc.constantFrom('latest', 'all', 'skip' as const);
  const hours = fc.integer({ min: -3, max: 24 * 8 });
  const deadline = fc.option(fc.integer({ min: 0, max: 100_000 }));
  fc.assert(
    fc.property(expressions, policies, hours, deadline, (text, missed, since, seconds) => {
      const from = ago(since);
      const rule = { schedule_expression: text, missed: missed as Rule['missed'] };
      const found = plan({ ...rule, starting_deadline_seconds: seconds }, from);
      const until = found.planned_until!.getTime();
      const nominal: number[] = [];
      let at = nextDue(parseCron(text), 'UTC', from.getTime());
      for (; at !== null && at <= until; at = nextDue(parseCron(text), 'UTC', at)) nominal.push(at);
      const counted = found.missed?.times ?? 0;
      expect(found.slots.map(Number)).toEqual(nominal.slice(counted));
      if (found.missed) expect(found.missed.from.getTime()).toBe(nominal[0]);
    }),
    { numRuns: 50 },
  );
});
