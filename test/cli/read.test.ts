import { beforeEach, describe, expect, test } from '@jest/globals';
import { type CommandLine, commandLine } from './command_line.ts';

let cli: CommandLine;
beforeEach(async () => {
  cli = await commandLine();
});

const create = async (...words: string[]): Promise<string> =>
  (await cli.run('create', ...words)).out.trim();

const lines = (text: string): string[] => text.trimEnd().split('\n');

describe('list', () => {
  test('without jobs stdout is empty and a hint goes to stderr', async () => {
    expect(await cli.run('list')).toEqual({
      code: 0,
      out: '',
      err: 'No jobs yet: cloud-jobs create NAME TYPE\n',
    });
  });

  test('newest first, in aligned columns without colours when nobody watches', async () => {
    const older = await create('Older', 'greet', '--priority', 'low');
    const newer = await create('A rather longer name', 'fail');
    const { code, out } = await cli.run('list');
    expect(code).toBe(0);
    const [head, first, second, ...rest] = lines(out);
    expect(head?.split(/ {2,}/)).toEqual([
      ...['job', 'status', 'type', 'name', 'priority', 'due', 'created'],
    ]);
    expect(first).toMatch(new RegExp(`^${newer} +waiting +fail +A rather longer name +0 `));
    expect(second).toMatch(new RegExp(`^${older} +waiting +greet +Older +-10 `));
    expect(rest).toEqual([]);
    expect(out).not.toContain('\u001b');
    const column = head?.indexOf('priority');
    expect(first?.indexOf('0 ', column)).toBe(column);
  });

  test('a terminal gets colours', async () => {
    await create('Job', 'greet');
    const { out } = await cli.runWith({ terminal: true }, 'list');
    expect(out).toContain('\u001b[1mjob\u001b[22m');
  });

  test('--status, --type and --limit choose, and a hint says that there is more', async () => {
    const a = await create('A', 'greet');
    const b = await create('B', 'greet');
    const c = await create('C', 'fail');
    await cli.run('disable', a);
    const ids = async (...words: string[]) =>
      lines((await cli.run('list', ...words)).out)
        .slice(1)
        .map((line) => line.split(' ')[0]);
    expect(await ids('--status', 'waiting')).toEqual([c, b]);
    expect(await ids('--type', 'greet')).toEqual([b, a]);
    const { out, err } = await cli.run('list', '--limit', '1');
    expect(lines(out)).toHaveLength(2);
    expect(err).toBe('The newest 1; --limit shows more.\n');
  });

  test('a broken module of one’s own does not stand in the way of looking', async () => {
    expect((await cli.run('list', '--jobs', 'gone.mjs')).code).toBe(0);
    expect((await cli.run('run', '--jobs', 'gone.mjs')).code).toBe(2);
  });

  test('--json is an array of whole jobs', async () => {
    const id = await create('Job', 'greet');
    const { out, err } = await cli.run('list', '--json');
    expect(err).toBe('');
    expect(JSON.parse(out)).toEqual([
      expect.objectContaining({ job_id: id, status: 'waiting', config: {}, current_retries: 0 }),
    ]);
  });

  test('a name cannot steer the terminal or begin a line', async () => {
    await create('a\u001b[2J\nforged\u0007 line', 'greet');
    const { out } = await cli.run('list');
    expect(lines(out)).toHaveLength(2);
    expect(out).toContain('a forged line');
  });
});

describe('show', () => {
  test('a job that ran shows its steps, executions and result', async () => {
    const id = await create('Shown', 'greet', '--description', 'to look at');
    await cli.run('run');
    const { code, out } = await cli.run('show', id);
    expect(code).toBe(0);
    expect(out).toContain(`Shown  ${id}\n`);
    expect(out).toMatch(/ {2}status +success\n/);
    expect(out).toMatch(/ {2}description +to look at\n/);
    expect(out).toMatch(/ {2}retries +0 of 3 used, 30 s apart, exponential\n/);
    expect(out).toMatch(/1 step\n.*\n.* greeting +success .*"hello world"\n/);
    expect(out).toMatch(/1 execution\n.*\n.* success .* tester +\{"text":"hello world"\}\n/);
  });

  test('a failed job shows its error in one line', async () => {
    const id = await create('Broken', 'fail');
    await cli.run('run');
    const { out } = await cli.run('show', id);
    expect(out).toMatch(/ failed .* no luck today nor tomorrow\n/);
    expect(out).toContain('\nLast error\n  no luck today nor tomorrow\n');
  });

  test('what the last execution came to is told whole where the table has no room for it', async () => {
    const id = await create('Long', 'greet', '--job-config', `whom=${'x'.repeat(300)}`);
    await cli.run('run');
    const { out } = await cli.run('show', id);
    expect(out).toContain(`\nLast result\n  {"text":"hello ${'x'.repeat(300)}"}\n`);
  });

  test('dependencies are listed with their status', async () => {
    const first = await create('First', 'greet');
    const id = await create('Second', 'greet', '--depends-on', first);
    const { out } = await cli.run('show', id);
    expect(out).toMatch(/ {2}status +blocked\n/);
    expect(out).toMatch(new RegExp(`Waits for 1 job\n.*\n${first} +waiting +First\n`));
    expect(out).toContain('No executions yet');
  });

  test('--json is the whole detail', async () => {
    const id = await create('Job', 'greet');
    await cli.run('run');
    const detail = JSON.parse((await cli.run('show', id, '--json')).out);
    expect(detail).toMatchObject({
      job: { job_id: id, status: 'success' },
      executions: [{ status: 'success', result: { text: 'hello world' }, trigger: 'cli' }],
      steps: [{ name: 'greeting', status: 'success', output: 'hello world' }],
      depends_on: [],
    });
  });
});

describe('stats', () => {
  test('an empty store says so', async () => {
    expect((await cli.run('stats')).out).toBe('No jobs yet.\n');
  });

  test('jobs by type and status, what is due, and the executions of a day', async () => {
    await create('A', 'greet');
    await create('B', 'fail');
    await cli.run('run');
    await create('C', 'greet');
    const { out } = await cli.run('stats');
    expect(out).toMatch(/^1 job due, the oldest for \d+ (ms|s)\.\n/);
    expect(out).toMatch(/type +waiting +success +failed\nfail +1\ngreet +1 +1\nall +1 +1 +1\n/);
    expect(out).toMatch(/failed +1 +\d+ ms\n/);
    const json = JSON.parse((await cli.run('stats', '--json')).out);
    expect(json).toMatchObject({ jobs: { waiting: 1, success: 1, failed: 1 }, due: { count: 1 } });
  });
});
