import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { build, bundled } from './bundle.ts';

const source = `
  const config = { safeParseAsync: async (data) => ({ success: true, data }) };
  const define = (type, run, more) => ({ type, config, run, retry: { max_retries: 1, delay_seconds: 0 }, ...more });
  const never = () => new Promise(() => {});
  const block = (ms) => { for (const end = Date.now() + ms; Date.now() < end; ); };
  export const jobs = [
    define('fine', (ctx) => ({ config: ctx.config })),
    define('exits', () => process.exit(7)),
    define('throws-outside', () => { setImmediate(() => { throw new Error('outside'); }); return never(); }),
    define('rejects-outside', () => { Promise.reject('nobody listens'); return never(); }),
    define('throws-text', () => { throw 'just text'; }),
    define('throws-nothing', () => Promise.reject()),
    define('never', () => never(), { timeout: 0.05 }),
    define('blocks', () => { block(900); return 'too late'; }),
    define('waits', (ctx) => { ctx.log.info('ready'); return new Promise((_, reject) => ctx.signal.addEventListener('abort', () => reject(ctx.signal.reason))); }),
    define('deaf', (ctx) => { ctx.log.info('ready'); setInterval(() => {}, 1000); return never(); }),
  ];`;

beforeAll(build);

let cli: Awaited<ReturnType<typeof bundled>>;
beforeEach(async () => {
  cli = await bundled(source);
});

const create = (job_type: string) => cli.create({ job_type });
const show = (id: string) => cli.show(id);

describe('the built command line', () => {
  test('a job of one’s own goes through: data on stdout, log on stderr, exit code 0', async () => {
    const id = (await cli.run('create', 'Mine', 'fine', '--job-config', 'a=[1]')).out.trim();
    const { code, out, err } = await cli.run('run', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      executions: [{ job_id: id, status: 'success', result: { config: { a: [1] } } }],
    });
    for (const line of err.trimEnd().split('\n')) expect(JSON.parse(line)).toHaveProperty('event');
  });

  test('settings that cannot be used are told all at once: exit code 2', async () => {
    const { code, out, err } = await cli.run('run', '--max-jobs', 'x', '--deadline', '-1');
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toBe(
      'error: Settings cannot be used:\n' +
        '  --max-jobs: "x" is not a whole number of 1 or more\n' +
        '  --deadline: "-1" is not a number of seconds above 0\n',
    );
  });

  test('--json makes errors JSON, too', async () => {
    const { code, err } = await cli.run('run', '--max-jobs', 'x', '--json');
    expect(code).toBe(2);
    expect(JSON.parse(err)).toEqual({
      error: {
        code: 'settings_invalid',
        message: 'Settings cannot be used: --max-jobs: "x" is not a whole number of 1 or more',
        problems: [{ path: '--max-jobs', message: '"x" is not a whole number of 1 or more' }],
      },
    });
  });

  test('a store out of reach: exit code 3', async () => {
    const { code, out, err } = await cli.run('init', '--database-url', 'sqlite:no/such/folder.db');
    expect({ code, out }).toEqual({ code: 3, out: '' });
    expect(err).toMatch(/^error: The SQLite file no\/such\/folder\.db cannot be opened\..*\n$/);
  });

  test('a reader that goes away is no fault', async () => {
    await create('fine');
    const { child, ended } = cli.start('list');
    child.stdout?.destroy();
    expect((await ended).code).toBe(0);
  });
});

// At once: some of these processes wait for a while before they leave.
describe('code that breaks', () => {
  test.concurrent.each([
    ['throws-text', 'failed', 'just text'],
    ['throws-nothing', 'failed', 'undefined'],
    ['never', 'timeout', '0.05'],
  ])('%s is recorded as %s, and the drain goes on', async (type, status, message) => {
    const cli = await bundled(source);
    const id = await cli.create({ job_type: type });
    const next = await cli.create({ job_type: 'fine' });
    const { code } = await cli.run('run', '--json', '--max-jobs', '2');
    expect(code).toBe(1);
    const { job, executions } = await cli.show(id);
    expect(executions.at(0)).toMatchObject({ status });
    expect(executions.at(0)?.error_message).toContain(message);
    expect(job).toMatchObject({ status: 'waiting', current_retries: 1 });
    expect((await cli.show(next)).job.status).toBe('success');
  });

  test.concurrent.each([
    ['throws-outside', 'uncaughtException', 'outside'],
    ['rejects-outside', 'unhandledRejection', 'nobody listens'],
  ])(
    '%s fails its execution, the process ends with 1, the job is retried',
    async (type, origin, message) => {
      const cli = await bundled(source);
      const id = await cli.create({ job_type: type });
      const { code, err } = await cli.run('run');
      expect(code).toBe(1);
      expect(err).toContain(`"event":"code.faulted","origin":"${origin}"`);
      expect(err).toContain('Stopped early: job code threw outside its run.');
      const { job, executions } = await cli.show(id);
      expect(executions).toEqual([expect.objectContaining({ status: 'failed' })]);
      expect(executions[0]?.error_message).toContain(message);
      expect(job).toMatchObject({ status: 'waiting', current_retries: 1 });
    },
  );

  test.concurrent('code that ends the process loses its lock, and the job is retried', async () => {
    const cli = await bundled(source);
    const id = await cli.create({ job_type: 'exits' });
    expect((await cli.run('run', '--lock-duration', '0.005')).code).toBe(7);
    const release = () => cli.withStore((store) => store.releaseExpired(10));
    let released = await release();
    while (released.length === 0) released = await release();
    expect(released).toMatchObject([{ job_id: id, job_status: 'waiting' }]);
    const { job, executions } = await cli.show(id);
    expect(job).toMatchObject({ status: 'waiting', current_retries: 1 });
    expect(executions).toMatchObject([{ status: 'lost' }]);
  });

  test.concurrent('code that blocks the process beyond its lock is not believed', async () => {
    const cli = await bundled(source);
    const id = await cli.create({ job_type: 'blocks' });
    const { out } = await cli.run('run', '--json', '--lock-duration', '0.005', '--max-jobs', '1');
    expect(JSON.parse(out)).toMatchObject({ outcomes: { lost: 1 } });
    expect((await cli.show(id)).job.status).not.toBe('success');
  });
});

describe('signals', () => {
  test.each([
    ['run', 'SIGTERM'],
    ['run', 'SIGINT'],
    ['work', 'SIGTERM'],
  ] as const)('%s yields what runs on %s and exits with 0', async (command, signal) => {
    const id = await create('waits');
    const { child, ended, says } = cli.start(command);
    await says('"message":"ready"');
    child.kill(signal);
    expect((await ended).code).toBe(0);
    const { job, executions } = await show(id);
    expect(job).toMatchObject({ status: 'waiting', current_retries: 0 });
    expect(executions).toMatchObject([{ status: 'yielded' }]);
  });

  test.each([
    ['SIGTERM', 143],
    ['SIGINT', 130],
  ] as const)('a second %s ends the process at once with %d', async (signal, expected) => {
    await create('deaf');
    const { child, ended, says } = cli.start('run');
    await says('"message":"ready"');
    child.kill(signal);
    await says('"event":"process.signalled"');
    child.kill(signal);
    expect((await ended).code).toBe(expected);
  });

  test('what job code leaves running does not keep the process', async () => {
    await create('deaf');
    const { child, ended, says } = cli.start('run');
    await says('"message":"ready"');
    child.kill('SIGTERM');
    expect((await ended).code).toBe(0);
  });
});
