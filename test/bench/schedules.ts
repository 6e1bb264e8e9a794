// What schedules cost a drain: none due among a hundred thousand, and a thousand due at once.
import { join } from 'node:path';
import { planOf } from '../../src/core/cron/plan.ts';
import { defineJob } from '../../src/core/definition.ts';
import type { Schedule } from '../../src/core/schedule.ts';
import type { Store } from '../../src/core/store.ts';
import { z } from '../../src/index.ts';
import { migrateSqlite } from '../../src/stores/sqlite/migrate.ts';
import { openSqlite } from '../../src/stores/sqlite/open.ts';
import { drainOn } from '../support/drain.ts';
import { aScheduleWrite } from '../support/schedules.ts';
import { type Bench, digits, type Figure, median, spread } from './figures.ts';
import { withFolder } from './scratch.ts';

const MINUTE = 60_000;
const WARM_UP = 20;
/** of one call while the store is filled */
const CHUNK = 500;
const DUE = 1000;

const definition = defineJob({ type: 'bench', config: z.looseObject({}), run: () => null });

/** As if the plan had been made `minutes` ago. */
const planned = (schedule: Schedule, minutes: number) => {
  const now = new Date(schedule.updated_at.getTime() - minutes * MINUTE);
  return planOf({ ...schedule, planned_until: now, now });
};

const fill = async (
  store: Store,
  count: number,
  expressionOf: (at: number) => string,
  minutes: number,
): Promise<void> => {
  for (let done = 0; done < count; done += CHUNK) {
    const writes = Array.from({ length: Math.min(CHUNK, count - done) }, (_, at) =>
      aScheduleWrite({
        name: `${minutes}-${done + at}`,
        job_type: 'bench',
        schedule_expression: expressionOf(done + at),
      }),
    );
    const { schedules } = await store.saveSchedules(writes);
    await store.planSchedules(schedules.map((schedule) => planned(schedule, minutes)));
  }
};

/** Once a day, at a time that is hours away from now: none falls due while it is measured. */
const daily = () => {
  const far = (new Date().getUTCHours() + 12) % 24;
  return (at: number) => `${at % 60} ${far} * * *`;
};

const noted = (store: Store, calls: string[]): Store =>
  new Proxy(store, {
    get: (target, name: keyof Store) => {
      const method = target[name] as (...args: unknown[]) => unknown;
      return (...args: unknown[]) => {
        calls.push(name);
        return method.apply(target, args);
      };
    },
  });

const emptyDrain = async (store: Store, times: number[]): Promise<void> => {
  const calls: string[] = [];
  const began = performance.now();
  await drainOn(noted(store, calls), [definition]);
  times.push(performance.now() - began);
  if (calls.join() !== 'claimJobs') throw new Error(`an empty drain called ${calls.join()}`);
};

const noneDue = async (none: Store, many: Store, count: number, samples: number) => {
  const times: [number[], number[]] = [[], []];
  for (let round = 0; round < samples + WARM_UP; round += 1) {
    if (round === WARM_UP) for (const list of times) list.length = 0;
    const order = round % 2 === 0 ? ([0, 1] as const) : ([1, 0] as const);
    for (const side of order) await emptyDrain(side === 0 ? none : many, times[side]);
  }
  const [few, lot] = [median(times[0]), median(times[1])];
  return {
    name: `${count} active schedules, none due: a drain, in one round trip`,
    value: lot / few,
    unit: '×',
    aim: { at_most: 1.5 },
    note: `p50 ${digits(few)} → ${digits(lot)} ms`,
  };
};

/** One pick after the other until no slot is due any more. */
const allDue = async (store: Store): Promise<Figure[]> => {
  await fill(store, DUE, () => '* * * * *', 5);
  const [times, batches]: [number[], number[]] = [[], []];
  for (let more = true; more; ) {
    const began = performance.now();
    const claim = await store.claimJobs({
      instance_id: 'bench',
      job_types: [],
      execution_ids: ['none'],
      lock_seconds: 60,
      trigger: 'bench',
    });
    times.push(performance.now() - began);
    batches.push(claim.slots.filter(({ status }) => status === 'fired').length);
    more = claim.more_slots;
  }
  const fired = batches.reduce((sum, batch) => sum + batch, 0);
  if (fired < DUE) throw new Error(`of ${DUE} due schedules ${fired} were fired`);
  return [
    {
      name: `${DUE} due at once: fired by one pick`,
      value: Math.max(...batches),
      unit: 'slots',
      aim: { at_most: 110 },
      note: `${batches.length} picks`,
    },
    { name: 'such a pick', value: median(times), unit: 'ms', note: spread(times) },
  ];
};

/** `none` has no schedules and stays so; `many` is filled. */
export const measureSchedules = async (
  [none, many]: [Store, Store],
  quick: boolean,
  say: (text: string) => void,
): Promise<Figure[]> => {
  const count = quick ? 2000 : 100_000;
  say(`filling in ${count} schedules`);
  await fill(many, count, daily(), 0);
  say('none due');
  const idle = await noneDue(none, many, count, quick ? 40 : 300);
  say(`${DUE} due`);
  return [idle, ...(await allDue(many))];
};

export const schedules: Bench = (say, quick) =>
  withFolder(async (folder) => {
    const open = async (name: string) => {
      const path = join(folder, name);
      await migrateSqlite(path);
      return openSqlite(path);
    };
    const sides: [Store, Store] = [await open('none.db'), await open('many.db')];
    try {
      return await measureSchedules(sides, quick, say);
    } finally {
      for (const store of sides) await store.close();
    }
  });
