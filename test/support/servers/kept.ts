// A server that cannot outlive the process that asked for it: keeper.mjs runs it and cleans up.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const keeper = fileURLToPath(new URL('keeper.mjs', import.meta.url));
const PATIENCE_MS = 30_000;

export interface Command {
  command: string;
  args: string[];
  env: Record<string, string>;
  uid?: number | undefined;
  gid?: number | undefined;
}

export interface Kept {
  log_file: string;
  /** Asks until `probe` does not throw; throws with the log when the server ends before that. */
  ready(probe: () => Promise<unknown>): Promise<void>;
  /** Sends the server a signal and waits until it has ended. */
  end(signal: NodeJS.Signals): Promise<void>;
  /** Starts the server once more, after `end`. */
  again(): void;
  /** Ends everything and removes the folder. */
  stop(): Promise<void>;
}

interface Ended {
  ended: string;
  code: number | null;
  signal: string | null;
  error?: string;
}

const sentence = ({ ended, code, signal, error }: Ended, log: string): string =>
  `${ended} ended (${error ?? signal ?? code}); the end of its log:\n${log.slice(-2000)}`;

/**
 * Runs the commands one after the other; the last one is the server. `folder` is the server's own.
 * Without any command it is kept as long as this process lives, and that is all.
 */
export const keep = (commands: Command[], folder: string, end_signal: NodeJS.Signals): Kept => {
  const log_file = join(folder, 'log');
  const orders = JSON.stringify({ commands, end_signal, folder, log_file });
  const child = spawn(process.execPath, [keeper, orders], {
    // A session of its own, so that Ctrl-C in a terminal does not reach it.
    detached: true,
    env: {},
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const gone = once(child, 'exit');
  // A test process may end whenever it likes.
  child.unref();
  for (const stream of [child.stdin, child.stdout] as unknown as { unref(): void }[])
    stream.unref();

  let ended: Ended | undefined;
  const lines = createInterface({ input: child.stdout });
  lines.on('line', (line) => {
    ended = JSON.parse(line) as Ended;
  });

  return {
    log_file,
    ready: async (probe) => {
      const before = Date.now() + PATIENCE_MS;
      for (;;) {
        try {
          return void (await probe());
        } catch (error) {
          if (ended) throw new Error(sentence(ended, readFileSync(log_file, 'utf8')));
          if (Date.now() > before) throw error;
        }
        await sleep(15);
      }
    },
    end: async (signal) => {
      const line = once(lines, 'line');
      child.ref();
      child.stdin.write(`${signal}\n`);
      await line;
      child.unref();
    },
    again: () => {
      ended = undefined;
      child.stdin.write('start\n');
    },
    stop: async () => {
      child.ref();
      child.stdin.end();
      await gone;
    },
  };
};
