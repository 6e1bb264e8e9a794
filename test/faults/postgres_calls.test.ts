// Single calls of the Postgres store in trouble: lost on the way, cut off in the server, held up.
import { afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import type { RunnerEvent } from '../../src/core/events.ts';
import type { Store } from '../../src/core/store.ts';
import { openPostgres } from '../../src/stores/postgres.ts';
import { settle } from '../support/clock.ts';
import { drainOn } from '../support/drain.ts';
import { describePostgres, newDatabase } from '../support/postgres.ts';
import { emptyTables, migrated } from '../support/postgres_data.ts';
import { databaseEnv, demo, runnerWith } from '../support/runner.ts';
import type { Database } from '../support/servers/database.ts';
import { query } from '../support/servers/postgres.ts';
import { startWire, type Wire } from '../support/servers/wire.ts';
import { counting, createDemo, type Effect, until, violations } from './scene.ts';

describePostgres('a call to Postgres', () => {
  let database: Database;
  let wire: Wire;
  let store: Store;
  let effects: Effect[];
  let resent: string[];
  beforeAll(async () => {
    database = await newDatabase(migrated);
  });
  beforeEach(async () => {
    await query(database.url, emptyTables);
    wire = await startWire(database.url);
    store = await openPostgres(wire.url);
    effects = [];
    resent = [];
  });
  afterEach(async () => {
    wire.resume();
    await store.close();
    wire.stop();
  });

  const emit = (event: RunnerEvent) => {
    if (event.event === 'store.retried') resent.push(event.method);
  };
  const drain = (run?: Parameters<typeof counting>[1], through = store) =>
    drainOn(through, counting(effects, run), { emit });
  const expectDone = async (jobIds: string[]) => {
    expect(await violations(database.url, jobIds, effects)).toEqual([]);
    expect(effects).toHaveLength(jobIds.length);
  };
  const terminate = (which: string) =>
    query(
      database.admin_url,
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND application_name = 'cloud-jobs' AND ${which}`,
    );
  /** Whether as many calls of ours wait for someone's lock. */
  const waiting = async (calls: number) => {
    const asked = `SELECT pid FROM pg_stat_activity WHERE datname = current_database()
      AND application_name = 'cloud-jobs' AND wait_event_type = 'Lock'`;
    return (await query(database.admin_url, asked)).length >= calls;
  };

  describe('whose connection breaks', () => {
    test.each([
      ['claim', 'lose_answer', /claim_jobs/, 'claimJobs'],
      ['claim', 'lose_request', /claim_jobs/, 'claimJobs'],
      ['record', 'lose_answer', /record_executions/, 'recordExecutions'],
      ['record', 'lose_request', /record_executions/, 'recordExecutions'],
    ] as const)('at a %s (%s) is sent again, and done once', async (_, how, call, method) => {
      const jobIds = await createDemo(store, 4);
      for (let times = 0; times < 3; times += 1) wire.breaks(how, call);
      expect(await drain()).toMatchObject({ outcomes: { success: 4 }, stopped: 'empty' });
      expect(resent).toEqual([method, method, method]);
      await expectDone(jobIds);
    });

    test('after a creation creates each job once', async () => {
      const jobs = [demo(() => 1)];
      const { createMany, store: read } = await runnerWith(databaseEnv(wire.url), { jobs });
      wire.breaks('lose_answer', /create_jobs/);
      const input = { name: 'a', job_type: 'demo', unique_key: 'k' };
      const [created, ...more] = await createMany([input]);
      expect(more).toEqual([]);
      expect(await read.listJobs({ limit: 10 })).toMatchObject([{ job_id: created!.job_id }]);
    });

    test('between two calls is opened anew', async () => {
      const jobIds = await createDemo(store, 3);
      await drain(async () => {
        await terminate('true');
        // Only what has reached the driver can be known to it before it calls again.
        await until(async () => wire.live === 0);
        await settle();
      });
      expect(resent).toEqual([]);
      await expectDone(jobIds);
    });

    test('at random, again and again, is sent again, and done once', async () => {
      const jobIds = await createDemo(store, 120);
      const stores = await Promise.all([1, 2, 3].map(() => openPostgres(database.url)));
      const blows: Promise<unknown>[] = [];
      const drains = stores.map((each) =>
        drain((before) => void (before % 6 === 0 && blows.push(terminate('random() < 0.5'))), each),
      );
      await Promise.all(drains);
      await Promise.all(blows);
      for (const each of stores) await each.close();
      expect(resent.length).toBeGreaterThan(0);
      await expectDone(jobIds);
    });

    test('is refused for a while goes through once it is not', async () => {
      const jobIds = await createDemo(store, 2);
      const away = drainOn(
        store,
        counting(effects, () => {
          wire.shut();
          wire.cut();
        }),
        {
          max_jobs: 1,
          emit: (event) => {
            emit(event);
            if (event.event === 'store.retried' && event.sending === 3) void wire.open();
          },
        },
      );
      expect((await away).outcomes).toEqual({ success: 1 });
      expect(resent).toEqual(['recordExecutions', 'recordExecutions', 'recordExecutions']);
      await drain();
      await expectDone(jobIds);
    });
  });

  describe('that takes too long', () => {
    let blocker: pg.Client;
    let hasty: Store;
    beforeEach(async () => {
      blocker = new pg.Client({ connectionString: database.url });
      await blocker.connect();
      hasty = await openPostgres(wire.url, { answer_within_ms: 150 });
    });
    afterEach(async () => {
      await blocker.end();
      await hasty.close();
    });

    test('since nothing passes on the wire arrives late, and is done once', async () => {
      const jobIds = await createDemo(store, 2);
      let held = false;
      const draining = drainOn(
        hasty,
        counting(effects, () => {
          if (!held) wire.hang();
          held = true;
        }),
        {
          emit: (event) => {
            emit(event);
            // The first sending reaches the server at the same time as the next one.
            if (event.event === 'store.retried' && event.sending === 2) wire.resume();
          },
        },
      );
      expect((await draining).outcomes).toEqual({ success: 2 });
      await expectDone(jobIds);
    });

    test('as a claim that still runs in the server does not pick twice', async () => {
      const jobIds = await createDemo(store, 3);
      await blocker.query('BEGIN');
      await blocker.query('LOCK TABLE cloud_job_executions IN EXCLUSIVE MODE');
      const draining = drain(undefined, hasty);
      // Two sendings of the claim stand in the server, each with another job in its hand.
      await until(() => waiting(2));
      await blocker.query('ROLLBACK');
      expect((await draining).outcomes).toEqual({ success: 3 });
      expect(new Set(resent)).toEqual(new Set(['claimJobs']));
      await expectDone(jobIds);
    });

    test('as a record that still runs in the server records once and picks once', async () => {
      const jobIds = await createDemo(store, 3);
      const draining = drain(async (before) => {
        if (before > 0) return;
        await blocker.query('BEGIN');
        await blocker.query('SELECT FROM cloud_jobs WHERE job_id = $1 FOR UPDATE', [
          effects[0]!.job_id,
        ]);
      }, hasty);
      await until(() => waiting(2));
      await blocker.query('ROLLBACK');
      expect((await draining).outcomes).toEqual({ success: 3 });
      expect(new Set(resent)).toEqual(new Set(['recordExecutions']));
      await expectDone(jobIds);
    });

    test('and is cut off in the server is sent again', async () => {
      const jobIds = await createDemo(store, 2);
      const draining = drain(async (before) => {
        if (before > 0) return;
        await blocker.query('BEGIN');
        await blocker.query('SELECT FROM cloud_jobs FOR UPDATE');
      });
      await until(() => waiting(1));
      await terminate("wait_event_type = 'Lock'");
      await until(() => waiting(1));
      await blocker.query('ROLLBACK');
      expect((await draining).outcomes).toEqual({ success: 2 });
      expect(resent).toEqual(['recordExecutions']);
      await expectDone(jobIds);
    });

    test('ends with the store: nothing waits for it any more', async () => {
      wire.hang();
      const asked = store.stats();
      const began = performance.now();
      await store.close();
      await expect(asked).rejects.toMatchObject({ code: 'store_unavailable' });
      expect(performance.now() - began).toBeLessThan(2000);
      store = await openPostgres(wire.url);
    });
  });
});
