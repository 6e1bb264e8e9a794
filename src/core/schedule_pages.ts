// Many schedules, read from the store a page at a time.
import type { Schedule } from './schedule.ts';
import type { ScheduleFilter, ScheduleStore } from './schedule_store.ts';

const PAGE = 500;

type Wanted = Omit<ScheduleFilter, 'limit' | 'after'>;

/**
 * By name. Deleted schedules may share a name: a page never ends within one, for the next page begins
 * above it.
 */
export async function* schedulePages(
  store: Pick<ScheduleStore, 'listSchedules'>,
  wanted: Wanted = {},
): AsyncGenerator<Schedule[]> {
  let limit = PAGE;
  for (let after: string | undefined; ; ) {
    const from = after === undefined ? {} : { after };
    const page = await store.listSchedules({ ...wanted, limit, ...from });
    if (page.length < limit) return yield page;
    const last = page.at(-1)?.name;
    const whole = page.filter(({ name }) => name !== last);
    yield whole;
    if (whole.length === 0) limit *= 2;
    after = whole.at(-1)?.name ?? after;
  }
}

/** The first `most`; null = all. */
export const someSchedules = async (
  store: Pick<ScheduleStore, 'listSchedules'>,
  wanted: Wanted = {},
  most: number | null = null,
): Promise<Schedule[]> => {
  const found: Schedule[] = [];
  for await (const page of schedulePages(store, wanted)) {
    found.push(...page);
    if (most !== null && found.length >= most) return found.slice(0, most);
  }
  return found;
};
