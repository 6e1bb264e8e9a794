import { PassThrough } from 'node:stream';
import { describe, expect, test } from '@jest/globals';
import { createOutput } from '../../src/cli/output.ts';
import { buildProgram, type Host, runCommandLine } from '../../src/cli/program.ts';
import { completions, runPrompt } from '../../src/cli/prompt.ts';
import { systemClock } from '../../src/clock.ts';
import { type CommandLine, commandLine } from './command_line.ts';

const hostOf = (cli: CommandLine, write: (text: string) => void): Host => ({
  stdout: { write, columns: 100 },
  stderr: { write },
  clock: systemClock,
  today: () => new Date(),
  stop: new AbortController().signal,
  doors: cli.doors,
});

const programOf = (host: Host) =>
  buildProgram(host, createOutput(host.stdout, host.stderr, { json: false }), () => undefined);

/** Feeds `lines` and answers everything that was written, and the exit code. */
const talk = async (cli: CommandLine, lines: string[], base: string[] = []) => {
  const parts: string[] = [];
  const output = new PassThrough();
  output.on('data', (chunk) => parts.push(String(chunk)));
  const input = new PassThrough();
  const host = hostOf(cli, (text) => output.write(text));
  input.end(lines.map((line) => `${line}\n`).join(''));
  const code = await runPrompt({
    input,
    output,
    terminal: false,
    stop: host.stop,
    quit: () => {
      throw new Error('nobody pressed Ctrl-C twice');
    },
    program: programOf(host),
    run: (words, stop) => runCommandLine([...base, ...words], { ...host, stop }),
  });
  return { code, text: parts.join('') };
};

describe('the prompt', () => {
  test('it runs the same commands, quoted words included, until exit', async () => {
    const cli = await commandLine();
    const { code, text } = await talk(cli, [
      `create "My first job" greet --job-config 'whom=you two'`,
      '',
      'cloud-jobs run',
      'exit',
      'create Never greet',
    ]);
    expect(code).toBe(0);
    expect(text).toContain('"hello you two"'.replaceAll('"', ''));
    expect(text).toMatch(/My first job +greet +success/);
    const jobs = JSON.parse((await cli.run('list', '--json')).out);
    expect(jobs.map(({ name }: { name: string }) => name)).toEqual(['My first job']);
  });

  test('errors are told and the prompt goes on', async () => {
    const cli = await commandLine();
    const { code, text } = await talk(cli, ['lst', 'show nope', 'create X', 'stats']);
    expect(code).toBe(0);
    expect(text).toContain("error: unknown command 'lst' (Did you mean list?)");
    expect(text).toContain('error: There is no job nope.');
    expect(text).toContain("error: missing required argument 'type'");
    expect(text).toContain('No jobs yet.');
  });

  test('help shows all commands, help COMMAND one of them', async () => {
    const { text } = await talk(await commandLine(), ['help', 'help create']);
    expect(text).toContain('Usage: cloud-jobs [options] [command]');
    expect(text).toContain('Usage: cloud-jobs create [options] <name> <type>');
  });

  test('the end of input leaves, as exit does', async () => {
    expect((await talk(await commandLine(), [])).code).toBe(0);
  });

  test('flags given before the prompt count for every line', async () => {
    const { text } = await talk(await commandLine(), ['stats'], ['--database-url', 'nats://x']);
    expect(text).toContain('--database-url: this version has no NATS store yet');
  });

  test('it starts where there is no command and somebody at a terminal', async () => {
    const cli = await commandLine();
    const told: string[][] = [];
    const prompt = async (words: string[]) => {
      told.push(words);
      return 0;
    };
    expect((await cli.runWith({ host: { prompt } }, '--verbose')).code).toBe(0);
    expect((await cli.runWith({ host: { prompt } }, 'stats')).code).toBe(0);
    expect((await cli.runWith({ host: { prompt } }, '--json')).code).toBe(2);
    expect(told).toEqual([['--verbose']]);
  });
});

describe('completion', () => {
  test.each([
    ['l', ['list '], 'l'],
    ['ex', ['exit '], 'ex'],
    ['help wa', ['watch'], 'wa'],
    ['run --dry', ['--dry-run'], '--dry'],
    ['list --st', ['--status'], '--st'],
    ['run --datab', ['--database-url'], '--datab'],
    ['create name ', [], ''],
  ])('%j is completed by %j', async (line, expected, last) => {
    const program = programOf(hostOf(await commandLine({ init: false }), () => undefined));
    expect(completions(program, line)).toEqual([expected, last]);
  });
});
