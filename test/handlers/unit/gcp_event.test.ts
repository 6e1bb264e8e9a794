// What Cloud Functions are called with: ticks and messages are understood, all else is refused by name.
import { describe, expect, test } from '@jest/globals';
import type { HttpRequest } from '../../../handlers/gcp/cloud_event.ts';
import { understandEvent, understandRequest } from '../../../handlers/gcp/event.ts';
import { logFields } from '../../../handlers/gcp/log_fields.ts';
import { InputError } from '../../../src/errors.ts';

const request = (headers: HttpRequest['headers'], body?: unknown, method = 'POST') =>
  understandRequest({ method, headers, body });

const tick = {
  'user-agent': 'Google-Cloud-Scheduler',
  'x-cloudscheduler': 'true',
  'x-cloudscheduler-jobname': 'job-runner',
  'x-cloudscheduler-scheduletime': '2031-05-17T09:30:00Z',
};
const base64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64');
const message = {
  data: base64('hello'),
  messageId: 'message-1',
  message_id: 'message-1',
  publishTime: '2031-05-17T09:30:00Z',
  publish_time: '2031-05-17T09:30:00Z',
};
const published = {
  specversion: '1.0',
  type: 'google.cloud.pubsub.topic.v1.messagePublished',
  source: '//pubsub.googleapis.com/projects/p/topics/ticks',
  id: 'event-1',
  data: { subscription: 'projects/p/subscriptions/s', message },
};
const ofMessage = { source: 'gcp.pubsub', id: 'message-1' };
const ofTick = { source: 'gcp.scheduler', id: 'job-runner@2031-05-17T09:30:00.000Z' };

describe('a tick of Cloud Scheduler', () => {
  test('is known by its headers, its id being the name and the time', () => {
    expect(request(tick)).toEqual(ofTick);
    expect(request(tick, {})).toEqual(ofTick);
  });

  test('has the same id whether its time comes with Z or with an offset', () => {
    const headers = { ...tick, 'x-cloudscheduler-scheduletime': '2031-05-17T02:30:00-07:00' };
    expect(request(headers)).toEqual(ofTick);
  });

  test('may bring bytes without a Content-Type, and whatever the person put there', () => {
    for (const body of ['', 'tick', '{"a": 1}', '{"a":', Buffer.from([0xff, 0xfe])]) {
      expect(request(tick, Buffer.from(body as string))).toEqual(ofTick);
    }
  });

  test('takes an input of ours from its body', () => {
    const body = Buffer.from('{"cloud_jobs": "drain", "priority": "low"}');
    expect(request(tick, body)).toEqual({ ...ofTick, priority: { min: -32768, max: -1 } });
    expect(() => request(tick, { cloud_jobs: 'drain', max_jobs: 'two' })).toThrow(
      'event.max_jobs: "two" cannot be used; expected a whole number of 1 or more',
    );
  });

  test('may come by GET, and without a time', () => {
    expect(request(tick, undefined, 'GET')).toEqual(ofTick);
    expect(request({ 'x-cloudscheduler': 'true' })).toEqual({ source: 'gcp.scheduler', id: null });
    const odd = { ...tick, 'x-cloudscheduler-scheduletime': 'noon' };
    expect(request(odd)).toEqual({ source: 'gcp.scheduler', id: 'job-runner@noon' });
  });
});

describe('a message of Pub/Sub', () => {
  test('comes as a CloudEvent, structured or binary', () => {
    const { data, ...attributes } = published;
    const headers = Object.fromEntries(
      Object.entries(attributes).map(([name, value]) => [`ce-${name}`, value]),
    );
    const structured = { 'content-type': 'application/cloudevents+json; charset=utf-8' };
    expect(understandEvent(published)).toEqual(ofMessage);
    expect(request(structured, published)).toEqual(ofMessage);
    expect(request(structured, Buffer.from(JSON.stringify(published)))).toEqual(ofMessage);
    expect(request({ ...headers, 'content-type': 'application/json' }, data)).toEqual(ofMessage);
    expect(request(headers, Buffer.from(JSON.stringify(data)))).toEqual(ofMessage);
  });

  test('comes as a push, with its fields named twice or once', () => {
    expect(request({}, published.data)).toEqual(ofMessage);
    const { messageId: _, ...late } = message;
    expect(request({}, { ...published.data, message: late })).toEqual(ofMessage);
  });

  test('may carry an input of ours, or anything else, or nothing', () => {
    const data = base64({ cloud_jobs: 'drain', max_jobs: 2 });
    const push = (more: object) => ({ ...published.data, message: { ...message, ...more } });
    expect(request({}, push({ data }))).toEqual({ ...ofMessage, max_jobs: 2 });
    expect(request({}, push({ data: 'AQIDBA==' }))).toEqual(ofMessage);
    expect(request({}, push({ data: undefined }))).toEqual(ofMessage);
  });
});

test('an event of Cloud Scheduler is understood, as an input sent by hand is', () => {
  const event = { ...published, type: 'google.cloud.scheduler.job.v1.executed', data: {} };
  expect(understandEvent(event)).toEqual({ source: 'gcp.scheduler', id: 'event-1' });
  expect(request({}, { cloud_jobs: 'drain' })).toEqual({ source: 'gcp.invoke', id: null });
});

describe('anything else is refused, and named', () => {
  const expected =
    'expected a request of Cloud Scheduler, or a message of Pub/Sub, or {"cloud_jobs": "drain"}. Nothing was run.';

  test.each([
    [
      { ...published, type: 'google.cloud.storage.object.v1.finalized' },
      'an event of google.cloud.storage.object.v1.finalized',
    ],
    [{}, 'an empty object'],
    [{ message }, 'an object with message'],
    [{ ...published, data: {} }, 'a message of Pub/Sub without its message'],
    ['tick', 'a string'],
    [null, 'nothing'],
    [undefined, 'nothing'],
  ])('event %j', (event, what) => {
    expect(() => understandEvent(event)).toThrow(InputError);
    expect(() => understandEvent(event)).toThrow(`Event refused: ${what}; ${expected}`);
  });

  test.each([
    ['POST', {}, {}],
    ['POST', {}, { message: {}, subscription: 's' }],
    ['POST', {}, 'hello'],
    ['POST', { 'user-agent': 'Google-Cloud-Scheduler' }, undefined],
    ['GET', {}, undefined],
    ['POST', { 'ce-type': 'a.b' }, {}],
  ])('%s with %j and %j', (method, headers, body) => {
    expect(() => request(headers as HttpRequest['headers'], body, method)).toThrow(
      `Event refused: a ${method} request of somebody else; ${expected}`,
    );
  });
});

describe('a log line', () => {
  const trace = '0af7651916cd43dd8448eb211c80319c';

  test('belongs to the trace of its request, by either header', () => {
    const w3c = logFields(`00-${trace}-b7ad6b7169203331-01`, undefined, 'my-project');
    expect(w3c('INFO', 'now')).toEqual({
      'logging.googleapis.com/trace': `projects/my-project/traces/${trace}`,
      'logging.googleapis.com/spanId': 'b7ad6b7169203331',
    });
    expect(logFields(undefined, `${trace}/255;o=1`, 'my-project')('INFO', 'now')).toEqual({
      'logging.googleapis.com/trace': `projects/my-project/traces/${trace}`,
      'logging.googleapis.com/spanId': '00000000000000ff',
    });
  });

  test('has none when there is none, or none that can be read', () => {
    expect(logFields(undefined, undefined, null)('INFO', 'now')).toEqual({});
    expect(logFields(['a', 'b'], 'zzz', null)('INFO', 'now')).toEqual({});
    expect(logFields(undefined, trace, null)('INFO', 'now')).toEqual({
      'logging.googleapis.com/trace': trace,
    });
  });
});
