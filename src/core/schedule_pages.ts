// Many schedules, read from the store a page at a time.
import type { Schedule } from './schedule.ts';
import type { ScheduleFilter, ScheduleStore } from './schedule_store.ts';

const PAGE = 500;

/**
 * The first `most` by name; null = all. Deleted schedules may share a name: a page never ends within one,
 * for the next page begins above it.
 */
export const someSchedules = async (
  store: Pick<ScheduleStore, 'listSchedules'>,
  filter: Pick<ScheduleFilter, 'status'> = {},
  most: number | null = null,
): Promise<Schedule[]> => {
  const found: Schedule[] = [];
  let limit = PAGE;
  let after: string | undefined;
  while (most === null || found.length < most) {
    const page = await store.listSchedules({
      ...filter,
      limit,
      ...(after !== undefined && { after }),
    });
    if (page.length < limit) {
      found.push(...page);
      break;
    }
    const last = page.at(-1)?.name;
    const whole = page.filter(({ name }) => name !== last);
    found.push(...whole);
    if (whole.length === 0) limit *= 2;
    after = whole.at(-1)?.name ?? after;
  }
  return most === null ? found : found.slice(0, most);
};
