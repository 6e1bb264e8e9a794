// Whose fault it is: what code leaves behind is told of while it is still that code's turn.
import { describe, expect, test } from '@jest/globals';
import { detailOf } from '../support/store.ts';
import { createLine, demo } from './line.ts';

/** Two jobs that may not be retried: `first`, then `second`. */
const twoJobs = async (...[run, options]: [Parameters<typeof demo>[0], object?]) => {
  const line = await createLine([demo(run)], options);
  const first = await line.create({ name: 'first', priority: 1, max_retries: 0 });
  const second = await line.create({ name: 'second', max_retries: 0 });
  const end = async () => {
    const details = await Promise.all([first, second].map((id) => detailOf(line.store, id)));
    return details.map(({ job, executions }) => ({
      status: job.status,
      retries: job.current_retries,
      executions: executions.map(({ status, error_message }) => [status, error_message]),
    }));
  };
  return { line, end };
};

const untouched = { status: 'waiting', retries: 0, executions: [] };

describe('a fault of code that has returned', () => {
  test('is its own, and the next job is not begun', async () => {
    const stop = new AbortController();
    const { line, end } = await twoJobs(() => {
      // Node tells of a rejected promise that nobody handles at just this moment.
      process.nextTick(() => stop.abort(new TypeError('left behind')));
      return 'done';
    });
    const tally = await line.drain({ interrupt: stop.signal });
    expect(tally).toMatchObject({ picked: 1, stopped: 'interrupted', outcomes: { failed: 1 } });
    expect(await end()).toEqual([
      { status: 'failed', retries: 0, executions: [['failed', 'left behind']] },
      untouched,
    ]);
  });
});

describe('a fault that comes before code begins', () => {
  test('is not the fault of the job that was just picked', async () => {
    let ran = 0;
    const stop = new AbortController();
    const { line, end } = await twoJobs(() => {
      ran += 1;
    });
    const emit = ({ event }: { event: string }) => {
      if (event === 'job.picked') stop.abort(new Error('of somebody else'));
    };
    const tally = await line.until(line.start({ interrupt: stop.signal }, { emit }));
    expect(tally).toMatchObject({ picked: 1, stopped: 'interrupted', outcomes: { yielded: 1 } });
    expect(ran).toBe(0);
    expect(await end()).toEqual([
      { status: 'waiting', retries: 0, executions: [['yielded', 'of somebody else']] },
      untouched,
    ]);
  });

  test('changes nothing of the job whose success is being recorded', async () => {
    const stop = new AbortController();
    const faults = ({ method }: { method: string }) => {
      if (method === 'recordExecutions') stop.abort(new Error('much later'));
      return undefined;
    };
    const { line, end } = await twoJobs(({ job }) => job.name, { faults });
    const { outcomes } = await line.drain({ interrupt: stop.signal });
    expect(outcomes).toEqual({ success: 1, yielded: 1 });
    expect(await end()).toEqual([
      { status: 'success', retries: 0, executions: [['success', null]] },
      { status: 'waiting', retries: 0, executions: [['yielded', 'much later']] },
    ]);
  });
});
