// What the API's functions owe to their platforms: log lines, callers behind proxies, an orderly end.
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { framesOf } from '../http/behaviour/event_source.ts';
import { cloudRunHost, functionUrlHost } from '../http/behaviour/hosts/clouds.ts';
import { LATER, openStage, type Stage } from '../http/behaviour/stage.ts';
import { linesOf } from './behaviour/log.ts';

const aws = functionUrlHost('Lambda');
const gcp = cloudRunHost('Cloud Functions');

const traces = ['0af7651916cd43dd8448eb211c80319c', '1af7651916cd43dd8448eb211c80319c'] as const;

describe('a log line', () => {
  test('of Cloud Functions belongs to the trace of its own request, however many there are', async () => {
    const stage = await openStage(gcp, { LOG_LEVEL: 'debug', GOOGLE_CLOUD_PROJECT: 'my-project' });
    await Promise.all(
      traces.map((trace, at) => {
        const headers = { traceparent: `00-${trace}-b7ad6b7169203331-01` };
        return stage.ask(at === 0 ? '/api/v1/stats' : '/api/v1/job-types', { headers });
      }),
    );
    const lines = linesOf(await stage.close()).filter(({ event }) => event === 'http.answered');
    const traceOf = (path: string) =>
      lines.find((line) => line.path === path)?.['logging.googleapis.com/trace'];
    expect(traceOf('/api/v1/stats')).toBe(`projects/my-project/traces/${traces[0]}`);
    expect(traceOf('/api/v1/job-types')).toBe(`projects/my-project/traces/${traces[1]}`);
    expect(traceOf('/openapi.json')).toBeUndefined();
  });

  test('of Lambda has the names of its JSON format, and its own request', async () => {
    const stage = await openStage(aws);
    await stage.ask('/api/v1/jobs/none');
    const answered = linesOf(await stage.close()).find(({ event }) => event === 'http.answered');
    expect(answered).toMatchObject({
      severity: 'WARNING',
      level: 'WARN',
      requestId: 'request-2',
      method: 'GET',
      path: '/api/v1/jobs/{job_id}',
      status: 404,
      actor: 'ops',
      source_ip: aws.source_ip,
    });
    expect(answered?.timestamp).toBe(answered?.time);
  });
});

describe.each([
  ['Lambda', aws],
  ['Cloud Functions', gcp],
])('behind a proxy, %s', (_name, host) => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage(host, { TRUSTED_PROXIES: '1', CORS_ORIGINS: '' });
  });
  afterAll(() => stage.close());

  test('knows the caller that the proxy tells of', async () => {
    const headers = { 'x-forwarded-for': '192.0.2.1, 198.51.100.7' };
    const path = `/api/v1/jobs/maintenance?run_at=${LATER}`;
    const { json } = await stage.post<{ job_id: string }>(path, {}, { headers });
    expect((await stage.show(json.job_id)).source_ip).toBe('198.51.100.7');
  });

  test('lets no page elsewhere call, unless one is configured', async () => {
    const headers = { origin: 'https://app.example.com' };
    const answer = await stage.ask('/api/v1/jobs', { headers });
    expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([200, null]);
  });
});

describe('an event stream', () => {
  test('of Lambda ends in order before the function does, without the end of its job', async () => {
    const stage = await openStage(aws, { TIME_LEFT_MS: '2500' });
    const { sse_url } = await stage.create();
    const received = await stage.send(sse_url);
    const text = (await buffer(received.body)).toString();
    expect(text).toContain('event: status');
    expect(text).not.toContain('event: end');
    await stage.close();
  });

  test('of Cloud Functions ends when its process is told to, which then goes', async () => {
    const stage = await openStage(gcp);
    const { sse_url } = await stage.create();
    const frames = framesOf(await stage.send(sse_url));
    expect((await frames.next()).value).toMatchObject({ event: 'status' });
    const ended = stage.close();
    expect((await frames.next()).done).toBe(true);
    await ended;
  });
});
