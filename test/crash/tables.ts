// Reading a database behind the store's back.
import Driver from 'libsql';
import type { World } from './world.ts';

export type Row = Record<string, unknown>;

/** `use` gets a function that answers the rows of a query. */
export const withTables = <T>({ path }: World, use: (all: (sql: string) => Row[]) => T): T => {
  const driver = new Driver(path, { timeout: 5000 });
  try {
    return use((sql) => (driver.prepare(sql).all() as Row[]).map(({ _metadata, ...row }) => row));
  } finally {
    driver.close();
  }
};

/** All rows of all tables: two equal dumps mean that nothing was changed. */
export const dumpTables = (world: World): Record<string, Row[]> =>
  withTables(world, (all) =>
    Object.fromEntries(
      all("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").map(({ name }) => [
        String(name),
        all(`SELECT * FROM "${name}" ORDER BY 1, 2`),
      ]),
    ),
  );

/** How many executions have each status. */
export const countExecutions = (world: World): Record<string, number> =>
  withTables(world, (all) =>
    Object.fromEntries(
      all('SELECT status, count(*) AS n FROM cloud_job_executions GROUP BY status').map((row) => [
        String(row.status),
        Number(row.n),
      ]),
    ),
  );
