import { beforeEach, describe, expect, test } from '@jest/globals';
import { type CommandLine, commandLine, pickAndDie } from './command_line.ts';

let cli: CommandLine;
beforeEach(async () => {
  cli = await commandLine();
});

const create = async (...words: string[]): Promise<string> =>
  (await cli.run('create', ...words)).out.trim();

describe('moves', () => {
  test('a job is disabled, enabled, cancelled, retried and deleted, each said in one sentence', async () => {
    const id = await create('Moved', 'greet');
    const say = async (command: string) => {
      const { code, out, err } = await cli.run(command, id);
      expect({ code, err }).toEqual({ code: 0, err: '' });
      return out;
    };
    expect(await say('disable')).toBe(`Moved (${id}) is now disabled.\n`);
    expect(await say('enable')).toBe(`Moved (${id}) is now waiting.\n`);
    expect(await say('cancel')).toBe(`Moved (${id}) is now cancelled.\n`);
    expect(await say('retry')).toBe(`Moved (${id}) is now waiting.\n`);
    expect(await say('delete')).toBe(`Moved (${id}) is deleted.\n`);
    expect(JSON.parse((await cli.run('list', '--json')).out)).toEqual([]);
  });

  test('--json answers the job as it is now', async () => {
    const id = await create('Job', 'greet');
    const job = JSON.parse((await cli.run('cancel', id, '--json')).out);
    expect(job).toMatchObject({ job_id: id, status: 'cancelled' });
  });

  test('a move that the status does not allow is refused with what would allow it', async () => {
    const id = await create('Job', 'greet');
    const { code, out, err } = await cli.run('retry', id);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toBe(
      `error: Job ${id} ("Job") is waiting; only a job that is failed or cancelled can be retried.\n`,
    );
  });

  test.each(['cancel', 'retry', 'enable', 'disable', 'delete', 'show', 'watch'])(
    '%s of an unknown id says that there is none',
    async (command) => {
      expect(await cli.run(command, 'no-such-id')).toEqual({
        code: 2,
        out: '',
        err: 'error: There is no job no-such-id. `cloud-jobs list` shows what there is.\n',
      });
    },
  );

  test('cancelling a job that runs says that its instance was asked', async () => {
    const id = await create('Long', 'hang');
    await cli.withRunner(({ store }) =>
      store.claimJobs({
        instance_id: 'other',
        job_types: ['hang'],
        execution_ids: ['e-1'],
        lock_seconds: 60,
        trigger: 'test',
      }),
    );
    expect((await cli.run('cancel', id)).out).toBe(
      `Long (${id}) is being executed; its instance was asked to stop it.\n`,
    );
    expect((await cli.run('show', id)).out).toMatch(
      /locked \(by other, lock ends in .*cancel asked\)/,
    );
  });
});

describe('unlock', () => {
  test('without expired locks it says so', async () => {
    expect((await cli.run('unlock')).out).toBe('No expired locks.\n');
    expect(JSON.parse((await cli.run('unlock', '--json')).out)).toEqual([]);
  });

  test('an expired lock is released and named', async () => {
    const id = await create('Dead', 'greet');
    await pickAndDie(cli, 'greet');
    const { out } = await cli.run('unlock');
    expect(out).toMatch(/^Released 1 expired lock:\n/);
    expect(out).toMatch(new RegExp(`${id} +Dead +gone +waiting\n`));
  });
});
