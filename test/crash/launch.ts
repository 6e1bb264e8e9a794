// Starting child processes, hearing what they say, and killing them.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { Said } from './announce.ts';

export interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

export interface Launched {
  pid: number;
  /** everything said so far */
  heard: Said[];
  /** The first message that fits; throws when the process ends before it says so. */
  hears(fits: (message: Said) => boolean): Promise<Said>;
  kill(signal: NodeJS.Signals): void;
  ended: Promise<Ended>;
}

const running = new Set<ChildProcess>();

/** Nobody outlives the process that started it, a stopped one neither. */
export const killAll = (): void => {
  for (const child of running) child.kill('SIGKILL');
};
process.once('exit', killAll);

/** A clean environment: what is set on this machine must not steer the children. */
const environment = (own: Record<string, string>): NodeJS.ProcessEnv => ({
  PATH: process.env.PATH,
  HOME: process.env.HOME,
  ...own,
});

/** Runs `node FILE …` in `cwd`. */
export const launch = (
  words: string[],
  { cwd, env = {} }: { cwd: string; env?: Record<string, string> },
): Launched => {
  const child = spawn(process.execPath, words, {
    cwd,
    env: environment(env),
    stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
  });
  running.add(child);
  const heard: Said[] = [];
  const listeners = new Set<() => void>();
  const tell = () => {
    for (const listener of listeners) listener();
  };
  createInterface({ input: child.stdio[3] as Readable }).on('line', (line) => {
    heard.push(JSON.parse(line));
    tell();
  });
  const output = Promise.all([text(child.stdout as Readable), text(child.stderr as Readable)]);
  let over: Ended | undefined;
  const ended = once(child, 'close').then(async ([code, signal]): Promise<Ended> => {
    const [stdout, stderr] = await output;
    running.delete(child);
    over = { code, signal, stdout, stderr };
    tell();
    return over;
  });

  const hears = (fits: (message: Said) => boolean): Promise<Said> =>
    new Promise((resolve, reject) => {
      const look = () => {
        const found = heard.find(fits);
        if (found === undefined && over === undefined) return;
        listeners.delete(look);
        if (found !== undefined) resolve(found);
        else reject(new Error(`the process ended without saying it: ${JSON.stringify(over)}`));
      };
      listeners.add(look);
      look();
    });
  return { pid: child.pid as number, heard, hears, kill: (signal) => child.kill(signal), ended };
};
