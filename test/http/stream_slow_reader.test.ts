// A reader behind a real connection that takes nothing: what it costs, and that its end is noticed.
import { connect } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { systemClock } from '../../src/clock.ts';
import type { JobEvent } from '../../src/core/job.ts';
import { createStreams } from '../../src/http/stream.ts';
import { settle } from '../support/clock.ts';
import { sqliteData } from '../support/sqlite.ts';
import { createJob } from '../support/store.ts';
import { until } from './calling.ts';
import { type Served, serving } from './serving.ts';

let served: Served | undefined;
const data = sqliteData();

afterEach(async () => {
  await served?.close();
  await (await data).close();
});

test('a reader that does not read is asked nothing for but a page or two', async () => {
  const store = await (await data).open();
  const job_id = await createJob(store);
  const [event] = await store.listEvents(job_id, 0, 1);
  const message = 'x'.repeat(200_000);
  // There is no end of what could be told: a page fills whatever lies between here and the reader.
  const endless: JobEvent[] = Array.from({ length: 100 }, (_, at) => ({
    ...(event as JobEvent),
    kind: 'log',
    event_id: at + 1,
    data: { level: 'info', message },
  }));
  let pages = 0;
  const listEvents = async () => {
    pages += 1;
    return endless;
  };
  const stop = new AbortController();
  const streams = createStreams({
    store: { getJob: store.getJob, listEvents },
    clock: systemClock,
    stop: stop.signal,
  });
  served = await serving(() => streams.open(job_id, null, true));

  const reader = connect(served.port, '127.0.0.1');
  reader.pause();
  reader.write('GET / HTTP/1.1\r\nHost: here\r\n\r\n');
  await until(() => pages > 0);
  let before = 0;
  for (let same = 0; same < 20; same = before === pages ? same + 1 : 0) {
    before = pages;
    await settle();
  }
  expect(pages).toBeLessThanOrEqual(2);
  expect(streams.open_now).toBe(1);

  reader.destroy();
  await until(() => streams.open_now === 0);
  expect(pages).toBeLessThanOrEqual(2);
});
