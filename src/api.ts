// The HTTP API put together from settings and a runner: for `serve`, and for cloud functions.
import { systemClock } from './clock.ts';
import { createHttpApp } from './http/app.ts';
import type { Assets } from './http/assets.ts';
import type { HttpDeps, Metrics, Peer } from './http/deps.ts';
import { newId } from './ids.ts';
import type { LogEvent } from './log.ts';
import type { Runner } from './runner.ts';
import type { Settings } from './settings.ts';
import { version } from './version.ts';

export interface ApiOptions {
  settings: Settings;
  runner: Runner;
  log: (event: LogEvent) => void;
  metrics: Metrics;
  assets: Assets;
  /** aborted when this process is to end */
  stop: AbortSignal;
}

export interface Api {
  /** Never throws: whatever goes wrong is an answer. */
  fetch(request: Request, peer: Peer): Promise<Response>;
}

const storeKind = ({ database_url }: Settings): HttpDeps['store_kind'] => {
  if (database_url === null) return 'supabase';
  return database_url.startsWith('sqlite:') ? 'sqlite' : 'postgres';
};

export const createApi = ({ settings, runner, ...own }: ApiOptions): Api => {
  const { api_keys, rate_limit, trusted_proxies, cors_origins } = settings;
  const app = createHttpApp({
    ...own,
    runner,
    version,
    store_kind: storeKind(settings),
    keys: api_keys,
    rate_limit,
    trusted_proxies,
    cors_origins,
    clock: systemClock,
    newId,
  });
  return { fetch: async (request, peer) => app.fetch(request, peer) };
};
