// Places in the dashboard as hashes, and what a job's events leave to be shown.
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { EventAnswer } from '../../src/client/client.ts';
import { eventText } from '../../src/dashboard/jobs/event_text.ts';
import { heard, silent } from '../../src/dashboard/jobs/live.ts';
import { hrefOf, placeOf } from '../../src/dashboard/shell/place.ts';

describe('a place', () => {
  test('is read as it was written, whatever stands in it', () => {
    const part = fc.string({ minLength: 1, unit: 'grapheme' });
    void fc.assert(
      fc.property(fc.array(part), fc.dictionary(part, part), (path, query) => {
        const place = placeOf(hrefOf(path, query));
        expect(place.path).toEqual(path);
        expect(Object.fromEntries(place.query)).toEqual({ ...query });
      }),
    );
  });

  test('leaves out what is not asked for, and takes a stray % for itself', () => {
    expect(hrefOf(['jobs'], { status: null, type: '' })).toBe('#/jobs');
    expect(placeOf('#/job/50%').path).toEqual(['job', '50%']);
    expect(placeOf('').path).toEqual([]);
  });
});

const event = (event_id: number, kind: EventAnswer['kind'], data: EventAnswer['data']) => ({
  event_id,
  job_id: 'job',
  execution_id: null,
  at: '2031-05-17T09:30:00.000Z',
  kind,
  data,
});

describe('what was heard of a job', () => {
  test('is its last progress, and every line but those of progress', () => {
    const live = heard(silent, [
      event(1, 'status', { status: 'locked' }),
      event(2, 'progress', { percent: 10, message: null }),
      event(3, 'log', { level: 'info', message: 'a' }),
      event(4, 'progress', { percent: 20, message: 'half' }),
    ]);
    expect(live.progress).toEqual({ percent: 20, message: 'half' });
    expect(live.lines.map(({ event_id }) => event_id)).toEqual([1, 3]);
    expect(live.changes).toBe(1);
  });

  test('forgets the progress of an execution that is over', () => {
    const before = heard(silent, [event(1, 'progress', { percent: 90, message: null })]);
    expect(heard(before, [event(2, 'status', { status: 'waiting' })]).progress).toBeNull();
  });

  test('asks for the job again only when its status or a step changed', () => {
    expect(heard(silent, [event(1, 'progress', { percent: 1, message: null })]).changes).toBe(0);
    expect(heard(silent, [event(1, 'step', { name: 'a', status: 'running' })]).changes).toBe(1);
  });

  test('is bounded: the oldest lines are let go, and that is said', () => {
    const many = Array.from({ length: 600 }, (_, index) =>
      event(index, 'log', { level: 'info', message: `${index}` }),
    );
    const live = heard(silent, many);
    expect(live.lines).toHaveLength(500);
    expect(live.lines.at(-1)?.event_id).toBe(599);
    expect(live.cut).toBe(true);
  });

  test.each([
    ['status', { status: 'failed', error_message: 'it broke' }, 'failed: it broke'],
    ['status', { status: 'waiting', reason: 'retried' }, 'waiting: retried'],
    ['step', { name: 'page-1', status: 'failed', detail: 'no' }, 'step page-1: failed, no'],
    ['log', { level: 'warn', message: 'slow', fields: { ms: 9 } }, 'warn: slow {"ms":9}'],
    ['progress', { percent: 7, message: 'x' }, '7 % x'],
    ['status', 'something else', ''],
  ] as const)('reads as a line: %s %j', (kind, data, line) => {
    expect(eventText(event(1, kind, data))).toBe(line);
  });
});
