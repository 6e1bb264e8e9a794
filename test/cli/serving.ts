// `serve` in this process, on a port of its own, until the test stops it.
import type { Doors } from '../../src/cli/desk.ts';
import type { Runner } from '../../src/runner.ts';
import type { Listening } from '../../src/server.ts';
import type { CommandLine, Ran } from './command_line.ts';

export interface Serving {
  /** where it listens; rejects when it ends before */
  url: Promise<string>;
  /** as a signal would */
  stop(): void;
  ran: Promise<Ran>;
}

interface Wishes {
  env?: Record<string, string>;
  /** another runner in place of the real one */
  change?(runner: Runner): Partial<Runner>;
  listening?(listening: Listening): Listening;
}

export const serve = (cli: CommandLine, wishes: Wishes = {}, ...words: string[]): Serving => {
  const { env = {}, change = () => ({}), listening = (as) => as } = wishes;
  const stop = new AbortController();
  let listens = (_url: string) => {};
  const listened = new Promise<string>((resolve) => {
    listens = resolve;
  });
  const real = cli.doorsWith(env);
  const doors: Doors = {
    ...real,
    openRunner: async (options) => {
      const runner = await real.openRunner(options);
      return { ...runner, ...change(runner) };
    },
    listen: async (options) => {
      const found = listening(await real.listen(options));
      listens(found.url);
      return found;
    },
  };
  const host = { stop: stop.signal, doors };
  const ran = cli.runWith({ env, host }, 'serve', '--port', '0', ...words);
  const early = ran.then(({ err }): never => {
    throw new Error(`serve ended before it listened: ${err}`);
  });
  const url = Promise.race([listened, early]);
  // Tests of a refusal look at `ran` alone.
  url.catch(() => undefined);
  return { url, stop: () => stop.abort('SIGTERM'), ran };
};
