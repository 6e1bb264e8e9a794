// What schedules cost a drain on Postgres: none due among a hundred thousand, a thousand due at once.
import type { Store } from '../../../src/core/store.ts';
import { migratePostgres } from '../../../src/stores/postgres/migrate.ts';
import { openPostgres } from '../../../src/stores/postgres.ts';
import { measureSchedules } from '../schedules.ts';
import type { Part } from './part.ts';

export const schedules: Part = async (world, { say, quick }) => {
  const open = async (key: string): Promise<Store> =>
    openPostgres(await world.database(key, async (url) => void (await migratePostgres(url))));
  const sides: [Store, Store] = [await open('no schedules'), await open('schedules')];
  try {
    return await measureSchedules(sides, quick, say);
  } finally {
    for (const store of sides) await store.close();
    await world.drop('schedules');
  }
};
