// What people are told when a move is refused.
import { describe, expect, test } from '@jest/globals';
import { deleteJob, moveJob } from '../../src/core/steer.ts';
import { ConflictError, NotFoundError } from '../../src/index.ts';
import { claimRequest } from '../support/jobs.ts';
import { dump } from '../support/store.ts';
import { createLine, demo } from './line.ts';

const empty = () => createLine([demo(() => 1)]);

describe('a move is refused in words when', () => {
  test('there is no such job', async () => {
    const { store } = await empty();
    const refused = moveJob(store, 'nobody', 'cancel');
    await expect(refused).rejects.toBeInstanceOf(NotFoundError);
    await expect(refused).rejects.toThrow('There is no job nobody.');
    await expect(deleteJob(store, 'nobody')).rejects.toBeInstanceOf(NotFoundError);
  });

  test('the status does not allow it, naming those that would', async () => {
    const line = await empty();
    const { job_id } = await line.runOne({ name: 'done' });
    const before = await dump(line.store, [job_id]);
    const refused = moveJob(line.store, job_id, 'cancel');
    await expect(refused).rejects.toBeInstanceOf(ConflictError);
    await expect(refused).rejects.toThrow(
      new RegExp(`Job ${job_id} \\("done"\\) is success; only .*waiting.* can be cancelled`),
    );
    expect(await dump(line.store, [job_id])).toEqual(before);
  });

  test('another unfinished job has its unique_key', async () => {
    const { store, create } = await empty();
    const old = await create({ unique_key: 'daily' });
    await moveJob(store, old, 'cancel');
    await create({ unique_key: 'daily' });
    await expect(moveJob(store, old, 'retry')).rejects.toThrow(
      'cannot be retried: another unfinished job has its unique_key "daily"',
    );
  });

  test('a job to be deleted is running, or others wait for it', async () => {
    const { store, create } = await empty();
    const running = await create({ priority: 1 });
    await store.claimJobs(claimRequest());
    await expect(deleteJob(store, running)).rejects.toThrow(/is locked; only .*waiting/);
    const needed = await create();
    await create({ depends_on: [needed] });
    await expect(deleteJob(store, needed)).rejects.toThrow(/other jobs \w+ .*it/);
  });
});

test('a move that is allowed answers the job as it is now', async () => {
  const { store, create } = await empty();
  const id = await create();
  expect((await moveJob(store, id, 'disable')).status).toBe('disabled');
  expect((await moveJob(store, id, 'enable')).status).toBe('waiting');
  expect((await moveJob(store, id, 'cancel')).status).toBe('cancelled');
  expect((await moveJob(store, id, 'retry')).status).toBe('waiting');
  expect((await deleteJob(store, id)).job_id).toBe(id);
  expect(await store.getJob(id)).toBeNull();
});
