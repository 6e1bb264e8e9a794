// The HTTP API of one instance of a cloud function, whatever the cloud: opened once, kept for all requests.
import { AsyncLocalStorage } from 'node:async_hooks';
import { type Api, createApi } from './api.ts';
import { initStore } from './app.ts';
import { systemClock } from './clock.ts';
import { describeThrown } from './core/thrown.ts';
import { httpStatusOf, RunnerError } from './errors.ts';
import { takeOver } from './host.ts';
import type { Peer } from './http/deps.ts';
import { createMetrics } from './http/metrics.ts';
import { packedAssets } from './http/packed_assets.ts';
import { problemOf } from './http/problem.ts';
import { newId } from './ids.ts';
import { isFile, type OwnJobs } from './invocation.ts';
import { createLog, type LogEvent, type LogOptions, writeToStderr } from './log.ts';
import { openRunner } from './runner.ts';
import { loadSettings } from './settings.ts';

type Fields = NonNullable<LogOptions['fields']>;

export interface ApiCall {
  /** Throws an InputError for a request that cannot be read: that is answered, too. */
  read: () => { request: Request; peer: Peer };
  /** the platform's own fields of the log lines that this request leads to */
  fields: Fields;
}

export interface ApiInstance {
  /**
   * Hands the answer to `send` and resolves to what that does; throws only what `send` throws. SIGTERM
   * meanwhile ends event streams, and the process once the last answer is sent.
   */
  answer<Sent>(call: ApiCall, send: (response: Response) => Promise<Sent>): Promise<Sent>;
}

const openApi = async (
  own: OwnJobs,
  stop: AbortSignal,
  output: Omit<LogOptions, 'level'>,
): Promise<Api> => {
  const settings = await loadSettings();
  const log = createLog({ ...output, level: settings.log_level });
  if (isFile(settings)) await initStore(settings);
  const runner = await openRunner({ ...own, settings, emit: log });
  const { store, job_types } = runner;
  const metrics = createMetrics({ store, job_types, clock: systemClock });
  return createApi({ settings, runner, log, metrics, assets: packedAssets, stop });
};

/**
 * What keeps the API from being opened is told by the log alone: whoever asks has shown no key yet. Of a
 * request that cannot be read, its sender is told.
 */
const toProblem = (error: unknown, log: (event: LogEvent) => void): Response => {
  const request_id = newId();
  if (httpStatusOf(error) < 500) return problemOf(error, request_id);
  const { message: reason, stack } = describeThrown(error);
  const known = error instanceof RunnerError ? error.code : null;
  log({ event: 'http.failed', request_id, reason, stack: known === null ? stack : null });
  if (known === null) return problemOf(error, request_id);
  const detail = `The API cannot be opened; the log says why under ${request_id}.`;
  return problemOf(new RunnerError(known, detail), request_id);
};

/**
 * Begins to open the API at once, since platforms give more processor time to the loading of a function
 * than to a request; but not with a file, which is somebody's own machine. Whatever is wrong then, the
 * first request tells, and each one tries again.
 */
export const createApiInstance = (own: OwnJobs): ApiInstance => {
  const fieldsOfCall = new AsyncLocalStorage<Fields>();
  const output = {
    write: writeToStderr,
    readable: false,
    fields: (...line: Parameters<Fields>) => fieldsOfCall.getStore()?.(...line) ?? {},
  };
  const ending = new AbortController();
  let opened: Promise<Api> | null = null;

  const open = (): Promise<Api> => {
    opened ??= openApi(own, ending.signal, output).catch((error: unknown) => {
      opened = null;
      throw error;
    });
    return opened;
  };

  const respond = async ({ read }: ApiCall): Promise<Response> => {
    try {
      const api = await open();
      const { request, peer } = read();
      return await api.fetch(request, peer);
    } catch (error) {
      return toProblem(error, createLog({ ...output, level: 'info' }));
    }
  };

  const warmUp = async (): Promise<void> => {
    // On Node 20 the first look at one of fetch's classes loads all of it: twice as long as the rest.
    void new Response();
    try {
      if (!isFile(await loadSettings())) await open();
    } catch {
      // Told by the first request, to whoever waits for it.
    }
  };
  void warmUp();

  return {
    answer: (call, send) =>
      takeOver(async (signalled) => {
        const end = () => ending.abort(signalled.reason);
        if (signalled.aborted) end();
        signalled.addEventListener('abort', end);
        try {
          return await fieldsOfCall.run(call.fields, async () => send(await respond(call)));
        } finally {
          signalled.removeEventListener('abort', end);
        }
      }),
  };
};
