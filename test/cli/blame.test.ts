// What job code leaves behind in the process: blamed on whose it is, and on nobody when the fence held.
import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { build, bundled } from './bundle.ts';

const source = `
  import { once } from 'node:events';
  import { setTimeout as sleep } from 'node:timers/promises';
  const config = { safeParseAsync: async (data) => ({ success: true, data }) };
  const untilStopped = (signal) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
  let go;
  const gone = new Promise((resolve) => { go = resolve; });
  const stopped = (leave) => ({ timeout: 0.05, run: ({ signal }) => { leave(signal); return untilStopped(signal); } });
  const types = {
    fine: { run: () => 'fine' },
    'leaves-rejection': { run: () => { void Promise.reject(new Error('floated')); return 'returned'; } },
    'throws-nothing-known': { run: ({ signal }) => { setTimeout(() => { throw Object.create(null); }); return untilStopped(signal); } },
    'rejects-nothing-known': { run: ({ signal }) => { void Promise.reject(Object.create(null)); return untilStopped(signal); } },
    'leaves-step': { run: ({ step }) => new Promise((begun) => { void step('late', () => { begun('returned'); return gone; }); }) },
    'meets-step': { run: () => { const told = once(process, 'unhandledRejection'); go(); return told.then(([error]) => error.name); } },
    'leaves-reason': stopped((signal) => { void untilStopped(signal); }),
    'leaves-sleep': stopped((signal) => { void sleep(60_000, 0, { signal }); }),
    'throws-reason': stopped((signal) => signal.addEventListener('abort', () => { throw signal.reason; })),
  };
  export const jobs = Object.entries(types).map(([type, of]) => ({ type, config, ...of }));`;

beforeAll(build);

let cli: Awaited<ReturnType<typeof bundled>>;
beforeEach(async () => {
  cli = await bundled(source);
});

/** Two jobs that may not be retried, drained in this order. */
const runTwo = async (first: string, second: string) => {
  const ids = [
    await cli.create({ job_type: first, priority: 1, max_retries: 0 }),
    await cli.create({ job_type: second, max_retries: 0 }),
  ];
  const { code, out, err } = await cli.run('run', '--json');
  const details = await Promise.all(ids.map((id) => cli.show(id)));
  const ended = details.map(({ job, executions }) => ({
    status: job.status,
    retries: job.current_retries,
    executions: executions.map(({ status, result, error_message }) => ({
      status,
      said: error_message ?? result,
    })),
  }));
  return { code, err, stopped: JSON.parse(out).stopped, ended };
};

const untouched = { status: 'waiting', retries: 0, executions: [] };

describe('a fault left behind', () => {
  test.each([
    ['leaves-rejection', 'floated'],
    ['throws-nothing-known', 'a value that is no Error was thrown: {}'],
    ['rejects-nothing-known', 'a value that is no Error was thrown: {}'],
  ])('by code that %s fails it, and the next job is not begun', async (type, said) => {
    const { code, err, stopped, ended } = await runTwo(type, 'fine');
    expect({ code, stopped }).toEqual({ code: 1, stopped: 'interrupted' });
    expect(err).toContain('"event":"code.faulted"');
    expect(ended).toEqual([
      { status: 'failed', retries: 0, executions: [{ status: 'failed', said }] },
      untouched,
    ]);
  });
});

describe('what the fence has kept off', () => {
  test('a step that comes to its end after its job is told of and harms nobody', async () => {
    const { code, err, stopped, ended } = await runTwo('leaves-step', 'meets-step');
    expect({ code, stopped }).toEqual({ code: 0, stopped: 'empty' });
    expect(err).toContain('"event":"code.faulted"');
    const of = (said: string) => ({
      status: 'success',
      retries: 0,
      executions: [{ status: 'success', said }],
    });
    expect(ended).toEqual([of('returned'), of('ExecutionOverError')]);
  });

  test.each(['leaves-reason', 'leaves-sleep', 'throws-reason'])(
    'the reason of a timeout, in code that %s, does not end the drain',
    async (type) => {
      const { code, err, stopped, ended } = await runTwo(type, 'fine');
      expect({ code, stopped }).toEqual({ code: 1, stopped: 'empty' });
      expect(err).toContain('"event":"code.faulted"');
      expect(ended).toMatchObject([
        { status: 'failed', executions: [{ status: 'timeout', said: 'took longer than 0.05 s' }] },
        { status: 'success', executions: [{ status: 'success', said: 'fine' }] },
      ]);
    },
  );
});
