// `import`: what it says, and what it refuses.
import { beforeEach, describe, expect, test } from '@jest/globals';
import { type Earlier, earlierFile, earlierTables } from '../support/earlier.ts';
import { type CommandLine, commandLine } from './command_line.ts';
import { executions, jobs, refused } from './earlier_rows.ts';

let cli: CommandLine;
beforeEach(async () => {
  cli = await commandLine();
});

const aFile = (...statements: string[]): Promise<Earlier> =>
  earlierFile(...earlierTables.sqlite, ...statements);
const importing = ({ address }: Pick<Earlier, 'address'>, ...words: string[]) =>
  cli.run('import', '--from-schedules', address, ...words);

describe('what import says', () => {
  test('is a line for each schedule, a sum, and what is due here from now on', async () => {
    const there = await aFile(jobs, executions);
    const { code, out, err } = await importing(there);
    expect(code).toBe(0);
    const lines = out.replace(there.address.slice('sqlite:'.length), 'PATH').split('\n');
    expect(lines).toEqual([
      'From SQLite file PATH:',
      expect.stringMatching(
        /^\+ Fetch {6}paper_fetch {2}0 \*\/2 \* \* \* {2}UTC {2}next \w{3} \d{4}-\d\d-\d\d \d[02468]:00 UTC$/,
      ),
      '+ Clean      maintenance  0 2 * * 0  UTC  paused',
      '+ Clean (2)  maintenance  30 4 * * *  UTC  inactive  id there c',
      '- Old        deleted there',
      '',
      'Done.',
      '  schedules   3 created, 1 deleted there',
      '  executions  2 added, 1 left out with their schedules',
      '',
    ]);
    expect(err).toBe('1 schedule is due here from now on: stop the earlier scheduler.\n');
  });

  test('is the second time that all is here already, and there is nothing to stop', async () => {
    const there = await aFile(jobs, executions);
    await importing(there);
    const { code, out, err } = await importing(there);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out.split('\n').slice(1)).toEqual([
      '= Fetch      here already',
      '= Clean      here already, paused',
      '= Clean (2)  here already, inactive  id there c',
      '- Old        deleted there',
      '',
      'Done.',
      '  schedules   3 here already, 1 deleted there',
      '  executions  2 here already, 1 left out with their schedules',
      '',
    ]);
  });

  test('is why a schedule is refused, and the exit code is 1', async () => {
    const { code, out } = await importing(await aFile(jobs, refused));
    expect(code).toBe(1);
    expect(out).toContain(`
✗ Boot       id there e
    schedule_expression: "@reboot" is no nickname; expected one of @yearly, @annually, @monthly, @weekly, @daily, @midnight, @hourly, @every_minute
    config: Unrecognized key: "cleanup_dayz"

Done.
  schedules   3 created, 1 refused, 1 deleted there
`);
    const listed = JSON.parse((await cli.run('schedule', 'list', '--json')).out);
    expect(listed.map(({ name }: { name: string }) => name)).toEqual([
      'Clean',
      'Clean (2)',
      'Fetch',
    ]);
  });

  test('is what could not be used, ten of it at most, and no reason to fail', async () => {
    const there = await aFile(
      jobs,
      'ALTER TABLE jobs ADD COLUMN owner TEXT',
      'PRAGMA ignore_check_constraints = 1',
      ...Array.from(
        { length: 14 },
        (_, at) => `INSERT INTO job_executions (execution_id, job_id, status, started_at)
          VALUES ('x${at}', 'a', 'success', 'some day')`,
      ),
    );
    const { code, err } = await importing(there);
    expect(code).toBe(0);
    const lines = err.split('\n');
    expect(lines.slice(0, 3)).toEqual([
      'Not used:',
      '  jobs.owner: there is nothing like it here',
      '  job_executions.started_at of x0: "some day": it is no time',
    ]);
    expect(lines.slice(10, 13)).toEqual([
      '  job_executions.started_at of x8: "some day": it is no time',
      '  and 5 more; --json tells the first 15',
      '1 schedule is due here from now on: stop the earlier scheduler.',
    ]);
    const { unused } = JSON.parse((await importing(there, '--json')).out);
    expect(unused.count).toBe(15);
    expect(unused.first[14]).toMatchObject({ row: 'x13', value: 'some day' });
  });

  test('cannot steer the terminal, whatever the names are', async () => {
    const there = await aFile(
      `INSERT INTO jobs (job_id, name, job_type, schedule_expression, config) VALUES
       ('i' || char(27) || '[2J', 'n' || char(27) || '[31m' || char(10) || 'x', 'custom',
        char(27) || '[5m', '{}')`,
    );
    const { out, err } = await importing(there);
    expect(out + err).not.toContain('\u001b');
    expect(out).toContain('✗ n x  id there i\n');
  });

  test('with --json is all of it, for programs', async () => {
    const there = await aFile(jobs, refused, executions);
    const { code, out, err } = await importing(there, '--json');
    expect({ code, err }).toEqual({ code: 1, err: '' });
    const told = JSON.parse(out);
    expect(told).toMatchObject({
      from: expect.stringContaining('SQLite file'),
      dry_run: false,
      created: 3,
      present: 0,
      refused: 1,
      deleted_there: 1,
      deleted_here: 0,
      executions: { added: 2, present: 0, unfinished: 0, left_out: 1, stopped: false },
      unused: { count: 0, first: [] },
    });
    expect(told.schedules[4]).toMatchObject({
      action: 'refused',
      earlier_id: 'e',
      name: 'Boot',
      problems: [{ path: 'schedule_expression' }, { path: 'config' }],
    });
  });

  test('with --dry-run is what would come, and nothing does', async () => {
    const there = await aFile(jobs, executions);
    const { code, out, err } = await importing(there, '--dry-run');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain('\n+ Clean (2)  maintenance');
    expect(out).toContain(`
Nothing was written.
  schedules   3 to be created, 1 deleted there
  executions  2 to be added, 1 left out with their schedules
`);
    expect(JSON.parse((await cli.run('schedule', 'list', '--json')).out)).toEqual([]);
    await importing(there);
    expect((await importing(there, '--dry-run')).out).toContain(`
  schedules   3 here already, 1 deleted there
  executions  2 to be added unless they are here already, 1 left out with their schedules
`);
  });

  test('is that there are no schedules, where there are none', async () => {
    const { code, out } = await importing(await aFile());
    expect(code).toBe(0);
    expect(out).toMatch(/^From .*:\n {2}there are no schedules\n\nDone\.\n {2}schedules {3}none\n/);
  });

  test('is that it was stopped, after Ctrl-C between two batches', async () => {
    const rows = Array.from({ length: 150 }, (_, at) => `('x${at}', 'a', 'success', 1751360400)`);
    const there = await aFile(
      jobs,
      `INSERT INTO job_executions (execution_id, job_id, status, started_at) VALUES ${rows}`,
    );
    const words = ['import', '--from-schedules', there.address];
    const stop = AbortSignal.abort('SIGINT');
    const { code, err } = await cli.runWith({ host: { stop } }, ...words);
    expect(code).toBe(1);
    expect(err).toContain('Stopped before the end; the same command brings the rest.\n');
    expect((await cli.run(...words)).out).toContain('executions  150 added\n');
  });
});

describe('an address that cannot be used', () => {
  test.each([
    [[], "required option '--from-schedules <address>' not specified"],
    [['--from-schedules', 'old.db'], '--from-schedules: is not an address of the form sqlite:PATH'],
    [['--from-schedules', 'nats://u:geheim@x'], '--from-schedules: is not an address of the form'],
    [['--from-schedules', 'sqlite:no-such.db'], 'there is no file no-such.db'],
    [['--from-schedules', 'postgres://u:ge heim@x/y'], '--from-schedules: holds a space'],
  ])('%j is refused, and what it holds is not told', async (words, message) => {
    const { code, out, err } = await cli.run('import', ...words);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(message);
    expect(err).not.toContain('heim');
  });

  test('of a server that is not there ends with 3, without the password', async () => {
    const { code, err } = await importing({ address: 'postgres://u:geheim@127.0.0.1:9/old' });
    expect(code).toBe(3);
    expect(err).toContain('Postgres database old at 127.0.0.1:9 cannot be reached');
    expect(err).not.toContain('geheim');
  });

  test('of our own store, where there was no earlier scheduler, says so', async () => {
    const { code, err } = await importing({ address: cli.env.DATABASE_URL! });
    expect(code).toBe(2);
    expect(err).toContain('has no table jobs: it is no database of the earlier scheduler\n');
  });
});
