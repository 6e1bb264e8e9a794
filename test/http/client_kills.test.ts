// A reader that is killed again and again misses nothing and reads nothing twice.
import { afterEach, expect, test } from '@jest/globals';
import type { EventAnswer } from '../../src/client/client.ts';
import { succeeded } from '../support/jobs.ts';
import { createJob, pickOne } from '../support/store.ts';
import { swiftClient } from './calling.ts';
import { type CuttingProxy, cuttingProxy } from './cutting.ts';
import { type Served, servingWorld } from './serving.ts';
import { saveProgress } from './streaming.ts';
import { type HttpWorld, httpWorld, READ_KEY } from './world.ts';

const EVENTS = 1000;
const KILLS = 100;
/** More than the head of an answer, so that some of its events come through. */
const LEAST_BYTES = 1200;

let world: HttpWorld | undefined;
let served: Served | undefined;
let proxy: CuttingProxy | undefined;

afterEach(async () => {
  await proxy?.close();
  await served?.close();
  await world?.close();
});

test('a job of 1,000 events, read over connections of which 100 are destroyed in the middle', async () => {
  world = await httpWorld();
  served = await servingWorld(world);
  let killed = 0;
  proxy = await cuttingProxy(served.port, () => {
    if (killed === KILLS) return null;
    killed += 1;
    return LEAST_BYTES + ((killed * 7919) % 1500);
  });
  const { store } = world.runner;
  const job_id = await createJob(store, { job_type: 'demo' });
  const pick = await pickOne(store, { lock_seconds: 600 });
  const written = saveProgress(store, pick, EVENTS, (at) => `${at}: grüße \u{1f600}`).then(() =>
    store.recordExecutions([succeeded(pick)]),
  );

  const seen: EventAnswer[] = [];
  const client = swiftClient({ url: proxy.url, api_key: READ_KEY });
  const events = client.jobs.events(job_id);
  let next = await events.next();
  for (; !next.done; next = await events.next()) seen.push(next.value);
  await written;

  expect(next.value).toBe('success');
  const told = await store.listEvents(job_id, 0, EVENTS + 10);
  expect(told).toHaveLength(EVENTS + 3);
  expect(seen).toEqual(told.map((event) => JSON.parse(JSON.stringify(event))));
  expect(proxy.cuts).toHaveLength(KILLS);
  const inFrames = proxy.cuts.filter((end) => !/\n\n(\r\n)?$/.test(end));
  expect(inFrames.length).toBeGreaterThan(KILLS * 0.9);
});
