// What Lambda functions are called with: schedules are understood, all else is refused by name.
import { describe, expect, test } from '@jest/globals';
import { understand } from '../../../handlers/aws/event.ts';
import { logFields } from '../../../handlers/aws/log_fields.ts';
import { InputError } from '../../../src/errors.ts';
import { ruleEvent } from '../hosts/aws.ts';

const wake = (event: unknown) => understand(event, 'request-1');

const rule = ruleEvent('event-1');

describe('a schedule', () => {
  test('of an EventBridge rule wakes a drain, its id being that of the event', () => {
    expect(wake(rule)).toEqual({ source: 'aws.events', id: 'event-1' });
  });

  test('of EventBridge Scheduler does, too, with the text "{}" for a detail', () => {
    const event = { ...rule, version: '0', source: 'aws.scheduler', detail: '{}' };
    expect(wake(event)).toEqual({ source: 'aws.scheduler', id: 'event-1' });
  });

  test('with an input sends that alone; its time tells one tick from another', () => {
    const input = { cloud_jobs: 'drain', time: '2031-05-17T09:30:00Z', max_jobs: 3 };
    expect(wake(input)).toEqual({
      source: 'aws.scheduler',
      id: '2031-05-17T09:30:00Z',
      max_jobs: 3,
    });
  });
});

describe('by hand', () => {
  test.each([[undefined], [null], [''], [{}]])('nothing at all (%j) wakes a drain', (event) => {
    expect(wake(event)).toEqual({ source: 'aws.invoke', id: 'request-1' });
  });

  test('an input may limit the jobs, their types and their priority', () => {
    const limits = { max_jobs: 1, job_types: ['paper_fetch'], priority: 'high', id: 'mine' };
    expect(wake({ cloud_jobs: 'drain', ...limits })).toEqual({
      source: 'aws.invoke',
      id: 'mine',
      max_jobs: 1,
      job_types: ['paper_fetch'],
      priority: { min: 1, max: 32767 },
    });
  });

  test('an input that is wrong is refused with each field, its value and what is expected', () => {
    const input = { cloud_jobs: 'drian', max_jobs: 0, priority: 'urgent', max_job: 1 };
    expect(() => wake(input)).toThrow(InputError);
    for (const fault of [
      'event.cloud_jobs: "drian" cannot be used; expected "drain"',
      'event.max_jobs: 0 cannot be used; expected a whole number of 1 or more',
      'event.priority: "urgent" cannot be used; expected high, normal, low, all',
      'event: has "max_job"; expected only cloud_jobs, id, time, max_jobs, job_types, priority',
    ]) {
      expect(() => wake(input)).toThrow(fault);
    }
  });
});

describe('anything else is refused, and named', () => {
  test.each([
    [{ Records: [{ eventSource: 'aws:sqs', body: '{}' }] }, 'records of aws:sqs'],
    [{ Records: [{ EventSource: 'aws:sns' }] }, 'records of aws:sns'],
    [{ Records: [] }, 'an object with Records'],
    [{ version: '2.0', requestContext: { http: {} } }, 'an HTTP request'],
    [{ httpMethod: 'GET', path: '/' }, 'an HTTP request'],
    [
      { ...rule, source: 'aws.ec2', 'detail-type': 'EC2 Instance State-change Notification' },
      'an event of aws.ec2 ("EC2 Instance State-change Notification")',
    ],
    [{ ...rule, source: 'my.app' }, 'an event of my.app ("Scheduled Event")'],
    [{ source: 'aws.events' }, 'an event of aws.events (null)'],
    [{ message: 'hello' }, 'an object with message'],
    ['tick', 'a string'],
    [7, 'a number'],
    [[rule], 'a list'],
  ])('%j', (event, what) => {
    expect(() => wake(event)).toThrow(InputError);
    expect(() => wake(event)).toThrow(
      `Event refused: ${what}; expected a "Scheduled Event" of an EventBridge rule or of EventBridge Scheduler, or {"cloud_jobs": "drain"}. Nothing was run.`,
    );
  });

  test('and what the event says is shortened', () => {
    const event = { ...rule, source: 'x'.repeat(10_000) };
    expect(() => wake(event)).toThrow(/^.{0,600}$/);
  });
});

describe('a log line', () => {
  test('has the names of the JSON format of Lambda, the request and its trace', () => {
    const xray = 'Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Parent=9a9197af755a6419;Sampled=1';
    const fields = logFields('request-1', xray);
    expect(fields('WARNING', '2031-05-17T09:30:00.000Z')).toEqual({
      timestamp: '2031-05-17T09:30:00.000Z',
      level: 'WARN',
      requestId: 'request-1',
      trace_id: '1-5bef4de7-ad49b0e87f6ef6c87fc2e700',
    });
    expect(logFields('request-1', null)('INFO', 'now')).not.toHaveProperty('trace_id');
  });
});
