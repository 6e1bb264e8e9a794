// Whom a drain tells of what on its way, with somebody who listens; the store counts, on a real file.
import { describe, expect, test } from '@jest/globals';
import type { Alert } from '../../src/core/alerting.ts';
import { settle } from '../support/clock.ts';
import { claimRequest } from '../support/jobs.ts';
import { createLine, demo, type Line } from './line.ts';

describe('a drain', () => {
  /** Everything that was told, and a way to drain with somebody to tell. */
  const telling = (line: Line, send: (alert: Alert) => Promise<void> = async () => undefined) => {
    const told: Alert[] = [];
    const note = (alert: Alert) => {
      told.push(alert);
      return send(alert);
    };
    const alerting = { after: 3, slow_times: 5, send: note };
    const drain = (given = {}) => line.until(line.start(given, { alerting }));
    return { told, drain };
  };
  /** Jobs that take as many seconds as `seconds` says. */
  const lineOf = async (seconds: () => number): Promise<Line> => {
    const line: Line = await createLine([
      demo(
        () =>
          new Promise((resolve) => {
            line.clock.after(seconds() * 1000, () => resolve(null));
          }),
      ),
    ]);
    return line;
  };

  test('tells of an execution that takes five times as long as usual, not of one a little shorter', async () => {
    let seconds = 20;
    const line = await lineOf(() => seconds);
    const { told, drain } = telling(line);
    for (let i = 0; i < 3; i += 1) await line.create();
    await drain();
    seconds = 99;
    await line.create();
    await drain();
    expect(told).toEqual([]);
    seconds = 105;
    const job_id = await line.create({ name: 'the long one' });
    await drain();
    expect(told).toMatchObject([
      { kind: 'slow', job_id, name: 'the long one', job_type: 'demo', usual_seconds: 20 },
    ]);
    expect((told[0] as Alert & { kind: 'slow' }).duration_seconds).toBeCloseTo(105, 0);
  });

  test('does not tell of what takes less than 10 s, whatever is usual', async () => {
    let seconds = 1;
    const line = await lineOf(() => seconds);
    const { told, drain } = telling(line);
    for (let i = 0; i < 3; i += 1) await line.create();
    await drain();
    seconds = 9;
    await line.create();
    expect(await drain()).toMatchObject({ outcomes: { success: 1 } });
    expect(told).toEqual([]);
  });

  test('is not kept from the next job by a message under way, and waits for it at the end', async () => {
    const line = await createLine([
      demo(({ job }) => {
        if (job.name !== 'good') throw new Error('no');
      }),
    ]);
    let open = (): void => undefined;
    const opened = new Promise<void>((resolve) => {
      open = resolve;
    });
    const { told, drain } = telling(line, () => opened);
    for (let i = 0; i < 3; i += 1) await line.create({ max_retries: 0, priority: 1 });
    await line.create({ name: 'good' });
    let over = false;
    const draining = drain().then((tally) => {
      over = true;
      return tally;
    });
    await settle();
    while (line.eventsNamed('job.recorded').length < 4) await settle();
    expect(told.map(({ kind }) => kind)).toEqual(['failing', 'recovered']);
    expect(over).toBe(false);
    open();
    expect(await draining).toMatchObject({ outcomes: { failed: 3, success: 1 } });
  });

  test('tells of the locks that its pick released, once', async () => {
    const line = await createLine([demo(() => 1)]);
    for (let i = 0; i < 3; i += 1) await line.create({ name: `${i}` });
    const execution_ids = ['a', 'b', 'c'];
    await line.store.claimJobs(claimRequest({ instance_id: 'dead', execution_ids }));
    await line.clock.advance(60_000);
    const { told, drain } = telling(line);
    expect(await drain()).toMatchObject({ released: 3, outcomes: { success: 3 } });
    expect(told).toMatchObject([{ kind: 'lock_expired', name: '0' }]);
    const { expired } = told[0] as Alert & { kind: 'lock_expired' };
    expect(expired.map(({ name, held_by }) => [name, held_by])).toEqual([
      ['0', 'dead'],
      ['1', 'dead'],
      ['2', 'dead'],
    ]);
  });

  test('without anybody to tell asks its records to count nothing', async () => {
    const line = await createLine([demo(() => Promise.reject(new Error('no')))]);
    for (let i = 0; i < 4; i += 1) await line.create({ max_retries: 0 });
    await line.drain();
    const records = line.calls.filter(({ method }) => method === 'recordExecutions');
    expect(records.map(({ args }) => args[0])).toMatchObject(Array(4).fill([{ alert: null }]));
    expect(line.called()).not.toContain('alertTold');
  });
});
