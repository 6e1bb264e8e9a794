// What `cloud-jobs run` comes to when its store is in trouble, for any store that a test can trouble.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import type { Tally } from '../../src/core/tally.ts';
import { openPostgres } from '../../src/stores/postgres.ts';
import { commandsIn } from '../cli/bundle.ts';
import { readEffects } from '../crash/world.ts';
import { emptyTables } from '../support/postgres_data.ts';
import { query } from '../support/servers/postgres.ts';
import { tempFolder } from '../support/temp.ts';
import { createDemo, expireLocks, until, violations } from './scene.ts';

export interface Troubled {
  /** the database behind it all, which is never in trouble itself */
  url: string;
  env: Record<string, string>;
  /** Some of the next calls fail, some of them after they were done. */
  stumble(): void;
  /** From now on nothing is answered. */
  hang(): void;
  /** From now on every call fails at once. */
  vanish(): void;
  /** All is well again, and whatever was held up is over. */
  recover(): Promise<void>;
}

/** Seconds; a process also has to start and to end, on a machine that does other things too. */
const DEADLINE = 2;
const MARGIN = 3;
/** For one that has to get some jobs done first. */
const LATER = 4;

/** One drain in a process of its own. `jobs` is the path of a module with the type `steps`. */
const launchRun = (env: Record<string, string>, jobs: string, deadline: number) => {
  const folder = tempFolder();
  const effects = join(folder, 'effects');
  mkdirSync(effects);
  const own = { JOB_MODULE: jobs, EFFECTS_FOLDER: effects, LOG_LEVEL: 'warn' };
  const began = performance.now();
  const { ended } = commandsIn(folder, { ...own, ...env }).start(
    ...['run', '--json', '--deadline', String(deadline)],
  );
  let over = false;
  const done = ended.then(({ code, out, err }) => {
    over = true;
    const tally: Tally | null = out === '' ? null : JSON.parse(out);
    const last: unknown = err === '' ? null : JSON.parse(err.trim().split('\n').at(-1) ?? '');
    const seconds = (performance.now() - began) / 1000;
    return { code, tally, last, inTime: seconds < deadline + MARGIN };
  });
  const left = () => readEffects({ effects });
  /** Waits until so many jobs were done, or the process has ended without that. */
  const begins = (count: number) => until(() => over || left().length >= count);
  return { done, left, begins };
};

const unavailable = {
  code: 3,
  tally: null,
  last: { error: { code: 'store_unavailable' } },
  inTime: true,
};

/** `place` and `jobs` are there once the tests run. */
export const exitCodeTests = (name: string, place: () => Troubled, jobs: () => string): void => {
  const run = (deadline = DEADLINE) => launchRun(place().env, jobs(), deadline);
  const create = async (count: number, more = {}): Promise<string[]> => {
    const store = await openPostgres(place().url);
    const steps = { job_type: 'steps', config: { steps: 0 } };
    const created = await createDemo(store, count, { ...steps, ...more });
    await store.close();
    return created;
  };

  describe(`\`cloud-jobs run\` on ${name}`, () => {
    beforeEach(async () => {
      await query(place().url, emptyTables);
    });

    test('exits 0 when calls fail and then go through', async () => {
      const jobIds = await create(20);
      place().stumble();
      const { done, left } = run(20);
      expect(await done).toMatchObject({ code: 0, tally: { outcomes: { success: 20 } } });
      expect(await violations(place().url, jobIds, left())).toEqual([]);
    });

    test.each(['hang', 'vanish'] as const)(
      'exits 3 before its deadline when the store stays away (%s)',
      async (trouble) => {
        await create(1);
        place()[trouble]();
        expect(await run().done).toMatchObject(unavailable);
        await place().recover();
      },
    );

    test.each(['hang', 'vanish'] as const)(
      'exits 3 before its deadline when the store goes away (%s), and the next run does the rest',
      async (trouble) => {
        // However fast the drain is, one job waits for the trouble, so that it comes in its midst.
        const gate = join(tempFolder(), 'gate');
        const jobIds = [
          ...(await create(30, { priority: 10 })),
          ...(await create(1, { job_type: 'gated', config: { gate } })),
          ...(await create(30, { priority: -10 })),
        ];
        const broken = run(LATER);
        await broken.begins(10);
        place()[trouble]();
        writeFileSync(gate, '');
        expect(await broken.done).toMatchObject(unavailable);
        const begun = broken.left();
        expect(begun.length).toBeLessThan(jobIds.length);
        await place().recover();
        await expireLocks(place().url);
        const { done, left } = run(20);
        const { code, tally } = await done;
        expect(code).toBe(0);
        // What was under way when the store went: one execution, of which nothing was heard again.
        const lost = tally?.released ?? 0;
        expect(lost).toBeLessThanOrEqual(1);
        const effects = [...begun, ...left()];
        expect(await violations(place().url, jobIds, effects, { lost })).toEqual([]);
      },
    );
  });
};
