// The program: every command, and the one place where whatever went wrong becomes an exit code.
import { Command, CommanderError } from 'commander';
import type { Clock } from '../core/clock.ts';
import { exitCodeOf, UsageError } from '../errors.ts';
import { version } from '../version.ts';
import { addApiKey } from './api_key.ts';
import { addApply } from './apply.ts';
import { type Act, addSettingFlags, flagsOf } from './command.ts';
import { addCreate } from './create.ts';
import type { Doors } from './desk.ts';
import { addDoctor } from './doctor.ts';
import { addImport } from './import.ts';
import { addInit } from './init.ts';
import { createOutput, type Output, type Sink } from './output.ts';
import { addRead } from './read.ts';
import { addRun } from './run.ts';
import { addSchedule } from './schedule/group.ts';
import { addServe } from './serve.ts';
import { addSteer } from './steer.ts';
import { addWatch } from './watch.ts';
import { addWork } from './work.ts';

export interface Host {
  stdout: Sink;
  stderr: Sink;
  clock: Clock;
  today(): Date;
  /** aborted when the person wants this command to end */
  stop: AbortSignal;
  doors: Doors;
  /** starts the interactive prompt; absent when nobody sits at a terminal */
  prompt?(baseWords: string[]): Promise<number>;
}

const groups = [
  addInit,
  addDoctor,
  addApiKey,
  addCreate,
  addRead,
  addSteer,
  addSchedule,
  addApply,
  addImport,
  addRun,
  addWork,
  addServe,
  addWatch,
];

const describeProgram = (program: Command): Command =>
  program
    .name('cloud-jobs')
    .description('Background jobs without a server to keep alive: a trigger wakes a drain.')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print the help of a command')
    .option('-c, --config <file>', 'YAML file with settings (config.yaml when it is there)')
    .option('--json', 'JSON for programs instead of text for people');

/** A program whose commands report their exit code to `finish`; without `words` it knows all of them. */
export const buildProgram = (
  host: Host,
  output: Output,
  finish: (code: number) => void,
  words?: string[],
): Command => {
  const act: Act =
    (run) =>
    async (...args) => {
      const command = args.at(-1) as Command;
      const options = command.optsWithGlobals();
      const { clock, today, stop, doors } = host;
      const call = {
        desk: { ...doors, output, clock, today: () => today(), stop },
        flags: flagsOf(options),
        options: options as never,
      };
      finish(await run(call, ...(args.slice(0, -2).flat() as string[])));
    };
  const program = addSettingFlags(describeProgram(new Command()), null)
    .exitOverride()
    .showSuggestionAfterError(true)
    .configureHelp({
      showGlobalOptions: true,
      styleTitle: (title) => output.paint.bold(title),
    })
    .configureOutput({
      writeOut: (text) => output.raw(text),
      writeErr: () => {},
      getOutHelpWidth: () => output.columns,
      getOutHasColors: () => output.terminal,
    });
  for (const add of groups) add(program, act, words);
  return program;
};

const usageSentence = (error: CommanderError): string =>
  error.message.replace(/^error: /, '').replace(/\n/g, ' ');

const withoutCommand = async (program: Command, words: string[], host: Host, output: Output) => {
  const group = program.commands.find((command) => command.name() === program.args[0]);
  if (host.prompt && !output.json && !group) return host.prompt(words);
  if (output.json)
    output.error(new UsageError(`no command; ${group ? `${group.name()} ` : ''}--help lists them`));
  else output.note((group ?? program).helpInformation().trimEnd());
  return 2;
};

/**
 * Runs one command line, without the program's name, and answers its exit code: 0 done or nothing
 * to do, 1 a job failed, 2 wrong usage or settings, 3 the store cannot be reached. Never throws.
 */
export const runCommandLine = async (words: string[], host: Host): Promise<number> => {
  const output = createOutput(host.stdout, host.stderr, {
    json: words.includes('--json'),
    verbose: words.includes('--verbose') || words.includes('-v'),
  });
  let code = 0;
  const finish = (answer: number) => {
    code = answer;
  };
  const program = buildProgram(host, output, finish, words);
  try {
    await program.parseAsync(words, { from: 'user' });
    return code;
  } catch (error) {
    if (!(error instanceof CommanderError)) {
      output.error(error);
      return exitCodeOf(error);
    }
    if (error.exitCode === 0) return 0;
    if (error.code === 'commander.help') return withoutCommand(program, words, host, output);
    output.error(new UsageError(usageSentence(error)));
    return 2;
  }
};
