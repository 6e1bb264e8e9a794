// Importing what an earlier scheduler executed: once each, in bounded batches, and whenever it is asked for.
import { describe, expect, test } from '@jest/globals';
import type { PastExecution } from '../../src/core/history.ts';
import type { Earlier } from '../support/earlier.ts';
import { dump, eventsOf, jobOf } from '../support/store.ts';
import { aJob, anExecution, earlierWith, importScene } from './import_scene.ts';

const nothing = {
  added: 0,
  present: 0,
  unchecked: 0,
  unfinished: 0,
  left_out: 0,
  stopped: false,
};

/** `count` executions of job `a`, a minute apart, e0 first. */
const many = (count: number, result = '{}'): Promise<Earlier> => {
  const rows = Array.from({ length: count }, (_, at) => {
    const time = new Date(Date.UTC(2025, 0, 1) + at * 60_000).toISOString();
    return `('e${at}', 'a', 'success', '${time}', '${time}', '${time}', '${result}')`;
  });
  return earlierWith(
    aJob({ job_id: 'a', name: 'hourly' }),
    `INSERT INTO job_executions
       (execution_id, job_id, status, created_at, started_at, finished_at, result)
     VALUES ${rows.join(', ')}`,
  );
};

const batchesIn = ({ calls }: { calls: { method: string; args: unknown[] }[] }) =>
  calls
    .filter(({ method }) => method === 'importHistory')
    .map(({ args }) => args[0] as PastExecution[]);

describe('history', () => {
  test('comes as finished jobs of its schedule, with results, errors and logs', async () => {
    const there = await earlierWith(
      aJob({ job_id: 'a', name: 'hourly' }),
      anExecution('a', '2025-01-01T10:00:01', { execution_id: 'x', result: '{"n": 4}' }),
      anExecution('a', '2025-01-01T11:00:02', {
        execution_id: 'y',
        status: 'failed',
        error_message: 'no luck',
        logs: 'one\ntwo',
      }),
    );
    const line = await importScene();
    expect((await line.importAll(there)).history).toEqual({ ...nothing, added: 2 });
    const { slots, schedule } = await line.detail();
    expect(slots.filter(({ status }) => status === 'fired')).toMatchObject([
      { reason: 'imported', job_id: 'imported:a:y', job_status: 'failed' },
      { reason: 'imported', job_id: 'imported:a:x', job_status: 'success' },
    ]);
    expect(schedule.last_execution).toEqual(new Date('2025-01-01T11:00:02Z'));
    const { executions } = (await line.store.getJob('imported:a:x'))!;
    expect(executions).toMatchObject([{ status: 'success', result: { n: 4 } }]);
    expect(await jobOf(line.store, 'imported:a:y')).toMatchObject({
      name: 'hourly',
      status: 'failed',
      run_at: new Date('2025-01-01T11:00:02Z'),
    });
    const events = await eventsOf(line.store, 'imported:a:y');
    expect(events.flatMap(({ kind, data }) => (kind === 'log' ? [data] : []))).toMatchObject([
      { message: 'one' },
      { message: 'two' },
    ]);
  });

  test('is never executed again', async () => {
    const line = await importScene();
    await line.importAll(
      await earlierWith(
        aJob({ job_id: 'a', status: 'paused' }),
        anExecution('a', '2025-01-01T10:00:00', { status: 'failed' }),
      ),
    );
    expect((await line.drain()).picked).toBe(0);
  });

  test('that comes again is here already, and stays as it became here', async () => {
    const there = await many(3);
    const line = await importScene();
    await line.importAll(there);
    await line.store.deleteJob('imported:a:e1');
    const ids = ['imported:a:e0', 'imported:a:e2'];
    const before = await dump(line.store, ids);
    await there.run("UPDATE job_executions SET status = 'failed'");
    expect((await line.importAll(there)).history).toEqual({ ...nothing, added: 1, present: 2 });
    expect(await dump(line.store, ids)).toEqual(before);
  });

  test('that is not over there comes with a later import', async () => {
    const now = new Date().toISOString();
    const there = await earlierWith(
      aJob({ job_id: 'a' }),
      anExecution('a', now, { status: 'running', execution_id: 'x' }),
    );
    const line = await importScene();
    expect((await line.importAll(there)).history).toEqual({ ...nothing, unfinished: 1 });
    await there.run("UPDATE job_executions SET status = 'success'");
    expect((await line.importAll(there)).history).toEqual({ ...nothing, added: 1 });
  });

  test('of schedules that are not imported is left out', async () => {
    const at = '2025-01-01T10:00:00';
    const there = await earlierWith(
      aJob({ job_id: 'a', name: 'one' }),
      aJob({ job_id: 'b', config: '{no' }),
      aJob({ job_id: 'c', status: 'deleted' }),
      ...['a', 'b', 'c', 'c'].map((id) => anExecution(id, at)),
      anExecution('b', new Date().toISOString(), { status: 'running' }),
    );
    const line = await importScene();
    expect((await line.importAll(there)).history).toEqual({ ...nothing, added: 1, left_out: 4 });
    await line.move('one', 'delete');
    await there.run(anExecution('a', at));
    expect((await line.importAll(there)).history).toEqual({ ...nothing, left_out: 6 });
  });
});

describe('batches of history', () => {
  test('are of a hundred at most, oldest first', async () => {
    const line = await importScene();
    expect((await line.importAll(await many(250))).history).toEqual({ ...nothing, added: 250 });
    const batches = batchesIn(line);
    expect(batches.map(({ length }) => length)).toEqual([100, 100, 50]);
    const ids = batches.flat().map(({ job_id }) => job_id);
    expect(ids).toEqual(Array.from({ length: 250 }, (_, at) => `imported:a:e${at}`));
  });

  test('are of a megabyte at most, unless one alone is larger', async () => {
    const line = await importScene();
    const there = await many(5, JSON.stringify({ text: 'x'.repeat(390_000) }));
    await there.run(
      `UPDATE job_executions SET result = '${JSON.stringify({ text: 'y'.repeat(1_040_000) })}'
       WHERE execution_id = 'e3'`,
    );
    expect((await line.importAll(there)).history.added).toBe(5);
    const told = batchesIn(line).map((batch) => batch.map(({ job_id }) => job_id.slice(-2)));
    expect(told).toEqual([['e0', 'e1'], ['e2'], ['e3'], ['e4']]);
  });

  test('are told of one by one; an interrupt between them stops, and the rest comes another time', async () => {
    const there = await many(250);
    const line = await importScene();
    const stop = new AbortController();
    const heard: number[] = [];
    const options = {
      interrupt: stop.signal,
      heard: ({ added }: { added: number }) => {
        heard.push(added);
        if (added === 200) stop.abort();
      },
    };
    const { history } = await line.importAll(there, options);
    expect(history).toEqual({ ...nothing, added: 200, stopped: true });
    expect(heard).toEqual([100, 200]);
    expect((await line.importAll(there)).history).toEqual({ ...nothing, added: 50, present: 200 });
  });

  test('are whole where the store went away in between, and the rest comes another time', async () => {
    const there = await many(150);
    const line = await importScene();
    const broken = {
      ...line.store,
      importHistory: async (batch: PastExecution[]) => {
        if (batch.length < 100) throw new Error('gone');
        return line.store.importHistory(batch);
      },
    };
    await expect(line.importAll(there, {}, broken)).rejects.toThrow('gone');
    expect((await line.importAll(there)).history).toEqual({ ...nothing, added: 50, present: 100 });
  });
});
