// Figures for Prometheus: right, well named, and there while the store is not.
import { describe, expect, test } from '@jest/globals';
import type { Stats, TimelineRequest } from '../../src/core/upkeep.ts';
import { StoreUnavailableError } from '../../src/errors.ts';
import { createMetrics } from '../../src/http/metrics.ts';
import { fakeClock } from '../support/clock.ts';
import { failed, retried, succeeded } from '../support/jobs.ts';
import { sqliteData } from '../support/sqlite.ts';
import { createJob, pickOne } from '../support/store.ts';
import { families, lint, sampleOf } from './exposition.ts';
import { everything, fixed, metricsOf, slot, stats, timeline } from './figures.ts';

describe('what the store knows', () => {
  test('is told by type and status, with a zero where there is none', async () => {
    const all = families(await metricsOf(fixed).text());
    const jobs = (job_type: string, status: string) =>
      sampleOf(all, 'cloud_jobs_jobs', { job_type, status });
    expect(jobs('papers', 'waiting')).toBe(2);
    expect(jobs('papers', 'locked')).toBe(1);
    expect(jobs('papers', 'failed')).toBe(0);
    expect(jobs('idle', 'waiting')).toBe(0);
    expect(jobs('of "another"\\version\n', 'success')).toBe(7);
    expect(sampleOf(all, 'cloud_jobs_store_up')).toBe(1);
    expect(sampleOf(all, 'cloud_jobs_due_jobs')).toBe(2);
    expect(sampleOf(all, 'cloud_jobs_oldest_due_seconds')).toBe(90.25);
  });

  test('of the last day is put together from its parts', async () => {
    const all = families(await metricsOf(fixed).text());
    const last = (name: string, status: string) => sampleOf(all, `cloud_jobs_${name}`, { status });
    expect(last('executions_last_day', 'success')).toBe(7);
    expect(last('executions_last_day', 'timeout')).toBe(0);
    expect(last('executions_last_day_average_seconds', 'success')).toBe(1.5);
    expect(last('executions_last_day_longest_seconds', 'success')).toBe(4.5);
    expect(last('executions_last_day_longest_seconds', 'failed')).toBe(0);
    expect(last('slots_last_day', 'fired')).toBe(5);
    expect(last('slots_last_day', 'missed')).toBe(1);
    expect(last('slots_last_day', 'skipped')).toBe(0);
  });

  test('comes from a real store', async () => {
    const data = await sqliteData();
    const store = await data.open();
    await createJob(store, { job_type: 'demo' });
    await store.recordExecutions([succeeded(await pickOne(store))]);
    await createJob(store, { job_type: 'demo' });
    await store.recordExecutions([failed(await pickOne(store))]);
    await createJob(store, { job_type: 'demo' });
    await store.recordExecutions([retried(await pickOne(store))]);
    await data.advance(60);
    const { text } = createMetrics({ store, job_types: ['demo'], clock: fakeClock() });
    const all = families(await text());
    await data.close();
    expect(sampleOf(all, 'cloud_jobs_jobs', { job_type: 'demo', status: 'success' })).toBe(1);
    expect(sampleOf(all, 'cloud_jobs_jobs', { job_type: 'demo', status: 'failed' })).toBe(1);
    expect(sampleOf(all, 'cloud_jobs_due_jobs')).toBe(1);
    expect(sampleOf(all, 'cloud_jobs_oldest_due_seconds')).toBe(60);
    expect(sampleOf(all, 'cloud_jobs_executions_last_day', { status: 'failed' })).toBe(2);
  });

  test('is asked for once by all who scrape at once, in one call of each kind', async () => {
    const asked: (string | TimelineRequest)[] = [];
    const { text } = metricsOf({
      stats: async () => {
        asked.push('stats');
        return stats;
      },
      timeline: async (request) => {
        asked.push(request);
        return timeline;
      },
    });
    await Promise.all([text(), text(), text()]);
    expect(asked).toEqual(['stats', { bucket_seconds: 900, buckets: 96 }]);
  });
});

describe('while the store', () => {
  const knows = async (text: string) => {
    const all = families(text);
    expect(sampleOf(all, 'cloud_jobs_store_up')).toBe(0);
    expect(sampleOf(all, 'cloud_jobs_slots_total', { status: 'fired' })).toBe(1);
    expect(all.map(({ name }) => name)).not.toContain('cloud_jobs_jobs');
    expect(all.map(({ name }) => name)).not.toContain('cloud_jobs_due_jobs');
  };

  test('is away, the process tells what it knows, and nothing old of the store', async () => {
    let away = false;
    const { text, hear } = metricsOf({
      ...fixed,
      stats: async () => {
        if (away) throw new StoreUnavailableError('no answer');
        return stats;
      },
    });
    hear(slot('slot.fired'));
    expect(sampleOf(families(await text()), 'cloud_jobs_due_jobs')).toBe(2);
    away = true;
    await knows(await text());
    away = false;
    expect(sampleOf(families(await text()), 'cloud_jobs_store_up')).toBe(1);
  });

  test('does not answer, a scrape waits five seconds for it and does not ask again', async () => {
    const clock = fakeClock();
    let asked = 0;
    const stats = () => {
      asked += 1;
      return new Promise<Stats>(() => {});
    };
    const { text, hear } = metricsOf({ ...fixed, stats }, clock);
    hear(slot('slot.fired'));
    for (const _scrape of [1, 2]) {
      let told: string | null = null;
      const scraped = text().then((answer) => {
        told = answer;
      });
      await clock.advance(4999);
      expect(told).toBeNull();
      await clock.advance(1);
      await scraped;
      await knows(told ?? '');
    }
    expect(asked).toBe(1);
    expect(clock.timers).toBe(0);
  });

  test('answers nonsense, the scrape fails: that is a fault of ours', async () => {
    const broken = async () => {
      throw new TypeError('not iterable');
    };
    await expect(metricsOf({ ...fixed, stats: broken }).text()).rejects.toThrow('not iterable');
  });
});

describe('what this process did', () => {
  test('is counted from what it says', async () => {
    const { hear, text } = metricsOf(fixed);
    for (const event of everything) hear(event);
    const all = families(await text());
    const value = (name: string, labels: Record<string, string> = {}) =>
      sampleOf(all, `cloud_jobs_${name}`, labels);
    const took = { job_type: 'papers', status: 'success' };
    expect(value('execution_duration_seconds_count', took)).toBe(2);
    expect(value('execution_duration_seconds_sum', took)).toBe(40.2);
    expect(value('execution_duration_seconds_bucket', { ...took, le: '0.5' })).toBe(1);
    expect(value('execution_duration_seconds_bucket', { ...took, le: '60' })).toBe(2);
    expect(value('execution_duration_seconds_count', { status: 'failed' })).toBe(1);
    expect(value('locks_lost_total')).toBe(1);
    expect(value('locks_released_total')).toBe(1);
    expect(value('slots_total', { status: 'fired' })).toBe(2);
    expect(value('slots_total', { status: 'missed' })).toBe(1);
    expect(value('store_errors_total', { kind: 'retried' })).toBe(1);
    expect(value('store_errors_total', { kind: 'unavailable' })).toBe(2);
    expect(value('drain_duration_seconds_sum')).toBe(0.7);
    const read = { method: 'GET', route: '/api/v1/jobs/{job_id}', status: '200' };
    expect(value('http_request_duration_seconds_sum', read)).toBe(0.03);
    expect(value('http_request_duration_seconds_count', { status: '404' })).toBe(1);
  });

  test('stays out of the figures of another', async () => {
    const [one, other] = [metricsOf(fixed), metricsOf(fixed)];
    one.hear(slot('slot.fired'));
    const slots = async ({ text }: typeof one) =>
      sampleOf(families(await text()), 'cloud_jobs_slots_total', { status: 'fired' });
    expect([await slots(one), await slots(other)]).toEqual([1, undefined]);
  });

  test('is told with what Node knows of it', async () => {
    const all = families(await metricsOf(fixed).text());
    expect(sampleOf(all, 'process_resident_memory_bytes')).toBeGreaterThan(1e6);
    expect(sampleOf(all, 'process_cpu_seconds_total')).toBeGreaterThan(0);
    expect(all.map(({ name }) => name)).toContain('nodejs_eventloop_lag_p99_seconds');
  });
});

describe('the text', () => {
  test('is of the format it says, and its names are those that Prometheus asks for', async () => {
    const { hear, text, content_type } = metricsOf(fixed);
    for (const event of everything) hear(event);
    expect(content_type).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(lint(families(await text()))).toEqual([]);
  });

  test('would not pass with a bad name, a missing help or a sample that comes twice', () => {
    const of = (name: string, type: string) =>
      `# HELP ${name} h\n# TYPE ${name} ${type}\n${name} 1\n`;
    expect(lint(families(of('jobs', 'counter')))).toHaveLength(1);
    expect(lint(families(of('jobs_total', 'gauge')))).toHaveLength(1);
    expect(lint(families(of('wait_ms', 'gauge')))).toHaveLength(1);
    expect(lint(families(of('waitTime', 'gauge')))).toHaveLength(1);
    expect(() => families(`${of('a', 'gauge')}a 2\n`)).toThrow('a sample comes twice');
    expect(() => families(of('a', 'gauge') + of('a', 'gauge'))).toThrow('a comes twice');
    expect(() => families('a 1\n')).toThrow('stray line');
  });
});
