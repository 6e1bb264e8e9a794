// The teller: what it asks of a record, whom it tells of what, and that nothing about telling ever
// gets in the way of a drain.
import { describe, expect, test } from '@jest/globals';
import type { NotedAlert } from '../../src/core/alert.ts';
import { type Alert, createTeller, type LockExpired } from '../../src/core/alerting.ts';
import type { RunnerEvent } from '../../src/core/events.ts';
import type { Pick as Picked } from '../../src/core/job.ts';
import { StoreUnavailableError } from '../../src/errors.ts';
import { settle } from '../support/clock.ts';

const since = new Date('2031-05-17T09:30:00Z');
const failing: NotedAlert = { kind: 'failing', subject: 'type:demo', failures: 3, since };
const recovered: NotedAlert = { ...failing, kind: 'recovered' };
const slow: NotedAlert = {
  kind: 'slow',
  execution_id: 'e-1',
  usual_seconds: 10,
  duration_seconds: 99,
};

/** As much of a pick as the teller looks at. */
const picked = {
  job: { job_id: 'j-1', name: 'nightly', job_type: 'demo', schedule_id: null },
  fence: { job_id: 'j-1', execution_id: 'e-1', lock_epoch: 1 },
} as Picked;

interface Given {
  send?: (alert: Alert, within_ms: number) => Promise<void>;
  alertTold?: () => Promise<void>;
  left_ms?: number;
}

const scene = ({ send = async () => undefined, alertTold, left_ms = 60_000 }: Given = {}) => {
  const sent: { alert: Alert; within_ms: number }[] = [];
  const told: string[] = [];
  const events: RunnerEvent[] = [];
  const note = async (alert: Alert, within_ms: number) => {
    sent.push({ alert, within_ms });
    await send(alert, within_ms);
  };
  const store = {
    alertTold: async (subject: string) => {
      told.push(subject);
      await alertTold?.();
    },
  };
  const emit = (event: RunnerEvent) => events.push(event);
  const deps = { store, emit, timeLeftMs: () => left_ms };
  const teller = createTeller({ after: 3, slow_times: 5, send: note }, deps);
  return { teller, sent, told, events, deps };
};

const lock = (n: number): LockExpired => ({
  job_id: `j-${n}`,
  name: `job ${n}`,
  execution_id: `e-${n}`,
  held_by: 'gone',
  job_status: 'waiting',
});

describe('a teller', () => {
  test('asks a record to count failures, and to compare how long it took from 10 s on', () => {
    const { teller } = scene();
    expect(teller.policy(9.999)).toEqual({ after: 3, slow_times: null });
    expect(teller.policy(10)).toEqual({ after: 3, slow_times: 5 });
  });

  test('without anybody to tell asks for nothing and does nothing', async () => {
    const { deps, events, told } = scene();
    const teller = createTeller(null, deps);
    expect(teller.policy(1e6)).toBeNull();
    teller.tellOf([failing, slow], picked, 'no');
    teller.locksExpired([lock(1)]);
    await teller.finish();
    expect([events, told]).toEqual([[], []]);
  });

  test('completes what the store noted by the job in hand', async () => {
    const { teller, sent, events } = scene();
    teller.tellOf([failing, slow], picked, 'no answer');
    await teller.finish();
    const job = { job_id: 'j-1', name: 'nightly', job_type: 'demo' };
    expect(sent.map(({ alert }) => alert)).toEqual([
      { ...failing, ...job, error_message: 'no answer' },
      { ...slow, ...job },
    ]);
    const said = { event: 'alert.sent', name: 'nightly', job_id: 'j-1' };
    expect(events).toHaveLength(2);
    expect(events).toContainEqual({ ...said, kind: 'failing' });
    expect(events).toContainEqual({ ...said, kind: 'slow' });
  });

  test('leaves alone what was noted of others', async () => {
    const { teller, sent } = scene();
    const others: NotedAlert[] = [
      { ...failing, subject: 'type:other' },
      { ...failing, subject: 'schedule:s-1' },
      { ...slow, execution_id: 'e-2' },
    ];
    teller.tellOf(others, picked, null);
    await teller.finish();
    expect(sent).toEqual([]);
  });

  test('notes that people were told of a streak, and of nothing else', async () => {
    const { teller, told } = scene();
    teller.tellOf([failing, slow, recovered], picked, null);
    teller.locksExpired([lock(1)]);
    await teller.finish();
    expect(told).toEqual(['type:demo']);
  });

  test('tells of all locks of one pick at once, and of no lock not at all', async () => {
    const { teller, sent } = scene();
    teller.locksExpired([]);
    teller.locksExpired([lock(1), lock(2), lock(3)]);
    await teller.finish();
    expect(sent.map(({ alert }) => alert)).toEqual([
      { kind: 'lock_expired', job_id: 'j-1', name: 'job 1', expired: [lock(1), lock(2), lock(3)] },
    ]);
  });

  test.each([
    [60_000, 5000],
    [Number.POSITIVE_INFINITY, 5000],
    [1200, 1200],
    [-1, 0],
  ])('with %d ms left gives a message %d ms', async (left_ms, within_ms) => {
    const { teller, sent } = scene({ left_ms });
    teller.tellOf([recovered], picked, null);
    await teller.finish();
    expect(sent).toMatchObject([{ within_ms }]);
  });

  test('says that nobody was told, and does not note that somebody was', async () => {
    const { teller, told, events } = scene({ send: () => Promise.reject(new Error('host: 500')) });
    teller.tellOf([failing], picked, null);
    await expect(teller.finish()).resolves.toBeUndefined();
    expect(told).toEqual([]);
    expect(events).toEqual([
      {
        event: 'alert.failed',
        kind: 'failing',
        name: 'nightly',
        job_id: 'j-1',
        of: 'webhook',
        reason: 'host: 500',
      },
    ]);
  });

  test.each([
    [
      'throws at once',
      () => {
        throw new TypeError('at once');
      },
      'at once',
    ],
    ['rejects with no error', () => Promise.reject('a word'), 'a word'],
  ])('bears with a webhook that %s', async (_, send, reason) => {
    const { teller, events } = scene({ send });
    teller.tellOf([recovered], picked, null);
    await expect(teller.finish()).resolves.toBeUndefined();
    expect(events).toMatchObject([{ event: 'alert.failed', of: 'webhook', reason }]);
  });

  test('says so when people were told but that could not be noted', async () => {
    const alertTold = () => Promise.reject(new StoreUnavailableError('away'));
    const { teller, events } = scene({ alertTold });
    teller.tellOf([failing], picked, null);
    await expect(teller.finish()).resolves.toBeUndefined();
    expect(events).toMatchObject([{ event: 'alert.failed', of: 'store', reason: 'away' }]);
  });

  test('waits at the end for what is being sent, and for the note of it', async () => {
    const opens: (() => void)[] = [];
    const gate = () => new Promise<void>((resolve) => opens.push(resolve));
    const { teller, events } = scene({ send: gate, alertTold: gate });
    teller.tellOf([failing], picked, null);
    let finished = false;
    const end = teller.finish().then(() => {
      finished = true;
    });
    await settle();
    expect([finished, opens.length]).toEqual([false, 1]);
    opens.shift()!();
    await settle();
    expect([finished, opens.length, events]).toEqual([false, 1, []]);
    opens.shift()!();
    await end;
    expect(events).toMatchObject([{ event: 'alert.sent' }]);
  });
});
