// A fresh SQLite file with a clock of its own.

import type { Store } from '../../src/core/store.ts';
import { migrateSqlite } from '../../src/stores/sqlite/migrate.ts';
import { openSqlite } from '../../src/stores/sqlite/open.ts';
import { START } from './start.ts';
import { tempFile } from './temp.ts';

/** Migrated and empty; `advance` and `setClock` move the clock of every handle alike. */
export const sqliteData = async () => {
  const path = tempFile();
  await migrateSqlite(path);
  let now = START.getTime();
  const handles: Store[] = [];
  return {
    path,
    open: async () => {
      const store = await openSqlite(path, { now: () => new Date(now) });
      handles.push(store);
      return store;
    },
    advance: async (seconds: number) => {
      now += seconds * 1000;
    },
    setClock: async (to: Date) => {
      now = to.getTime();
    },
    close: async () => {
      for (const store of handles.splice(0)) await store.close();
    },
  };
};
