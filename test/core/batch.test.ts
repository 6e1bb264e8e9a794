// Jobs created together: a dependency may be answered by a job that is there already.
import { describe, expect, test } from '@jest/globals';
import { newJob } from '../support/jobs.ts';
import { statusOf } from '../support/store.ts';
import { createLine, demo } from './line.ts';

describe('a dependency that is answered by its unique_key', () => {
  test('by the dependent itself is refused, and nothing is created', async () => {
    const { store } = await createLine([]);
    const needed = newJob({ job_id: 'needed', unique_key: 'k' });
    const itself = newJob({ job_id: 'c', name: 'c', unique_key: 'k', depends_on: ['needed'] });
    await expect(store.createJobs([itself, needed])).rejects.toMatchObject({
      name: 'InputError',
      problems: [{ path: 'depends_on', message: '"c" is the job itself; expected others' }],
    });
    expect(await store.listJobs({ limit: 10 })).toEqual([]);
  });

  test('by an unfinished job makes the dependent wait for that one', async () => {
    const ran: string[] = [];
    const line = await createLine([demo(({ job }) => ran.push(job.job_id))]);
    const { store } = line;
    await store.createJobs([newJob({ job_id: 'there', unique_key: 'k', priority: -1 })]);
    const created = await store.createJobs([
      newJob({ job_id: 'needed', unique_key: 'k' }),
      newJob({ job_id: 'c', depends_on: ['needed'], priority: 5 }),
    ]);
    expect(created).toEqual([
      { job_id: 'there', status: 'waiting', created: false },
      { job_id: 'c', status: 'blocked', created: true },
    ]);
    expect(await store.getJob('needed')).toBeNull();
    await line.drain();
    expect(ran).toEqual(['there', 'c']);
    expect(await statusOf(store, 'c')).toBe('success');
  });
});
