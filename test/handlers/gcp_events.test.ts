// Everything that Google Cloud wakes a function with, over HTTP, under the real functions framework.
import { describe, expect, test } from '@jest/globals';
import { gcpHost, schedulerHeaders } from './hosts/gcp.ts';
import { errorOf, type Host, type Instance, type Order, type Reply } from './hosts/host.ts';
import { useShipped } from './hosts/shipped.ts';
import type { Scene } from './scene.ts';
import { setScene } from './set_scene.ts';

const functions = useShipped();
const byHttp = gcpHost('Cloud Functions', functions);
const byEvent = gcpHost('Cloud Functions, woken by Pub/Sub', functions, 'drainEvent');

const opened = new Map<Host, Promise<{ scene: Scene; instance: Instance }>>();

/** One process for all tests of a host. */
const stageOf = (host: Host) => {
  const open = async () => {
    const scene = await setScene(host);
    return { scene, instance: await scene.start() };
  };
  const stage = opened.get(host) ?? open();
  opened.set(host, stage);
  return stage;
};

/** Sends an order while a job is due, and answers the triggers of that job's executions. */
const sendTo = async (host: Host, order: Order): Promise<{ reply: Reply; triggers: string[] }> => {
  const { scene, instance } = await stageOf(host);
  const [jobId] = await scene.create({ job_type: 'maintenance' });
  const reply = await instance.send(order);
  const { job, executions } = await scene.detail(jobId!);
  if (job.status === 'waiting') await scene.store.moveJob(jobId!, 'cancel');
  return { reply, triggers: executions.map(({ trigger }) => trigger) };
};

const expectDrain = async (host: Host, order: Order, trigger: string) => {
  const { reply, triggers } = await sendTo(host, order);
  const body = { status: 200, picked: 1, outcomes: { success: 1 }, reason: 'empty' };
  expect(reply).toMatchObject({ status: 200, body });
  expect(triggers).toEqual([trigger]);
};

const message = {
  data: Buffer.from('tick').toString('base64'),
  messageId: 'message-1',
  message_id: 'message-1',
  publishTime: '2031-05-17T09:30:00Z',
  publish_time: '2031-05-17T09:30:00Z',
};
const push = { subscription: 'projects/p/subscriptions/s', message };
const published = {
  specversion: '1.0',
  type: 'google.cloud.pubsub.topic.v1.messagePublished',
  source: '//pubsub.googleapis.com/projects/p/topics/ticks',
  id: 'event-1',
  time: '2031-05-17T09:30:00Z',
  datacontenttype: 'application/json',
  data: push,
};
const stored = { ...published, type: 'google.cloud.storage.object.v1.finalized', data: {} };
const legacy = {
  context: {
    eventId: 'event-2',
    timestamp: '2031-05-17T09:30:00Z',
    eventType: 'google.pubsub.topic.publish',
    resource: { service: 'pubsub.googleapis.com', name: 'projects/p/topics/ticks' },
  },
  data: { '@type': 'type.googleapis.com/google.pubsub.v1.PubsubMessage', data: message.data },
};

const json = { 'content-type': 'application/json' };
const structured = (body: unknown): Order => ({
  headers: { 'content-type': 'application/cloudevents+json; charset=utf-8' },
  body,
});
const binary = ({ data, datacontenttype: _, ...attributes }: typeof published): Order => ({
  headers: Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [`ce-${name}`, value]),
  ),
  body: data,
});

const headers = schedulerHeaders('2031-05-17T09:30:00Z');
const { 'content-type': _type, ...untyped } = headers;
const ofTick = 'gcp.scheduler:job-runner@2031-05-17T09:30:00.000Z';
const inOtherZone = schedulerHeaders('2031-05-17T02:30:00-07:00');

describe('the function for HTTP drains', () => {
  test.each<[what: string, order: Order, trigger: string]>([
    ['a tick of Cloud Scheduler without a body', { headers }, ofTick],
    [
      'a tick with bytes for which no Content-Type was set',
      { headers, body: '{"any": "thing"}' },
      ofTick,
    ],
    ['a tick with JSON', { headers: { ...headers, ...json }, body: '{"any": 1}' }, ofTick],
    ['a tick without any Content-Type', { headers: untyped, body: 'tick' }, ofTick],
    ['a tick by GET', { headers, method: 'GET' }, ofTick],
    ['a tick whose time has an offset', { headers: inOtherZone, body: 'tick' }, ofTick],
    [
      'an input in a tick',
      { headers, body: '{"cloud_jobs": "drain", "id": "own"}' },
      'gcp.scheduler:own',
    ],
    ['a push of Pub/Sub', { body: push }, 'gcp.pubsub:message-1'],
    ['a structured CloudEvent', structured(published), 'gcp.pubsub:message-1'],
    ['a binary CloudEvent', binary(published), 'gcp.pubsub:message-1'],
  ])('%s', (_what, order, trigger) => expectDrain(byHttp, order, trigger));
});

describe('the function for HTTP answers 400, and runs nothing, to', () => {
  test.each<[what: string, order: Order, words: string]>([
    ['an empty object', { body: {} }, 'a POST request of somebody else'],
    ['nothing at all', {}, 'a POST request of somebody else'],
    ['somebody with a browser', { method: 'GET' }, 'a GET request of somebody else'],
    ['an event of storage', structured(stored), 'an event of google.cloud.storage'],
    ['the same, binary', binary(stored as typeof published), 'an event of google.cloud.storage'],
    ['an input that is wrong', { body: { cloud_jobs: 'drian' } }, '"drian" cannot be used'],
  ])('%s', async (_what, order, words) => {
    const { reply, triggers } = await sendTo(byHttp, order);
    expect(reply).toMatchObject({ status: 400, body: { code: 'input_invalid' } });
    expect(errorOf(reply)).toContain(words);
    expect(triggers).toEqual([]);
  });

  test('JSON that is none', async () => {
    const { reply, triggers } = await sendTo(byHttp, { headers: json, body: '{"cloud_jobs":' });
    expect({ status: reply.status, triggers }).toEqual({ status: 400, triggers: [] });
  });
});

describe('the function for CloudEvents drains', () => {
  const scheduled = { ...published, type: 'google.cloud.scheduler.job.v1.executed', data: {} };
  const topic = '/projects/p/topics/ticks';

  test.each<[what: string, order: Order, trigger: string]>([
    ['a structured one', structured(published), 'gcp.pubsub:message-1'],
    ['a binary one', binary(published), 'gcp.pubsub:message-1'],
    ['one of Cloud Scheduler', structured(scheduled), 'gcp.scheduler:event-1'],
    ['an event of the older kind', { body: legacy }, 'gcp.pubsub:event-2'],
    ['a push of Pub/Sub', { path: topic, body: push }, 'gcp.pubsub:message-1'],
  ])('%s', (_what, order, trigger) => expectDrain(byEvent, order, trigger));
});

describe('the function for CloudEvents fails, and runs nothing, for', () => {
  test.each<[what: string, order: Order, status: number]>([
    ['an empty object', { body: {} }, 500],
    ['an event of storage', structured(stored), 500],
    [
      'an event of storage of the older kind',
      {
        body: {
          ...legacy,
          context: { ...legacy.context, eventType: 'google.storage.object.finalize' },
        },
      },
      500,
    ],
    ['JSON that is none', { headers: json, body: '{' }, 400],
    ['somebody with a browser', { method: 'GET' }, 500],
  ])('%s', async (_what, order, status) => {
    const { reply, triggers } = await sendTo(byEvent, order);
    expect({ status: reply.status, triggers }).toEqual({ status, triggers: [] });
  });

  test('a store that cannot be reached', async () => {
    const scene = await setScene(byEvent);
    const DATABASE_URL = 'sqlite:/no/such/folder/jobs.db';
    const instance = await scene.start({ env: { DATABASE_URL }, time_left_seconds: 2 });
    expect((await instance.send(structured(published))).status).toBe(500);
    expect((await instance.stop()).stderr).toContain('"code":"store_unavailable"');
  });
});
