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

/** What a pick decides of slots: each is a way through the code, which the storm is to have gone. */
const REASONS = ['due', 'later_slot', 'still_running', 'superseded', 'too_late', 'unique_key'];
/** Chance may leave out one of them for a while: so many times the calls are its last limit. */
const LONGEST = 5;

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
    const reasons = () => new Set<string>(known.slots.map(({ reason }) => reason));
    const isOver = () =>
      made >= calls && (reasons().size >= REASONS.length || made >= LONGEST * calls);
    let made = 0;
    let inTheWay = 0;
    const call = async (caller: number) => {
      const store = await openPostgres(database.url);
      const next = createCaller(store, known, seed + caller);
      while (!isOver() && faults.length === 0) {
        made += 1;
        await next().catch((error: unknown) => {
          if (!isExpected(error)) faults.push(error);
          else inTheWay += 1;
        });
      }
      await store.close();
    };
    await Promise.all(Array.from({ length: CALLERS }, (_, caller) => call(caller)));
    expect(faults).toEqual([]);
    expect(inTheWay).toBeLessThan(made / 4);
    for (const [rule, breaks] of Object.entries(brokenRules)) {
      expect({ rule, rows: await query(database.url, breaks) }).toEqual({ rule, rows: [] });
    }
    expect(known.picks.length).toBeGreaterThan(calls / 40);
    expect([...reasons()].toSorted()).toEqual(REASONS);
  }, 600_000);
});
