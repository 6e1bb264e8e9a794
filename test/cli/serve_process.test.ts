// `serve` as people run it: the built file in a process of its own, with signals and exit codes.
import { afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { rawConnection } from '../http/raw_http.ts';
import { build, bundled, type Started } from './bundle.ts';

const source = `
  const config = { safeParseAsync: async (data) => ({ success: true, data }) };
  const define = (type, run) => ({ type, config, run, retry: { max_retries: 1, delay_seconds: 0 } });
  export const jobs = [
    define('fine', () => 'done'),
    define('throws-outside', () => { setImmediate(() => { throw new Error('outside'); }); return new Promise(() => {}); }),
    define('waits', (ctx) => { ctx.log.info('ready'); return new Promise((_, reject) => ctx.signal.addEventListener('abort', () => reject(ctx.signal.reason))); }),
  ];`;

beforeAll(build);

let cli: Awaited<ReturnType<typeof bundled>>;
let started: Started | undefined;
beforeEach(async () => {
  cli = await bundled(source);
});
afterEach(() => void started?.child.kill('SIGKILL'));

/** Answers once it listens. */
const serve = async (...words: string[]) => {
  started = cli.start('serve', '--port', '0', '--poll-interval', '0.1', ...words);
  const [, url = ''] =
    /Dashboard and API at (http:\S+?);/.exec(await started.says('Ctrl-C stops.')) ?? [];
  return { url, ...started };
};

const create = async (url: string, job_type: string) => {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${url}/ops/jobs/${job_type}`, {
    method: 'POST',
    headers,
    body: '{}',
  });
  return (await answer.json()) as { job_id: string; sse_url: string };
};

describe('the built serve', () => {
  test('answers, and on SIGTERM yields what runs, ends streams and exits with 0', async () => {
    const { url, child, ended, says } = await serve();
    const { job_id } = await create(url, 'waits');
    await says('"message":"ready"');
    const stream = await fetch(`${url}/api/v1/jobs/${job_id}/stream`);
    child.kill('SIGTERM');
    expect(await stream.text()).not.toContain('event: end');
    const { code, out } = await ended;
    expect({ code, out }).toMatchObject({ code: 0, out: expect.stringContaining('1 yielded') });
    const { job, executions } = await cli.show(job_id);
    expect(job).toMatchObject({ status: 'waiting', current_retries: 0 });
    expect(executions).toMatchObject([{ status: 'yielded' }]);
  });

  test('outlives callers that hang up in the midst of a request or an answer', async () => {
    const { url, child, ended } = await serve();
    const head =
      'POST /api/v1/jobs HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n';
    const { sse_url } = await create(url, 'waits');
    for (const text of [
      `${head}Content-Length: 100\r\n\r\n{"name":`,
      `${head}Transfer-Encoding: chunked\r\n\r\n8\r\n{"name":\r\n`,
      `GET ${sse_url} HTTP/1.1\r\nHost: localhost\r\n\r\n`,
    ]) {
      const { send, hears, hangUp } = await rawConnection(url);
      send(text);
      if (text.startsWith('GET')) await hears('event: status');
      // What was sent has come, or this would not have been answered.
      expect((await fetch(`${url}/healthz`)).status).toBe(200);
      hangUp();
      expect((await fetch(`${url}/healthz`)).status).toBe(200);
    }
    child.kill('SIGTERM');
    const { code, err } = await ended;
    expect(code).toBe(0);
    expect(err).not.toContain('code.faulted');
  });

  test('has metrics, and the description of itself', async () => {
    const { url } = await serve();
    expect(await (await fetch(`${url}/metrics`)).text()).toContain('\ncloud_jobs_store_up 1\n');
    const paths = ((await (await fetch(`${url}/openapi.json`)).json()) as { paths: object }).paths;
    expect(Object.keys(paths)).toContain('/api/v1/jobs/{job_id}');
  });

  test('ends with 1 when job code throws outside its run, and the job is retried', async () => {
    const { url, ended } = await serve();
    const { job_id } = await create(url, 'throws-outside');
    const { code, err } = await ended;
    expect({ code, err }).toMatchObject({
      code: 1,
      err: expect.stringContaining('"code.faulted"'),
    });
    const { job } = await cli.show(job_id);
    expect(job).toMatchObject({ status: 'waiting', current_retries: 1 });
  });
});
