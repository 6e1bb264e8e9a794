import { describe, expect, test } from '@jest/globals';
import { createOutput } from '../../src/cli/output.ts';
import { buildProgram, type Host } from '../../src/cli/program.ts';
import { completions } from '../../src/cli/prompt.ts';
import { systemClock } from '../../src/clock.ts';
import { commandLine } from './command_line.ts';

describe('at the prompt', () => {
  test.each([
    ['sch', ['schedule '], 'sch'],
    ['help sch', ['schedule'], 'sch'],
    ['schedule ', ['create ', 'list ', 'show ', 'pause ', 'resume ', 'trigger ', 'delete '], ''],
    ['schedule tr', ['trigger '], 'tr'],
    ['schedule create --time', ['--timezone', '--timeout'], '--time'],
    ['schedule create nightly demo --miss', ['--missed'], '--miss'],
    ['schedule show --sl', ['--slots'], '--sl'],
    ['schedule --js', ['--json'], '--js'],
    ['schedule show nightly ', [], ''],
    ['schedule sh now ', [], ''],
  ])('%j is completed by %j', async (line, expected, last) => {
    const cli = await commandLine({ init: false });
    const stdout = { write: () => undefined };
    const { signal: stop } = new AbortController();
    const today = () => new Date();
    const host: Host = {
      stdout,
      stderr: stdout,
      clock: systemClock,
      today,
      stop,
      doors: cli.doors,
    };
    const output = createOutput(stdout, stdout, { json: false });
    const program = buildProgram(host, output, () => undefined);
    expect(completions(program, line)).toEqual([expected, last]);
  });

  test('`schedule` alone starts no prompt: it is answered by its help', async () => {
    const cli = await commandLine({ init: false });
    let prompts = 0;
    const prompt = async () => {
      prompts += 1;
      return 0;
    };
    const { code, err } = await cli.runWith({ host: { prompt } }, 'schedule');
    expect({ code, prompts }).toEqual({ code: 2, prompts: 0 });
    expect(err).toContain('Usage: cloud-jobs schedule [options] [command]');
    expect((await cli.runWith({ host: { prompt } })).code).toBe(0);
    expect(prompts).toBe(1);
  });

  test('`help schedule` lists its commands', async () => {
    const { code, out } = await (await commandLine({ init: false })).run('help', 'schedule');
    expect(code).toBe(0);
    expect(out).toMatch(/\n {2}trigger <schedule...> /);
  });
});
