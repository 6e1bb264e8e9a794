// The interactive prompt: the same commands, one line each; errors are told and the prompt goes on.
import { createInterface } from 'node:readline';
import type { Command } from 'commander';

export interface PromptHost {
  input: NodeJS.ReadableStream;
  output: NodeJS.WritableStream;
  /** line editing, history and completion, as on a terminal */
  terminal: boolean;
  /** aborted from outside, e.g. by SIGTERM: the prompt ends */
  stop: AbortSignal;
  /** ends the process where it stands, on a second Ctrl-C while a command runs */
  quit(): never;
  /** for completion */
  program: Command;
  /** runs one command line; `stop` is aborted by Ctrl-C */
  run(words: string[], stop: AbortSignal): Promise<number>;
}

const ownWords = ['exit', 'help'];

/** The command that the words begin with, as deep as groups go, and the words behind it. */
const commandOf = (program: Command, words: string[]): { command: Command; rest: string[] } => {
  const [first, ...others] = words;
  const command = program.commands.find((each) => each.name() === first);
  return command === undefined ? { command: program, rest: words } : commandOf(command, others);
};

/** What may stand where the last word of `line` stands: commands first, then a command's options. */
export const completions = (program: Command, line: string): [string[], string] => {
  const words = line.trimStart().split(/\s+/);
  const last = words.at(-1) ?? '';
  const begun = (candidates: string[]) => candidates.filter((word) => word.startsWith(last));
  const namesOf = (group: Command) => group.commands.map((command) => command.name());
  const before = words.slice(0, -1);
  if (before[0] === 'help' && words.length === 2) return [begun(namesOf(program)), last];
  const { command, rest } = commandOf(program, before);
  if (rest.length === 0 && !last.startsWith('-')) {
    const own = command === program ? ownWords : [];
    return [begun([...namesOf(command), ...own]).map((word) => `${word} `), last];
  }
  if (!last.startsWith('-')) return [[], last];
  const options = [...new Set([...command.options, ...program.options])];
  return [begun(options.flatMap(({ long }) => long ?? [])), last];
};

/**
 * Reads lines until `exit`, end of input or `stop`. Ctrl-C stops the running command, or clears the
 * line. Answers the exit code: 0, whatever the commands answered.
 */
export const runPrompt = async (host: PromptHost): Promise<number> => {
  const { input, output, terminal, stop, program, run } = host;
  const { parseArgsStringToArgv } = await import('string-argv');
  const lines = createInterface({
    input,
    output,
    terminal,
    prompt: 'cloud-jobs> ',
    historySize: 500,
    removeHistoryDuplicates: true,
    completer: (line: string) => completions(program, line),
  });
  let running: AbortController | null = null;
  lines.on('SIGINT', () => {
    if (running?.signal.aborted) host.quit();
    if (running) running.abort('SIGINT');
    else {
      lines.write(null, { ctrl: true, name: 'u' });
      output.write('(exit or Ctrl-D leaves)\n');
      lines.prompt();
    }
  });
  stop.addEventListener('abort', () => lines.close(), { once: true });
  output.write('Type a command, `help` for all of them, `exit` to leave. Tab completes.\n');
  lines.prompt();
  for await (const line of lines) {
    const words = parseArgsStringToArgv(line);
    if (words[0] === 'cloud-jobs') words.shift();
    if (words[0] === 'exit' || words[0] === 'quit') break;
    if (words.length > 0) {
      running = new AbortController();
      await run(words, AbortSignal.any([running.signal, stop]));
      running = null;
    }
    if (stop.aborted) break;
    lines.prompt();
  }
  lines.close();
  if (terminal) output.write('\n');
  return 0;
};
