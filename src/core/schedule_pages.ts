// Many schedules, read from the store a page at a time.
import type { Schedule } from './schedule.ts';
import type { ScheduleFilter, ScheduleStore } from './schedule_store.ts';

const PAGE = 500;

type Wanted = Omit<ScheduleFilter, 'limit' | 'after'>;

/**
 * A page of about `limit`, more where so many share a name: deleted schedules may, and a page never ends
 * within one, for the next page begins above it.
 */
export const schedulePage = async (
  store: Pick<ScheduleStore, 'listSchedules'>,
  { limit, ...wanted }: ScheduleFilter,
): Promise<{ schedules: Schedule[]; more: boolean }> => {
  for (let asked = limit + 1; ; asked *= 2) {
    const found = await store.listSchedules({ ...wanted, limit: asked });
    if (found.length < asked) return { schedules: found, more: false };
    const last = found.at(-1)?.name;
    const schedules = found.filter(({ name }) => name !== last);
    if (schedules.length > 0) return { schedules, more: true };
  }
};

/** All of them by name, a page at a time. */
export async function* schedulePages(
  store: Pick<ScheduleStore, 'listSchedules'>,
  wanted: Wanted = {},
): AsyncGenerator<Schedule[]> {
  for (let after: string | undefined; ; ) {
    const from = after === undefined ? {} : { after };
    const { schedules, more } = await schedulePage(store, { ...wanted, ...from, limit: PAGE });
    yield schedules;
    if (!more) return;
    after = schedules.at(-1)?.name;
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
