// What the API works with, handed in by whoever puts it together.
import type { Clock } from '../core/clock.ts';
import type { LogEvent } from '../log.ts';
import type { Runner } from '../runner.ts';
import type { Assets } from './assets.ts';
import type { ApiKey } from './keys.ts';
import type { HealthAnswer } from './wire/answers.ts';

/** What it asks of a runner. */
export type ApiRunner = Pick<
  Runner,
  'create' | 'move' | 'remove' | 'schedules' | 'store' | 'registry' | 'job_types'
>;

/** Text for Prometheus. */
export interface Metrics {
  content_type: string;
  text(): Promise<string>;
}

export interface HttpDeps {
  runner: ApiRunner;
  /** of this package */
  version: string;
  store_kind: HealthAnswer['store'];
  /** none = whoever is on this machine may do everything, and nobody else anything */
  keys: readonly ApiKey[];
  /** requests a minute that one key, or one address without any, may make of this process */
  rate_limit: number;
  /** how many proxies in front append the address they were called from to X-Forwarded-For */
  trusted_proxies: number;
  /** origins of pages that may call from a browser */
  cors_origins: readonly string[];
  clock: Clock;
  newId: () => string;
  log: (event: LogEvent) => void;
  metrics: Metrics;
  /** files of the dashboard */
  assets: Assets;
  /** aborted when this process is to end: event streams end then */
  stop: AbortSignal;
}

/** What only the platform knows of a request. */
export interface Peer {
  /** from which address it came; null = it does not say */
  address: string | null;
  /** whether an answer can be sent bit by bit */
  streams: boolean;
}

/** Who asks, as far as that is known. */
export interface Caller {
  /** name of the key; null where none is asked for */
  actor: string | null;
  source_ip: string | null;
  scope: ApiKey['scope'];
}
