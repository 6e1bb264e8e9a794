import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { WorkOptions } from '../../src/core/work.ts';
import { StoreUnavailableError } from '../../src/errors.ts';
import type { Runner } from '../../src/runner.ts';
import { families, sampleOf } from '../http/exposition.ts';
import { type CommandLine, commandLine } from './command_line.ts';
import { type Serving, serve } from './serving.ts';

const KEY = 'a-key-that-is-long-enough';

let cli: CommandLine;
const started: Serving[] = [];
beforeEach(async () => {
  cli = await commandLine();
});
afterEach(async () => {
  for (const { stop, ran } of started.splice(0)) {
    stop();
    await ran;
  }
});

const start = (wishes?: Parameters<typeof serve>[1], ...words: string[]): Serving => {
  const serving = serve(cli, wishes, ...words);
  started.push(serving);
  return serving;
};

const post = (url: string, body: unknown): Promise<Response> =>
  fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

const create = async (url: string, job_type = 'greet') => {
  const answer = await post(`${url}/api/v1/jobs`, { name: 'Hello', job_type });
  expect(answer.status).toBe(201);
  return (await answer.json()) as { job_id: string; poll_url: string; sse_url: string };
};

const wait = ({ interrupt }: Partial<WorkOptions>) =>
  new Promise<never>((_, reject) => {
    interrupt?.addEventListener('abort', () => reject(new Error('was to work')));
  });

describe('serve', () => {
  test('takes a job by HTTP, executes it at once however seldom it looks, tells how it went, ends when asked to', async () => {
    const { url, stop, ran } = start({ env: { JOB_POLL_INTERVAL: '3600' } }, '--json');
    const at = await url;
    const { poll_url, sse_url } = await create(at);
    const events = await (await fetch(`${at}${sse_url}`)).text();
    expect(events).toContain('event: end\ndata: {"status":"success"}');
    expect(await (await fetch(`${at}${poll_url}`)).json()).toMatchObject({ status: 'success' });
    const figures = families(await (await fetch(`${at}/metrics`)).text());
    const took = 'cloud_jobs_execution_duration_seconds_count';
    expect(sampleOf(figures, took, { job_type: 'greet', status: 'success' })).toBe(1);
    const asked = { method: 'POST', route: '/api/v1/jobs' };
    expect(sampleOf(figures, 'cloud_jobs_http_request_duration_seconds_count', asked)).toBe(1);
    stop();
    const { code, out, err } = await ran;
    expect(code).toBe(0);
    const [listening, tally] = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(listening).toEqual({ url: at });
    expect(tally).toMatchObject({ picked: 1, outcomes: { success: 1 }, stopped: 'interrupted' });
    const events_logged = err
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).event);
    const expected = ['server.listening', 'http.answered', 'job.recorded', 'process.signalled'];
    expect(events_logged).toEqual(expect.arrayContaining(expected));
    await expect(fetch(at)).rejects.toThrow('fetch failed');
  });

  test('says in one line where it is, what it works on, and who may ask', async () => {
    const { url, stop, ran } = start();
    const at = await url;
    stop();
    expect((await ran).err).toMatch(
      new RegExp(
        `^Dashboard and API at ${at}; working as tester on .*greet.*, looks every 5 s\\. No key is needed on this machine\\. Ctrl-C stops\\.$`,
        'm',
      ),
    );
  });

  test('hands its choice of jobs to the worker', async () => {
    const asked: Partial<WorkOptions>[] = [];
    const change = () => ({
      work: async (options: Partial<WorkOptions>) => {
        asked.push(options);
        return wait(options);
      },
    });
    const words = ['--type', 'greet', '--type', 'fail', '--priority', 'low'];
    const { url, stop, ran } = start({ change, env: { JOB_POLL_INTERVAL: '2' } }, ...words);
    await url;
    stop();
    await ran;
    expect(asked).toMatchObject([
      { job_types: ['greet', 'fail'], priority: { max: -1 }, poll_interval_seconds: 2 },
    ]);
  });

  test('executes nothing with --no-work', async () => {
    const change = () => ({ work: wait });
    const { url, stop, ran } = start({ change }, '--no-work');
    const { job_id } = await create(await url);
    stop();
    const { code, out, err } = await ran;
    expect({ code, out }).toEqual({ code: 0, out: '' });
    expect(err).not.toContain('working as');
    const job = await cli.withRunner(({ store }) => store.getJob(job_id));
    expect(job?.job.status).toBe('waiting');
  });

  test('ends event streams when it is asked to end', async () => {
    const { url, stop, ran } = start({}, '--no-work');
    const at = await url;
    const { sse_url } = await create(at);
    const stream = await fetch(`${at}${sse_url}`);
    stop();
    const events = await stream.text();
    expect(events).toContain('event: status');
    expect(events).not.toContain('event: end');
    expect((await ran).code).toBe(0);
  });

  test('asks for a key where keys are set', async () => {
    const { url, stop, ran } = start({ env: { API_KEYS: `ci:read:${KEY}` } }, '--no-work');
    const at = `${await url}/api/v1/jobs`;
    expect((await fetch(at)).status).toBe(401);
    expect((await fetch(at, { headers: { 'x-api-key': KEY } })).status).toBe(200);
    stop();
    expect((await ran).err).not.toContain('No key is needed');
  });
});

describe('serve does not begin', () => {
  test.each(['0.0.0.0', '::', '192.0.2.1', 'example.com'])(
    'at %s without a key, whatever the store',
    async (host) => {
      const change = () => {
        throw new Error('the store was opened');
      };
      const { code, err } = await start({ change }, '--host', host).ran;
      expect(code).toBe(2);
      expect(err).toBe(
        `error: Settings cannot be used: --host: ${host} can be reached from other machines, which needs an API key; \`cloud-jobs api-key NAME\` makes one for API_KEYS\n`,
      );
    },
  );

  test('at another address with a key it does', async () => {
    const env = { API_KEYS: `ci:write:${KEY}`, HTTP_HOST: '0.0.0.0' };
    const { url, stop, ran } = start({ env }, '--no-work');
    const port = new URL(await url).port;
    expect((await fetch(`http://127.0.0.1:${port}/api/v1/jobs`)).status).toBe(401);
    stop();
    expect((await ran).code).toBe(0);
  });

  test('on a port that is taken, and says so in a sentence', async () => {
    const { url } = start({}, '--no-work');
    const port = new URL(await url).port;
    const { code, out, err } = await cli.run('serve', '--port', port);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(
      /^error: Settings cannot be used: port \d+ of 127\.0\.0\.1 is in use .*\n$/,
    );
  });

  test('while the store is out of reach, which some stores find out with the first call', async () => {
    const away = async () => {
      throw new StoreUnavailableError('nobody answers');
    };
    const change = ({ store }: Runner) => ({ store: { ...store, inspect: away } });
    const { code, err } = await start({ change }).ran;
    expect({ code, err }).toEqual({ code: 3, err: 'error: nobody answers\n' });
  });

  test('without its tables', async () => {
    cli = await commandLine({ init: false });
    const { code, err } = await start().ran;
    expect({ code, err }).toMatchObject({
      code: 2,
      err: expect.stringContaining('cloud-jobs init'),
    });
  });
});

describe('serve ends badly', () => {
  test('when its worker dies, and then serves no longer', async () => {
    let die = (_error: Error) => {};
    const dead = new Promise<never>((_, reject) => {
      die = reject;
    });
    const { url, ran } = start({ change: () => ({ work: () => dead }) });
    const at = await url;
    expect((await fetch(`${at}/healthz`)).status).toBe(200);
    die(new Error('the worker broke'));
    const { code, err } = await ran;
    expect(code).toBe(1);
    expect(err).toContain('error: the worker broke\n');
    await expect(fetch(at)).rejects.toThrow('fetch failed');
  });

  test('when its server breaks, and then works no longer', async () => {
    let fail = (_error: Error) => {};
    const closed = new Promise<never>((_, reject) => {
      fail = reject;
    });
    const { url, ran } = start({ listening: (as) => ({ ...as, closed }) });
    await url;
    fail(new Error('the server broke'));
    const { code, err } = await ran;
    expect(code).toBe(1);
    expect(err).toContain('error: the server broke\n');
  });
});
