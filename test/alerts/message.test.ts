// What people and programs read of an alert.
import { describe, expect, test } from '@jest/globals';
import { messageOf } from '../../src/alerts/message.ts';
import type { Alert } from '../../src/core/alerting.ts';

const bare = (text: string) => text;
const since = new Date('2031-05-17T09:30:12.123Z');

const streak = (overrides: object = {}) =>
  ({
    kind: 'failing',
    subject: 'schedule:s-1',
    failures: 3,
    since,
    error_message: 'no answer',
    job_type: 'paper_fetch',
    job_id: 'j-1',
    name: 'nightly-papers',
    ...overrides,
  }) as Alert;

const lockOf = (n: number) => ({
  job_id: `j-${n}`,
  name: `job ${n}`,
  execution_id: `e-${n}`,
  held_by: 'worker <1>',
  job_status: 'waiting' as const,
});

const locks = (count: number): Alert => {
  const expired = Array.from({ length: count }, (_, i) => lockOf(i + 1));
  return { kind: 'lock_expired', job_id: 'j-1', name: 'job 1', expired };
};

/** As a webhook gets it. */
const sent = (alert: Alert, mask = bare) => JSON.parse(JSON.stringify(messageOf(alert, mask)));

describe('an alert in fields', () => {
  test('failures of a schedule', () => {
    expect(sent(streak())).toEqual({
      text: 'Schedule "nightly-papers" failed 3 times in a row since 2031-05-17 09:30 UTC, last in job j-1: no answer',
      event: 'job.failing',
      name: 'nightly-papers',
      job_id: 'j-1',
      job_type: 'paper_fetch',
      schedule_id: 's-1',
      failures: 3,
      since: '2031-05-17T09:30:12.123Z',
      error_message: 'no answer',
    });
  });

  test('failures of a job type, which are those of many jobs', () => {
    const told = sent(streak({ subject: 'type:paper_fetch', failures: 1, error_message: null }));
    expect(told).toMatchObject({ schedule_id: null, failures: 1, error_message: null });
    expect(told.text).toBe(
      'Job type "paper_fetch" failed at 2031-05-17 09:30 UTC, last in job j-1',
    );
  });

  test('their end', () => {
    const told = sent(streak({ kind: 'recovered', error_message: null, failures: 7 }));
    expect(told).toEqual({
      text: 'Schedule "nightly-papers" works again, as job j-1 shows; it had failed 7 times in a row since 2031-05-17 09:30 UTC',
      event: 'job.recovered',
      name: 'nightly-papers',
      job_id: 'j-1',
      job_type: 'paper_fetch',
      schedule_id: 's-1',
      failures: 7,
      since: '2031-05-17T09:30:12.123Z',
    });
  });

  test('an execution that took long', () => {
    const of = { job_id: 'j-1', name: 'big', job_type: 'paper_fetch', execution_id: 'e-1' };
    const times = { duration_seconds: 725, usual_seconds: 60.5 };
    expect(sent({ kind: 'slow', ...of, ...times })).toEqual({
      text: 'Job "big" (j-1) took 12 min, 61 s being usual for type "paper_fetch"',
      event: 'job.slow',
      ...of,
      ...times,
    });
  });

  test('one lock that expired', () => {
    expect(sent(locks(1))).toEqual({
      text: 'The lock of job "job 1" (j-1) expired, held by "worker &lt;1&gt;"; the job is now waiting',
      event: 'lock.expired',
      name: 'job 1',
      job_id: 'j-1',
      expired_count: 1,
      expired: [lockOf(1)],
    });
  });

  test('many locks: the first 20 in full, five of them by name, and how many there were', () => {
    const told = sent(locks(33));
    expect(told.text).toBe(
      'The locks of 33 jobs expired: "job 1", "job 2", "job 3", "job 4", "job 5" and 28 more',
    );
    expect(told.expired_count).toBe(33);
    expect(told.expired).toEqual(Array.from({ length: 20 }, (_, i) => lockOf(i + 1)));
    expect(sent(locks(5)).text).toMatch(/"job 4", "job 5"$/);
  });
});

describe('the sentence', () => {
  test('calls nobody, links nothing and stays on one line, whatever the error says', () => {
    const error_message = '<!channel> see\r\n<https://evil.example|here> & \u0007 weep';
    const told = sent(streak({ error_message, name: '<@U1>\n& co' }));
    expect(told.text).toBe(
      'Schedule "&lt;@U1&gt; &amp; co" failed 3 times in a row since 2031-05-17 09:30 UTC, last in job j-1: ' +
        '&lt;!channel&gt; see &lt;https://evil.example|here&gt; &amp; weep',
    );
    // Programs get what was said.
    expect(told).toMatchObject({ error_message, name: '<@U1>\n& co' });
  });

  test('keeps 500 characters of an error and 100 of a name, none of them cut in two', () => {
    const told = sent(streak({ error_message: '😀'.repeat(501), name: 'n'.repeat(300) }));
    expect(told.error_message).toBe(`${'😀'.repeat(499)}…`);
    expect(told.text).toContain(`"${'n'.repeat(99)}…"`);
    expect(sent(streak({ error_message: '😀'.repeat(500) })).error_message).toBe('😀'.repeat(500));
  });

  test.each([
    [0.25, '0.3 s'],
    [9.94, '9.9 s'],
    [119.4, '119 s'],
    [120, '2 min'],
    [7199, '120 min'],
    [90_000, '25 h'],
  ])('says %d seconds as %s', (duration_seconds, words) => {
    const of = { job_id: 'j', name: 'n', job_type: 't', execution_id: 'e', usual_seconds: 1 };
    expect(sent({ kind: 'slow', ...of, duration_seconds }).text).toContain(`took ${words}, 1 s`);
  });
});

test('a secret is taken out before an error is cut, so that no half of it stays', () => {
  const mask = (text: string) => text.replaceAll('sesame', '***');
  const error_message = `${'x'.repeat(497)}sesame`;
  const told = sent(streak({ error_message }), mask);
  expect(told.error_message).toBe(`${'x'.repeat(497)}***`);
  expect(told.text).not.toContain('ses');
});
