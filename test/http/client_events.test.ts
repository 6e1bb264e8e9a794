// The client reads a job's events: whole, in order, each once, however the connection behaves.
import { describe, expect, test } from '@jest/globals';
import type { Client, EventAnswer } from '../../src/client/client.ts';
import { type Behaviour, callingWorld, hangUp, json, problem, until } from './calling.ts';

const world = await callingWorld();
const { client } = world;

const event = (event_id: number, message = 'm'): EventAnswer => ({
  event_id,
  job_id: '1',
  execution_id: null,
  at: '2031-05-17T09:30:00.123Z',
  kind: 'log',
  data: { level: 'info', message },
});

const frame = (event_id: number, message?: string): string =>
  `event: log\nid: ${event_id}\ndata: ${JSON.stringify(event(event_id, message))}\n\n`;

const END = 'event: end\ndata: {"status":"success"}\n\n';

const begin = (response: Parameters<Behaviour>[0]) => {
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
  response.flushHeaders();
};

/** These bytes, each part in a packet of its own; then the connection ends, breaks or stays. */
const stream =
  (parts: (string | Uint8Array)[], then: 'end' | 'break' | 'stay' = 'end'): Behaviour =>
  async (response) => {
    begin(response);
    for (const part of parts) {
      await new Promise<void>((resolve) => {
        response.write(part, () => setImmediate(resolve));
      });
    }
    if (then === 'end') response.end();
    if (then === 'break') response.socket?.destroy();
  };

const read = async (events: ReturnType<Client['jobs']['events']>) => {
  const seen: EventAnswer[] = [];
  for (;;) {
    const { done, value } = await events.next();
    if (done) return { seen, end: value, ids: seen.map(({ event_id }) => event_id) };
    seen.push(value);
  }
};

const lastIds = () => world.asked.map(({ headers }) => headers['last-event-id'] ?? null);

describe('what is read', () => {
  test('is what was sent, when it comes byte by byte', async () => {
    const message = 'grüße, \u{1f600} 漢字 \u2028';
    const bytes = Buffer.from(`retry: 5\n\n: hello\n\n${frame(1, message)}${frame(2)}${END}`);
    world.behave(stream(Array.from(bytes, (byte) => Uint8Array.of(byte))));
    expect(await read(client.jobs.events('1'))).toMatchObject({
      seen: [event(1, message), event(2)],
      end: 'success',
    });
    expect(world.asked).toMatchObject([
      { method: 'GET', url: '/api/v1/jobs/1/stream', headers: { accept: 'text/event-stream' } },
    ]);
  });

  test('may have lines that end as on other systems, cut anywhere', async () => {
    for (const ending of ['\r\n', '\r']) {
      const lines = `\uFEFF${frame(1)}${frame(2)}${END}:\n`.replaceAll('\n', ending);
      world.behave(stream(lines.split(/(?<=\r)/)));
      expect(await read(client.jobs.events('1'))).toMatchObject({ ids: [1, 2], end: 'success' });
    }
  });

  test('may be of kinds that are not known yet, and frames without an id are nobody’s', async () => {
    const odd = `event: later\nid: 1\ndata: ${JSON.stringify(event(1))}\n\ndata: {}\n\nevent: x\n\n`;
    world.behave(stream([odd, frame(2), END]));
    expect(await read(client.jobs.events('1'))).toMatchObject({ ids: [1, 2], end: 'success' });
  });

  test('goes on after an event that was seen before', async () => {
    world.behave(stream([frame(6), END]));
    expect(await read(client.jobs.events('1', { after: 5 }))).toMatchObject({ ids: [6] });
    expect(lastIds()).toEqual(['5']);
  });

  test('is nothing, and no end, of a job that was over before', async () => {
    world.behave((response) => response.writeHead(204).end());
    expect(await read(client.jobs.events('1', { after: 5 }))).toMatchObject({ ids: [], end: null });
  });
});

describe('a connection', () => {
  test('that breaks in the middle of a frame is made again after the last whole one', async () => {
    world.behave(
      stream([frame(1), frame(2), frame(3).slice(0, -1)], 'break'),
      stream([frame(3).slice(0, 20)], 'break'),
      hangUp,
      stream([frame(3), frame(4), END]),
    );
    expect(await read(client.jobs.events('1'))).toMatchObject({ ids: [1, 2, 3, 4] });
    expect(lastIds()).toEqual([null, '2', '2', '2']);
  });

  test('that ends without an end of the job is made again, as often as it takes', async () => {
    const one = (id: number) => stream([`retry: 1000\n\n${frame(id)}`]);
    const nothing = stream(['retry: 1000\n\n']);
    world.behave(one(1), ...Array.from({ length: 30 }, () => nothing), one(2), stream([END]));
    expect(await read(client.jobs.events('1'))).toMatchObject({ ids: [1, 2], end: 'success' });
    expect(world.asked).toHaveLength(33);
    expect(lastIds().slice(-2)).toEqual(['1', '2']);
    for (const pause of world.timers.pauses) {
      expect(pause).toBeGreaterThanOrEqual(1000);
      expect(pause).toBeLessThan(1200);
    }
  });

  test('is made again after 2 s when nothing was said of it', async () => {
    world.behave(stream([]), stream([END]));
    await read(client.jobs.events('1'));
    expect(world.timers.pauses).toHaveLength(1);
    expect(world.timers.pauses[0]).toBeGreaterThanOrEqual(2000);
  });

  test('that tells again what was told before repeats nothing', async () => {
    world.behave(
      stream([frame(1), frame(2), frame(3)]),
      stream([frame(2), frame(3), frame(4), END]),
    );
    expect(await read(client.jobs.events('1'))).toMatchObject({ ids: [1, 2, 3, 4] });
  });

  test('that says nothing for 45 s is a dead one', async () => {
    world.behave(stream([frame(1)], 'stay'), stream([frame(2), END]));
    const reading = read(client.jobs.events('1'));
    await until(() => world.timers.watches.includes(45_000));
    world.timers.giveUp();
    expect(await reading).toMatchObject({ ids: [1, 2] });
    expect(lastIds()).toEqual([null, '1']);
  });

  test('waits for a reader that takes its time', async () => {
    world.behave(stream([frame(1) + frame(2), END]));
    const events = client.jobs.events('1');
    await events.next();
    expect(world.timers.watches).toEqual([]);
    expect(await read(events)).toMatchObject({ ids: [2], end: 'success' });
  });

  test('that cannot be made for long is given up', async () => {
    world.behave(stream([frame(1)]), hangUp);
    await expect(read(client.jobs.events('1'))).rejects.toMatchObject({ code: 'unreachable' });
    expect(world.asked).toHaveLength(13);
    expect(world.timers.pauses.reduce((sum, pause) => sum + pause)).toBeGreaterThan(35_000);
  });
});

describe('reading', () => {
  test('ends the connection when it is left', async () => {
    world.behave(stream([frame(1)], 'stay'));
    for await (const { event_id } of client.jobs.events('1')) {
      expect(event_id).toBe(1);
      break;
    }
    await until(() => world.open === 0);
    expect(world.timers.watches).toEqual([]);
  });

  test('ends, with the signal’s reason, when it is aborted', async () => {
    world.behave(stream([frame(1)], 'stay'));
    const controller = new AbortController();
    const reason = new Error('enough');
    const events = client.jobs.events('1', { signal: controller.signal });
    await events.next();
    const next = events.next().catch((error: unknown) => error);
    controller.abort(reason);
    expect(await next).toBe(reason);
    await until(() => world.open === 0);
    expect(await events.next()).toEqual({ done: true, value: undefined });
    expect(world.asked).toHaveLength(1);
  });

  test('tells that the job was deleted, whenever that was', async () => {
    world.behave(stream(['event: end\ndata: {"status":"deleted"}\n\n']));
    expect(await read(client.jobs.events('1'))).toMatchObject({ end: 'deleted' });
    world.behave(stream([frame(1)]), problem(404, 'not_found'));
    expect(await read(client.jobs.events('1'))).toMatchObject({ ids: [1], end: 'deleted' });
    world.behave(stream([frame(1)]), problem(404, 'no_route'));
    await expect(read(client.jobs.events('1'))).rejects.toMatchObject({ code: 'no_route' });
    world.behave(problem(404, 'not_found'));
    await expect(read(client.jobs.events('1'))).rejects.toMatchObject({ code: 'not_found' });
  });

  test('does not take something else for a stream', async () => {
    const invalid = { code: 'answer_invalid' };
    world.behave(json({}));
    await expect(read(client.jobs.events('1'))).rejects.toMatchObject(invalid);
    world.behave(stream(['id: 1\ndata: {\n\n'], 'stay'));
    await expect(read(client.jobs.events('1'))).rejects.toMatchObject(invalid);
    world.behave(
      stream(
        Array.from({ length: 17 }, () => 'x'.repeat(1024 * 1024)),
        'stay',
      ),
    );
    await expect(read(client.jobs.events('1'))).rejects.toMatchObject(invalid);
    await until(() => world.open === 0);
  });
});
