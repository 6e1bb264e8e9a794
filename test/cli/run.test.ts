import { beforeEach, describe, expect, test } from '@jest/globals';
import type { Tally } from '../../src/core/tally.ts';
import { type CommandLine, commandLine, pickAndDie } from './command_line.ts';

let cli: CommandLine;
beforeEach(async () => {
  cli = await commandLine();
});

const create = async (...words: string[]): Promise<string> =>
  (await cli.run('create', ...words)).out.trim();

const statusOf = (id: string) =>
  cli.withRunner(async ({ store }) => (await store.getJob(id))?.job.status);

describe('run', () => {
  test('with nothing due it says so and exits with 0', async () => {
    expect(await cli.run('run')).toMatchObject({ code: 0, out: 'Nothing to do.\n' });
  });

  test('with something due later it says when', async () => {
    await create('Later', 'greet', '--run-at', '+2h');
    const { out } = await cli.run('run');
    expect(out).toMatch(/^Nothing to do\. Next due in (2 h|1 h 59 min)\.\n$/);
  });

  test('each execution is a row, and the last line sums up', async () => {
    const id = await create('Hello', 'greet');
    const { code, out } = await cli.run('run');
    expect(code).toBe(0);
    expect(out).toMatch(
      new RegExp(`\n${id} +Hello +greet +success +\\d+ ms +success +{"text":"hello world"}\n`),
    );
    expect(out).toMatch(/\n1 execution in \d+ ms: 1 success; nothing more is due\.\n$/);
  });

  test('a failed execution makes the exit code 1, and the rest is still done', async () => {
    const bad = await create('Bad', 'fail', '--priority', 'high');
    const good = await create('Good', 'greet');
    const { code, out } = await cli.run('run');
    expect(code).toBe(1);
    expect(out).toContain('2 executions in');
    expect(out).toContain('no luck today nor tomorrow');
    expect([await statusOf(bad), await statusOf(good)]).toEqual(['failed', 'success']);
  });

  test('an execution that runs out of time makes the exit code 1', async () => {
    const id = await create('Long', 'hang', '--timeout', '0.05', '--max-retries', '0');
    const { code, out } = await cli.run('run');
    expect({ code, status: await statusOf(id) }).toEqual({ code: 1, status: 'failed' });
    expect(out).toContain('1 timeout');
  });

  test('--json is the tally alone on stdout; the log on stderr is JSON lines', async () => {
    await create('Hello', 'greet');
    const { code, out, err } = await cli.run('run', '--json');
    expect(code).toBe(0);
    const tally = JSON.parse(out) as Tally;
    expect(tally).toMatchObject({ picked: 1, outcomes: { success: 1 }, stopped: 'empty' });
    const events = err
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).event);
    expect(events).toEqual(['job.picked', 'job.log', 'job.recorded']);
  });

  test('--verbose logs the details, too', async () => {
    await create('Hello', 'greet');
    const { err } = await cli.run('run', '--json', '--verbose');
    const events = err
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).event);
    expect(events).toEqual(expect.arrayContaining(['drain.started', 'step.done', 'drain.stopped']));
  });

  test('--max-jobs ends the drain early', async () => {
    await create('A', 'greet');
    await create('B', 'greet');
    const { out } = await cli.run('run', '--max-jobs', '1');
    expect(out).toMatch(/1 execution in .* the limit is reached\./);
    expect(JSON.parse((await cli.run('list', '--status', 'waiting', '--json')).out)).toHaveLength(
      1,
    );
  });

  test('--type restricts what is picked', async () => {
    const other = await create('Other', 'fail');
    const mine = await create('Mine', 'greet');
    expect((await cli.run('run', '--type', 'greet')).code).toBe(0);
    expect([await statusOf(other), await statusOf(mine)]).toEqual(['waiting', 'success']);
  });

  test('a type nobody knows is refused, naming those that are', async () => {
    expect(await cli.run('run', '--type', 'gret')).toEqual({
      code: 2,
      out: '',
      err: 'error: Refused: job_type: "gret" is no known job type; expected one of custom, fail, greet, hang, http_request, maintenance, paper_fetch\n',
    });
  });

  test('--instance-id and --lock-duration reach the pick', async () => {
    const id = await create('Long', 'hang');
    const stop = new AbortController();
    const flags = ['--instance-id', 'me', '--lock-duration', '7'];
    const running = cli.runWith({ host: { stop: stop.signal } }, 'run', ...flags);
    await untilLocked(id);
    const detail = await cli.withRunner(({ store }) => store.getJob(id));
    stop.abort('SIGTERM');
    await running;
    const { locked_by, locked_at, lock_expires_at } = detail?.job ?? {};
    expect(locked_by).toBe('me');
    expect(Number(lock_expires_at) - Number(locked_at)).toBe(7 * 60_000);
  });

  test('a stop yields what runs: exit code 0, and the job waits again', async () => {
    const id = await create('Long', 'hang');
    const stop = new AbortController();
    const running = cli.runWith({ host: { stop: stop.signal } }, 'run');
    await untilLocked(id);
    stop.abort('SIGTERM');
    const { code, out, err } = await running;
    expect(code).toBe(0);
    expect(out).toMatch(/yielded .* waiting +interrupted by SIGTERM\n/);
    expect(err).toContain('"event":"process.signalled","signal":"SIGTERM"');
    expect(await statusOf(id)).toBe('waiting');
  });
});

/** Waits until an instance holds the job. */
const untilLocked = async (id: string): Promise<void> => {
  while ((await statusOf(id)) !== 'locked') await new Promise(setImmediate);
};

describe('run --dry-run', () => {
  test('it lists what would be picked, in order, and changes nothing', async () => {
    const low = await create('Low', 'greet', '--priority', 'low');
    const high = await create('High', 'greet', '--priority', 'high');
    await create('Later', 'greet', '--run-at', '+1h');
    const before = (await cli.run('list', '--json')).out;
    const { code, out, err } = await cli.run('run', '--dry-run');
    expect(code).toBe(0);
    expect(out).toMatch(/^Would pick 2 jobs, in this order:\n/);
    expect(out.indexOf(high)).toBeGreaterThan(0);
    expect(out.indexOf(high)).toBeLessThan(out.indexOf(low));
    expect(err).toBe('Dry run: nothing was changed.\n');
    expect((await cli.run('list', '--json')).out).toBe(before);
  });

  test('expired locks that would be released are shown, and stay', async () => {
    const id = await create('Dead', 'greet');
    await pickAndDie(cli, 'greet');
    const { out } = await cli.run('run', '--dry-run');
    expect(out).toMatch(new RegExp(`Would release 1 expired lock:\n.*\n${id} +Dead +gone`));
    expect(await statusOf(id)).toBe('locked');
  });

  test('nothing due is said', async () => {
    expect((await cli.run('run', '--dry-run')).out).toBe('Nothing would be picked.\n');
  });
});

describe('work', () => {
  const workUntil = async (done: () => Promise<boolean>, ...words: string[]) => {
    const stop = new AbortController();
    const working = cli.runWith({ host: { stop: stop.signal } }, 'work', ...words);
    while (!(await done())) await new Promise(setImmediate);
    stop.abort('SIGTERM');
    return working;
  };

  test('it executes what falls due until it is stopped, and exits with 0', async () => {
    const id = await create('First', 'greet');
    const { code, out, err } = await workUntil(
      async () => (await statusOf(id)) === 'success',
      ...['--name', 'w1', '--poll-interval', '0.05'],
    );
    expect(code).toBe(0);
    expect(err).toContain('Working as w1 on custom, fail, greet,');
    expect(out).toMatch(/1 execution in .*: 1 success; interrupted\./);
    const detail = await cli.withRunner(({ store }) => store.getJob(id));
    expect(detail?.executions[0]).toMatchObject({ instance_id: 'w1', trigger: 'work' });
  });

  test.each([
    ['high', ['success', 'waiting', 'waiting'], 0],
    ['normal', ['waiting', 'success', 'waiting'], 1],
    ['low', ['waiting', 'waiting', 'success'], 2],
  ])('--priority %s leaves the others alone', async (word, expected, index) => {
    const ids = [
      await create('High', 'greet', '--priority', '1'),
      await create('Normal', 'greet'),
      await create('Low', 'greet', '--priority', '-1'),
    ];
    const done = async () => (await statusOf(ids[index] as string)) === 'success';
    await workUntil(done, '--priority', word, '--poll-interval', '0.05');
    expect(await Promise.all(ids.map(statusOf))).toEqual(expected);
  });
});
