// What a second pair of eyes found: clocks set back and pauses, changed rules and ranges, lost answers,
// planning that must not stand in the way of a job.
import { describe, expect, test } from '@jest/globals';
import { saveSchedules } from '../../../src/core/schedules.ts';
import type { Fault } from '../faults.ts';
import { untilStopped } from '../line.ts';
import { DAY, decided, HOUR, MINUTE, scene } from './scene.ts';

type Scene = Awaited<ReturnType<typeof scene>>;

const change = async (line: Scene, schedule_expression: string) => {
  const { schedule } = await line.detail();
  const write = { ...schedule, status: null, schedule_expression };
  await saveSchedules([write], line.scheduleDeps);
};

describe('the ledger tells each time once', () => {
  test('when a clock is set back before a pause', async () => {
    const line = await scene();
    await line.schedule();
    await line.clock.advance(3 * HOUR);
    await line.drain();
    line.setBack(3 * HOUR);
    await line.move('hourly', 'pause');
    await line.clock.advance(8 * HOUR);
    await line.move('hourly', 'resume');
    expect(decided(await line.ledger())).toEqual([
      '10:00 missed superseded',
      '11:00 missed superseded',
      '12:00 fired due',
      '13:00-17:00 skipped paused 5',
    ]);
  });

  test('when a changed rule is followed by an outage', async () => {
    const line = await scene();
    await line.schedule({ schedule_expression: '0 7 * * *' });
    await change(line, '0 * * * *');
    await line.clock.advance(2 * DAY);
    await line.drain();
    const rows = decided(await line.ledger());
    expect(rows.filter((row) => row.includes('changed'))).toEqual([]);
    const { slots } = await line.detail();
    const told = slots
      .filter(({ status }) => status !== 'planned')
      .reduce((sum, { times }) => sum + (times ?? 0), 0);
    expect(told).toBe(48);
  });

  test('when a paused schedule is deleted', async () => {
    const line = await scene();
    const { schedule_id } = await line.schedule({ schedule_expression: '0 12 * * *' });
    await line.move('hourly', 'pause');
    await line.clock.advance(30 * DAY);
    await line.move('hourly', 'delete');
    expect(await line.ledger(schedule_id)).toEqual(['12:00-12:00 skipped paused 30']);
  });

  test('and the end of a range that was not counted is one of its times', async () => {
    const line = await scene();
    await line.schedule({ schedule_expression: '*/5 * * * *' });
    await line.move('hourly', 'pause');
    await line.clock.advance(20 * DAY + 3 * MINUTE);
    await line.move('hourly', 'resume');
    const [range] = (await line.detail()).slots.filter(({ reason }) => reason === 'paused');
    expect(range?.times).toBeNull();
    expect(range?.until_at?.toISOString()).toBe('2031-06-06T09:30:00.000Z');
  });
});

describe('an answer that was lost', () => {
  /** The store of the runner sends again by itself; the first answer of `method` is lost. */
  const losing = (method: string) => {
    let lost = false;
    const faults = (call: { method: string }): Fault | undefined => {
      if (call.method !== method || lost) return undefined;
      lost = true;
      return 'answer lost';
    };
    return scene({ faults });
  };

  test('makes no conflict of a pause that was carried out', async () => {
    const line = await losing('moveSchedule');
    await line.schedule();
    const { resending } = await import('../../../src/core/resend.ts');
    const { clock, random, emit, store } = line.deps;
    const again = resending(store, {
      clock,
      random,
      emit,
      patienceMs: () => 10_000,
      interrupt: null,
    });
    const { moveSchedule } = await import('../../../src/core/schedules.ts');
    const moved = moveSchedule('hourly', 'pause', { store: again, emit });
    expect(await line.until(moved)).toMatchObject({ status: 'paused' });
  });

  test('does not hide that a job was made by hand', async () => {
    const line = await losing('triggerSchedule');
    await line.schedule();
    const { resending } = await import('../../../src/core/resend.ts');
    const { clock, random, emit, store } = line.deps;
    const patienceMs = () => 10_000;
    const again = resending(store, { clock, random, emit, patienceMs, interrupt: null });
    const { triggerSchedule } = await import('../../../src/core/schedules.ts');
    const made = triggerSchedule('hourly', {}, { store: again, newId: line.deps.newId });
    expect(await line.until(made)).toMatchObject({ created: true });
  });
});

describe('a job in hand', () => {
  test('does not wait for a planning that gets no answer', async () => {
    const line = await scene({
      faults: ({ method }) => (method === 'planSchedules' && armed ? 'silent' : undefined),
    });
    let armed = false;
    await line.schedule();
    await line.clock.advance(31 * MINUTE);
    armed = true;
    const drain = line.start();
    for (let i = 0; i < 20; i += 1) await line.clock.advance(0);
    expect(line.eventsNamed('job.recorded')).toHaveLength(1);
    armed = false;
    await line.until(drain).catch(() => undefined);
  });

  test('is not kept from its deadline by schedules that are short', async () => {
    const line = await scene({}, (ctx?: never) => untilStopped(ctx as never));
    for (let i = 0; i < 30; i += 1) {
      await line.schedule({ name: `minutely ${i}`, schedule_expression: '* * * * *' });
    }
    await line.create();
    await line.clock.advance(5 * DAY);
    const tally = await line.drain({ time_left_ms: 20_000 });
    expect(tally.stopped).toBe('deadline');
    expect(tally.outcomes).toEqual({ yielded: 1 });
  });
});

test('a message to people that takes its time holds up no job of `work`', async () => {
  const line = await scene({}, () => {
    throw new Error('no');
  });
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  line.deps.alerting = { after: 1, slow_times: 5, send: () => opened };
  await line.create({ max_retries: 0 });
  const stop = new AbortController();
  const working = line.work({ interrupt: stop.signal, poll_interval_seconds: 1 });
  await line.clock.advance(1500);
  await line.create({ max_retries: 0 });
  await line.clock.advance(3000);
  expect(line.eventsNamed('job.recorded')).toHaveLength(2);
  open();
  stop.abort('over');
  await line.until(working);
  expect(line.eventsNamed('alert.sent')).toHaveLength(1);
});

test('work looks again after a second, not at once, when due slots are held by others', async () => {
  const line = await scene();
  let claims = 0;
  const real = line.deps.store;
  const held = new Proxy(real, {
    get: (target, name: keyof typeof real) => {
      if (name !== 'claimJobs') return target[name];
      return async (request: never) => {
        claims += 1;
        return { ...(await target.claimJobs(request)), next_due_seconds: 0 };
      };
    },
  });
  line.deps.store = held;
  const stop = new AbortController();
  const working = line.work({ interrupt: stop.signal, poll_interval_seconds: 5 });
  await line.clock.advance(10_000);
  stop.abort('over');
  await line.until(working);
  expect(claims).toBeLessThan(15);
});
