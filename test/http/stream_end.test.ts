// The end of a job, as a reader of its events is told of it.
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { NotFoundError } from '../../src/errors.ts';
import { failed, succeeded } from '../support/jobs.ts';
import { type StreamWorld, saveProgress, streamWorld, told } from './streaming.ts';

let world: StreamWorld;

beforeEach(async () => {
  world = await streamWorld();
});
afterEach(() => world.close());

describe('that a job is over', () => {
  test('is answered with 204 to a reader that has seen all of it, and not to others', async () => {
    const { job_id, pick } = await world.running();
    await world.store.recordExecutions([succeeded(pick)]);
    const seen = await world.open(job_id, 3);
    expect([seen.status, seen.body]).toEqual([204, null]);
    const almost = await world.reading(job_id, 2);
    expect(told(almost.frames)).toEqual(['status success', 'end success']);
    const first = await world.reading(job_id, null);
    expect(told(first.frames)).toContain('end success');
  });

  test('is not said of one that was retried by hand, whose next end it is', async () => {
    const { job_id, pick } = await world.running();
    await world.store.recordExecutions([failed(pick)]);
    await world.store.moveJob(job_id, 'retry');
    const reader = await world.reading(job_id);
    expect(told(reader.frames).slice(-2)).toEqual(['status failed', 'status waiting']);
    expect(reader.ended).toBe(false);
    await world.store.moveJob(job_id, 'cancel');
    await world.clock.advance(500);
    await reader.goOn();
    expect(told(reader.frames).slice(-2)).toEqual(['status cancelled', 'end cancelled']);
    expect(reader.ended).toBe(true);
  });

  test('is not said of one that is retried while it is being looked at', async () => {
    const { job_id, pick } = await world.running();
    await world.store.recordExecutions([failed(pick)]);
    world.after.getJob = async () => {
      delete world.after.getJob;
      await world.store.moveJob(job_id, 'retry');
    };
    const reader = await world.reading(job_id);
    expect(told(reader.frames).at(-1)).toBe('status waiting');
    expect(reader.ended).toBe(false);
    await reader.cancel();
  });

  test('is said after its last event when it ends while it is being looked at', async () => {
    const { job_id, pick } = await world.running();
    world.after.getJob = async () => {
      delete world.after.getJob;
      await saveProgress(world.store, pick, 150);
      await world.store.recordExecutions([succeeded(pick)]);
    };
    const reader = await world.reading(job_id);
    expect(told(reader.frames).slice(-3)).toEqual([
      'progress at 150',
      'status success',
      'end success',
    ]);
    expect(world.clock.now()).toBe(0);
  });

  test('is said when it is retried and fails again between two looks', async () => {
    const { job_id, pick } = await world.running();
    const reader = await world.reading(job_id);
    await world.store.recordExecutions([failed(pick)]);
    world.after.getJob = async () => {
      delete world.after.getJob;
      await world.store.moveJob(job_id, 'retry');
      await world.store.moveJob(job_id, 'cancel');
    };
    await world.clock.advance(500);
    await reader.goOn();
    expect(told(reader.frames).slice(-4)).toEqual([
      'status failed',
      'status waiting',
      'status cancelled',
      'end cancelled',
    ]);
  });

  test('is said although its events were pruned, or it never had any', async () => {
    const { job_id, pick } = await world.running();
    await saveProgress(world.store, pick, 5);
    await world.store.recordExecutions([succeeded(pick)]);
    await world.advance(40 * 24 * 3600);
    await world.store.prune({ older_than_days: 30, executions: true, jobs: false, limit: 100 });
    const reader = await world.reading(job_id, 3);
    expect(told(reader.frames)).toEqual(['status success', 'end success']);
    world.deps.store.listEvents = async () => [];
    expect(told((await world.reading(job_id)).frames)).toEqual(['end success']);
  });

  test('is said of one that someone else ended without telling an event', async () => {
    const { job_id } = await world.running();
    const { getJob } = world.deps.store;
    world.deps.store.getJob = async (id) => {
      const detail = await getJob(id);
      return detail && { ...detail, job: { ...detail.job, status: 'success' } };
    };
    const reader = await world.reading(job_id);
    expect(told(reader.frames)).toEqual(['status waiting', 'status locked', 'end success']);
    expect(world.calls).toEqual({ getJob: 2, listEvents: 2 });
  });

  test('is found out within 15 s when it is deleted', async () => {
    const { job_id, pick } = await world.running();
    await world.store.recordExecutions([failed(pick)]);
    await world.store.moveJob(job_id, 'retry');
    const reader = await world.reading(job_id);
    await world.store.deleteJob(job_id);
    await world.clock.advance(15_000);
    await reader.goOn();
    expect(told(reader.frames).at(-1)).toBe('end deleted');
    expect(reader.ended).toBe(true);
    await expect(world.open(job_id, 3)).rejects.toThrow(NotFoundError);
  });

  test('cannot be said of a job that never was', async () => {
    await expect(world.open('never')).rejects.toThrow(NotFoundError);
    await expect(world.open('never', null, false)).rejects.toThrow(NotFoundError);
  });
});
