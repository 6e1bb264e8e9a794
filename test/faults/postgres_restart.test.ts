// A Postgres that is restarted, or gone for a while, under running drains.
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { Store } from '../../src/core/store.ts';
import { openPostgres } from '../../src/stores/postgres.ts';
import { openSupabase } from '../../src/stores/supabase.ts';
import { drainOn } from '../support/drain.ts';
import { describePostgres } from '../support/postgres.ts';
import { migrated } from '../support/postgres_data.ts';
import { createDatabase, createProject, type Database } from '../support/servers/database.ts';
import { durable, query, type RunningServer, startPostgres } from '../support/servers/postgres.ts';
import { startSupabase } from '../support/servers/supabase.ts';
import { describeSupabase } from '../support/supabase.ts';
import { counting, createDemo, type Effect, expireLocks, until, violations } from './scene.ts';

describePostgres('a server of its own', () => {
  let server: RunningServer;
  let database: Database;
  let stores: Store[];
  let effects: Effect[];
  beforeAll(async () => {
    server = await startPostgres({ settings: durable });
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    database = await createDatabase(server, migrated);
    stores = await Promise.all([1, 2, 3].map(() => openPostgres(database.url)));
    effects = [];
  });
  afterEach(async () => {
    for (const store of stores) await store.close();
  });

  test.each(['fast', 'immediate'] as const)(
    'that is restarted (%s) twice under three drains loses and doubles nothing',
    async (how) => {
      const jobIds = await createDemo(stores[0]!, 150);
      let restarts = Promise.resolve();
      const definitions = counting(effects, (before) => {
        // Under way while this job and others are recorded and picked.
        if (before === 30 || before === 90) restarts = restarts.then(() => server.restart(how));
      });
      let resent = 0;
      const emit = ({ event }: { event: string }) => {
        if (event === 'store.retried') resent += 1;
      };
      const drains = stores.map((store) => drainOn(store, definitions, { emit }));
      const tallies = await Promise.all(drains);
      await restarts;
      expect(tallies.map(({ stopped }) => stopped)).toEqual(['empty', 'empty', 'empty']);
      expect(await violations(database.url, jobIds, effects)).toEqual([]);
      expect(effects).toHaveLength(150);
      expect(resent).toBeGreaterThan(1);
    },
  );

  describeSupabase('behind PostgREST', () => {
    test('restarted, loses and doubles nothing', async () => {
      const { url } = await createProject(server, 'closed', migrated);
      const project = await startSupabase(url);
      const store = await openSupabase(project.url, project.service_role_key);
      try {
        const jobIds = await createDemo(store, 60);
        let restarted = Promise.resolve();
        const definitions = counting(effects, (before) => {
          if (before === 20) restarted = server.restart('fast');
        });
        expect((await drainOn(store, definitions)).outcomes).toEqual({ success: 60 });
        await restarted;
        expect(await violations(url, jobIds, effects)).toEqual([]);
        expect(project.requests.some(({ status = 0 }) => status >= 500)).toBe(true);
      } finally {
        await store.close();
        await project.stop();
      }
    });
  });

  test('that is gone while code runs keeps neither the code nor its outcome', async () => {
    const [store] = stores as [Store];
    const jobIds = await createDemo(store, 2);
    const definitions = counting(effects, async (before, { step }) => {
      if (before > 0) return;
      await server.down('immediate');
      const saved = step('after it', () => 'saved');
      await server.up();
      expect(await saved).toBe('saved');
    });
    const sent: string[] = [];
    const tally = await drainOn(store, definitions, {
      emit: (event) => event.event === 'store.retried' && sent.push(event.method),
    });
    expect(tally.outcomes).toEqual({ success: 2 });
    expect(sent).toContain('saveStep');
    expect(await violations(database.url, jobIds, effects)).toEqual([]);
  });

  test('that misses heartbeats for a while keeps the lock with its job', async () => {
    const [store, other] = stores as [Store, Store];
    const jobIds = await createDemo(store, 1);
    const lock = async () => {
      const { job } = (await other.getJob(jobIds[0]!))!;
      return Number(job.lock_expires_at);
    };
    const definitions = counting(effects, async () => {
      const first = await lock();
      await until(async () => (await lock()) > first);
      await server.restart('immediate');
      const before = await lock();
      await until(async () => (await lock()) > before);
    });
    // Locks of 3 s, so that a beat comes each 0.75 s.
    const tally = await drainOn(store, definitions, { lock_duration: 3 / 60 });
    expect(tally.outcomes).toEqual({ success: 1 });
    expect(await violations(database.url, jobIds, effects)).toEqual([]);
  });

  test('that comes back after the lock has run out fences the old instance off', async () => {
    const [old, young] = stores as [Store, Store];
    const jobIds = await createDemo(old, 1);
    const refused: unknown[] = [];
    const definitions = counting(effects, async (before, { step, progress }) => {
      if (before > 0) return;
      await server.restart('immediate');
      await expireLocks(database.url);
      const tally = await drainOn(young, definitions, { instance_id: 'young' });
      expect(tally).toMatchObject({ outcomes: { success: 1 }, released: 1 });
      for (const write of [() => step('late', () => 'never'), () => progress(99)]) {
        await write().catch((error: unknown) => refused.push(error));
      }
    });
    const tally = await drainOn(old, definitions, { instance_id: 'old' });
    expect(tally).toMatchObject({ outcomes: { lost: 1 }, stopped: 'empty' });
    expect(refused).toMatchObject([{ why: 'lost' }, { why: 'lost' }]);
    expect(effects.map(({ lock_epoch }) => lock_epoch)).toEqual([1, 2]);
    expect(await violations(database.url, jobIds, effects, { lost: 1 })).toEqual([]);
    const told = "SELECT instance_id FROM cloud_job_executions WHERE status = 'success'";
    expect(await query(database.url, told)).toEqual([{ instance_id: 'young' }]);
  });
});
