// openRunner: what is not given is left to the settings, and nothing stays open when it refuses.
import { join } from 'node:path';
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import Driver from 'libsql';
import { initStore, type RunnerOptions } from '../src/app.ts';
import { type AnyDefinition, defineJob } from '../src/core/definition.ts';
import { z } from '../src/index.ts';
import { openRunner, type Runner } from '../src/runner.ts';
import { loadSettings } from '../src/settings.ts';
import { detailOf } from './support/store.ts';
import { tempFolder } from './support/temp.ts';

const typed = (run: () => unknown): AnyDefinition =>
  defineJob({ type: 'demo', config: z.looseObject({}), run });

const open: Runner[] = [];
afterEach(async () => {
  for (const runner of open.splice(0)) await runner.close();
});

const place = async (env: Record<string, string> = {}) => {
  const folder = tempFolder();
  const path = join(folder, 'jobs.db');
  const given = { DATABASE_URL: `sqlite:${path}`, JOB_INSTANCE_ID: 'tester', ...env };
  return { path, settings: await loadSettings({ env: given, cwd: folder }) };
};

/** A runner with one job waiting. */
const opened = async (options: RunnerOptions, env?: Record<string, string>) => {
  const { path, settings } = await place(env);
  const runner = await openRunner({ settings, init: true, ...options });
  open.push(runner);
  const { job_id } = await runner.create({ name: 'a job', job_type: 'demo' });
  return { runner, job_id, path };
};

// JavaScript does not know what TypeScript forbids.
const unset = (...names: string[]) =>
  Object.fromEntries(names.map((name) => [name, undefined])) as object;

describe('an option given as undefined is not given', () => {
  test.each<[string, object, object]>([
    ['a trigger’s time_left_ms', unset('time_left_ms'), {}],
    ['a trigger’s source and id', unset('source', 'id'), {}],
    ['the interrupt', {}, unset('interrupt')],
    ['the limits', {}, unset('max_jobs', 'job_types', 'priority')],
  ])('%s', async (_, trigger, options) => {
    const { runner, job_id } = await opened({ jobs: [typed(() => 'done')] });
    const tally = await runner.drain(trigger, options);
    expect(tally).toMatchObject({ stopped: 'empty', outcomes: { success: 1 } });
    const { executions } = await detailOf(runner.store, job_id);
    expect(executions).toMatchObject([{ trigger: 'cli', result: 'done' }]);
  });

  test('and the setting holds instead', async () => {
    const { runner } = await opened({ jobs: [typed(() => 1)] }, { JOB_DEADLINE: '0.5' });
    const tally = await runner.drain(unset('time_left_ms'));
    expect(tally).toMatchObject({ picked: 0, stopped: 'deadline' });
  });

  test('so that work goes on asking at the pace of the settings', async () => {
    const stop = new AbortController();
    let drains = 0;
    const emit = ({ event }: { event: string }) => {
      if (event !== 'drain.stopped') return;
      drains += 1;
      if (drains > 1) stop.abort();
      else setTimeout(() => stop.abort(), 100);
    };
    const { runner } = await opened({ jobs: [typed(() => 1)], emit }, { JOB_POLL_INTERVAL: '60' });
    const limits = unset('poll_interval_seconds', 'max_jobs');
    const tally = await runner.work({ ...limits, interrupt: stop.signal });
    expect(tally).toMatchObject({ stopped: 'interrupted', outcomes: { success: 1 } });
    expect(drains).toBe(1);
  });
});

describe('two job types of one name', () => {
  test('are refused, and the store is closed again', async () => {
    const { settings } = await place();
    await initStore(settings);
    const twice = [typed(() => 1), typed(() => 2)];
    const closed = jest.spyOn(Driver.prototype, 'close');
    try {
      await expect(openRunner({ settings, jobs: twice })).rejects.toMatchObject({
        name: 'InputError',
        problems: [{ path: 'type', message: expect.stringContaining('"demo" is defined twice') }],
      });
      expect(closed).toHaveBeenCalledTimes(1);
    } finally {
      closed.mockRestore();
    }
  });
});

describe('a file that another process keeps locked', () => {
  test('does not keep a drain beyond its time', async () => {
    const { runner, path } = await opened({ jobs: [typed(() => 1)] });
    const other = new Driver(path);
    other.exec('BEGIN IMMEDIATE');
    try {
      const began = performance.now();
      await expect(runner.drain({ time_left_ms: 2000 })).rejects.toMatchObject({
        code: 'store_unavailable',
      });
      expect(performance.now() - began).toBeLessThan(3500);
    } finally {
      other.exec('ROLLBACK');
      other.close();
    }
    const { outcomes } = await runner.drain();
    const [job] = await runner.store.listJobs({ limit: 1 });
    // The claim that was given up may get through first once the file is free: its lock keeps the job then.
    const kept = outcomes.success === 1 ? [{ success: 1 }, 'success'] : [{}, 'locked'];
    expect([outcomes, job?.status]).toEqual(kept);
  });
});

test('a preview leaves what a drain of the same deadline would leave', async () => {
  const { runner } = await opened({ jobs: [typed(() => 1)] }, { JOB_DEADLINE: '10' });
  const { store } = runner;
  for (let i = 0; i < 3; i += 1) {
    const ids = { execution_ids: [`execution-${i}`], lock_seconds: 60, trigger: 'test' };
    await runner.create({ name: 'long', job_type: 'demo' });
    const [pick] = (await store.claimJobs({ instance_id: 'a', job_types: ['demo'], ...ids })).picks;
    const learned = { delay_seconds: 0, retry_used: false, stretch_seconds: 100 };
    const ended = { status: 'success', job_status: 'success', result: null, error: null } as const;
    const said = { logs: [], alert: null };
    await store.recordExecutions([{ fence: pick!.fence, ...said, ...learned, ...ended }]);
  }
  const left = [{ job_type: 'demo', usual_seconds: 100 }];
  expect(await runner.preview()).toMatchObject({ picks: [], too_long: left });
  expect(await runner.drain()).toMatchObject({ picked: 0, stopped: 'too_long' });
});
