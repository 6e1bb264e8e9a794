// An interrupt: SIGTERM asks us to make room, an Error tells that code broke outside of its promise.
import { describe, expect, test } from '@jest/globals';
import { settle } from '../support/clock.ts';
import { jobOf } from '../support/store.ts';
import { createLine, demo, forever, untilStopped } from './line.ts';

const aborted = (name: string) => Object.assign(new Error('This operation was aborted'), { name });

const interruptedBy = async (reason?: unknown, run = untilStopped) => {
  const stop = new AbortController();
  const line = await createLine([demo(run)]);
  const id = await line.create();
  await line.create();
  const running = line.start({ interrupt: stop.signal });
  await line.clock.advance(3000);
  stop.abort(reason);
  const tally = await line.until(running);
  return { line, tally, job: await jobOf(line.store, id) };
};

describe('an interrupt', () => {
  test.each<[string, unknown, string]>([
    ['with a word', 'SIGTERM', 'interrupted by SIGTERM'],
    ['without a reason', undefined, 'interrupted'],
    ['with an AbortError', aborted('AbortError'), 'interrupted'],
    ['with any other value', 42, 'interrupted'],
  ])('%s yields the running job and picks no other', async (_, reason, message) => {
    const { tally, job, line } = await interruptedBy(reason);
    expect(tally).toMatchObject({ picked: 1, stopped: 'interrupted' });
    expect(tally.executions).toMatchObject([
      { status: 'yielded', job_status: 'waiting', retry_in_seconds: 0, error_message: message },
    ]);
    expect(job).toMatchObject({ status: 'waiting', current_retries: 0 });
    expect(line.called()).toEqual(['claimJobs', 'recordExecutions']);
  });

  test('with an Error fails the running job with it, and retries it', async () => {
    const { tally, job } = await interruptedBy(new TypeError('a stray rejection'));
    expect(tally).toMatchObject({ picked: 1, stopped: 'interrupted', outcomes: { failed: 1 } });
    expect(tally.executions[0]).toMatchObject({
      job_status: 'waiting',
      error_message: 'a stray rejection',
    });
    expect(job).toMatchObject({ status: 'waiting', current_retries: 1 });
  });

  test('waits two seconds for code that ignores it', async () => {
    const { tally, line } = await interruptedBy('SIGTERM', forever);
    expect(tally.outcomes).toEqual({ yielded: 1 });
    expect(line.seconds()).toBeLessThanOrEqual(5.1);
  });

  test('before the drain keeps it from asking the store at all', async () => {
    const line = await createLine([demo(() => 1)]);
    await line.create();
    const tally = await line.drain({ interrupt: AbortSignal.abort('SIGTERM') });
    expect(tally).toMatchObject({ picked: 0, stopped: 'interrupted' });
    expect(line.calls).toHaveLength(0);
  });

  test('while the pick is on its way gives the job back without running its code', async () => {
    let ran = false;
    const stop = new AbortController();
    const faults = () => {
      stop.abort('SIGINT');
      return undefined;
    };
    const line = await createLine(
      [
        demo(() => {
          ran = true;
        }),
      ],
      { faults },
    );
    const id = await line.create();
    const { executions } = await line.drain({ interrupt: stop.signal });
    expect(executions).toMatchObject([{ status: 'yielded', job_status: 'waiting' }]);
    expect(ran).toBe(false);
    expect(await jobOf(line.store, id)).toMatchObject({ status: 'waiting', current_retries: 0 });
    expect(line.clock.timers).toBe(0);
  });

  test('after the code is done lets its success be recorded', async () => {
    const stop = new AbortController();
    const faults = ({ method }: { method: string }) => {
      if (method === 'recordExecutions') stop.abort('SIGTERM');
      return undefined;
    };
    const line = await createLine([demo(() => 'done')], { faults });
    await line.create();
    await line.create();
    const { outcomes, stopped } = await line.drain({ interrupt: stop.signal });
    // The second job was asked for in the call that recorded the first: it is given back.
    expect(outcomes).toEqual({ success: 1, yielded: 1 });
    expect(stopped).toBe('interrupted');
  });

  test('ends the waiting for a store out of reach when there is nothing to record', async () => {
    const stop = new AbortController();
    const line = await createLine([demo(() => 1)], { faults: () => 'down' });
    const running = line.start({ interrupt: stop.signal }).catch((error) => error);
    await settle();
    await line.clock.advance(1000);
    stop.abort('SIGTERM');
    await line.until(running);
    expect(line.seconds()).toBeLessThan(7);
  });
});
