// The process: signals, streams and the exit. Everything it does not need at once is loaded later.
import { readFile } from 'node:fs/promises';
import { systemClock } from '../clock.ts';
import type { Doors } from './desk.ts';
import { createOutput } from './output.ts';
import { buildProgram, type Host, runCommandLine } from './program.ts';

const signalCodes = { SIGINT: 130, SIGTERM: 143 } as const;

/** The first signal asks to stop; the second one ends the process where it stands. */
const listenForSignals = (): AbortSignal => {
  const stop = new AbortController();
  for (const [name, code] of Object.entries(signalCodes)) {
    process.on(name, () => {
      if (stop.signal.aborted) process.exit(code);
      stop.abort(name);
    });
  }
  return stop.signal;
};

const doors: Doors = {
  resolveSettings: async (flags) => {
    const { resolveSettings } = await import('../settings.ts');
    return resolveSettings({ flags });
  },
  openRunner: async (options) => (await import('../runner.ts')).openRunner(options),
  initStore: async (settings) => (await import('../app.ts')).initStore(settings),
  printSchema: async (settings) => (await import('../app.ts')).printSchema(settings),
  loadJobModule: async (path) => {
    const { loadJobModule } = await import('./modules.ts');
    return loadJobModule(path, process.cwd());
  },
  openEarlier: async (address) => (await import('../earlier.ts')).openEarlier(address),
  readText: (path) => readFile(path, 'utf8'),
  createMetrics: async (deps) => (await import('../http/metrics.ts')).createMetrics(deps),
  createApi: async (options) => {
    const { packedAssets: assets } = await import('../http/packed_assets.ts');
    return (await import('../api.ts')).createApi({ ...options, assets });
  },
  listen: async (options) => (await import('../server.ts')).listen(options),
};

const { stdin, stdout, stderr } = process;

/** Starts the prompt with the flags that stood before it, e.g. `--database-url`. */
const prompt =
  (host: Host) =>
  async (baseWords: string[]): Promise<number> => {
    const { runPrompt } = await import('./prompt.ts');
    return runPrompt({
      input: stdin,
      output: stdout,
      terminal: true,
      stop: host.stop,
      quit: () => process.exit(signalCodes.SIGINT),
      program: buildProgram(host, createOutput(stdout, stderr, { json: false }), () => {}),
      run: (words, stop) => runCommandLine([...baseWords, ...words], { ...host, stop }),
    });
  };

const main = async (): Promise<void> => {
  // A reader that went away, as in `cloud-jobs list | head -1`, is no fault; and whatever happens to
  // the streams, a drain must go on to record what it did.
  let unwritten = 0;
  for (const stream of [stdout, stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') unwritten = 1;
    });
  }
  const host: Host = {
    stdout,
    stderr,
    clock: systemClock,
    today: () => new Date(),
    stop: listenForSignals(),
    doors,
  };
  const interactive = stdin.isTTY && stdout.isTTY;
  const full = interactive ? { ...host, prompt: prompt(host) } : host;
  const code = await runCommandLine(process.argv.slice(2), full);
  // Timers and sockets that job code left open must not keep the process.
  stdout.write('', () => process.exit(code || unwritten));
};

void main();
