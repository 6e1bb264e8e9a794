// Callers in each other's way: whatever they do at the same moment, nobody is told of a deadlock.
import { beforeAll, expect, test } from '@jest/globals';
import { openPostgres } from '../../src/stores/postgres.ts';
import { describePostgres, newDatabase } from '../support/postgres.ts';
import { migrated } from '../support/postgres_data.ts';
import type { Database } from '../support/servers/database.ts';
import { query } from '../support/servers/postgres.ts';
import { brokenRules, createCaller, isExpected, type Known } from './storm.ts';

const { STORM_SEED, STORM_CALLS } = process.env;
const seed = Number(STORM_SEED ?? 20261);
const calls = Number(STORM_CALLS ?? 3000);
const CALLERS = 8;

describePostgres('a storm of calls on the same few jobs', () => {
  let database: Database;
  beforeAll(async () => {
    database = await newDatabase(migrated);
    // A deadlock is to be found before the test's own time is over; as with a server's usual second,
    // later than a pick gives up waiting for a job that someone else is making (cloud_job_fire).
    await query(
      database.admin_url,
      `ALTER DATABASE ${database.name} SET deadlock_timeout = '250ms'`,
    );
  });

  test(`of ${CALLERS} connections breaks nothing and comes to its end`, async () => {
    const known: Known = { picks: [], slots: [] };
    const faults: unknown[] = [];
    let left = calls;
    let inTheWay = 0;
    const call = async (caller: number) => {
      const store = await openPostgres(database.url);
      const next = createCaller(store, known, seed + caller);
      while (left > 0 && faults.length === 0) {
        left -= 1;
        await next().catch((error: unknown) => {
          if (!isExpected(error)) faults.push(error);
          else inTheWay += 1;
        });
      }
      await store.close();
    };
    await Promise.all(Array.from({ length: CALLERS }, (_, caller) => call(caller)));
    expect(faults).toEqual([]);
    expect(inTheWay).toBeLessThan(calls / 4);
    for (const [rule, breaks] of Object.entries(brokenRules)) {
      expect({ rule, rows: await query(database.url, breaks) }).toEqual({ rule, rows: [] });
    }
    expect(known.picks.length).toBeGreaterThan(calls / 40);
    // Each reason is a way through the code; chance leaves one out now and then, not most of them.
    const reasons = new Set(known.slots.map(({ reason }) => reason));
    expect(reasons).toContain('due');
    expect(reasons.size).toBeGreaterThan(3);
  }, 600_000);
});
