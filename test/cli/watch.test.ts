import { beforeEach, describe, expect, test } from '@jest/globals';
import { type FakeClock, fakeClock, settle } from '../support/clock.ts';
import { type CommandLine, commandLine, type Ran } from './command_line.ts';

let cli: CommandLine;
let clock: FakeClock;
beforeEach(async () => {
  cli = await commandLine();
  clock = fakeClock();
});

const create = async (...words: string[]): Promise<string> =>
  (await cli.run('create', ...words)).out.trim();

/** Watches on the fake clock; `meanwhile` happens after the first look. */
const watch = async (
  words: string[],
  meanwhile: () => Promise<unknown>,
  wishes: { terminal?: boolean; stop?: AbortController } = {},
): Promise<Ran> => {
  const stop = wishes.stop ?? new AbortController();
  const host = { clock, stop: stop.signal };
  const watching = cli.runWith({ host, terminal: wishes.terminal ?? false }, 'watch', ...words);
  while (clock.timers === 0) await settle();
  await meanwhile();
  await clock.advance(500);
  return watching;
};

describe('watch', () => {
  test('it prints what happens, a line each, until the job is success: exit code 0', async () => {
    const id = await create('Seen', 'greet');
    const { code, out } = await watch([id], () => cli.run('run'));
    expect(code).toBe(0);
    const told = out
      .trimEnd()
      .split('\n')
      .map((line) => line.replace(/^\d\d:\d\d:\d\d /, ''));
    expect(told).toEqual([
      'waiting',
      'locked',
      '50 % half way',
      'step greeting running',
      'step greeting success',
      'info: greeted',
      'success',
      'Seen is success.',
    ]);
  });

  test('a failed job makes the exit code 1 and tells why', async () => {
    const id = await create('Seen', 'fail');
    const { code, out } = await watch([id], () => cli.run('run'));
    expect(code).toBe(1);
    expect(out).toContain('Seen is failed.\n');
  });

  test('a cancelled job makes the exit code 1', async () => {
    const id = await create('Seen', 'greet');
    expect((await watch([id], () => cli.run('cancel', id))).code).toBe(1);
  });

  test('--json is one event a line and nothing else', async () => {
    const id = await create('Seen', 'greet');
    const { out, err } = await watch([id, '--json'], () => cli.run('run'));
    const events = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(err).toBe('');
    expect(events.every((event) => event.job_id === id)).toBe(true);
    expect(events.map(({ kind }) => kind)).toEqual([
      ...['status', 'status', 'progress', 'step', 'step', 'log', 'status'],
    ]);
  });

  test('a terminal gets a bar that is drawn over, and no lines of progress', async () => {
    const id = await create('Seen', 'greet');
    const { out } = await watch([id], () => cli.run('run'), { terminal: true });
    expect(out).toContain('░');
    expect(out).toContain('0 % waiting');
    expect(out).toContain('\r\u001b[2K');
    expect(out).not.toContain('half way\n');
  });

  test('Ctrl-C stops watching, not the job: exit code 130', async () => {
    const id = await create('Seen', 'greet');
    const stop = new AbortController();
    const { code, out } = await watch([id], async () => stop.abort('SIGINT'), { stop });
    expect(code).toBe(130);
    expect(out).toContain('Stopped watching; the job goes on.\n');
  });
});
