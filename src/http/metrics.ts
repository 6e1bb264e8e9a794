// Figures for Prometheus: of the store, and of this process.
import type { Clock } from '../core/clock.ts';
import type { Store } from '../core/store.ts';
import type { LogEvent } from '../log.ts';
import type { Metrics } from './deps.ts';
import { createOwnFigures, type OwnFigures, type Prometheus } from './metrics/own_figures.ts';
import { createReading } from './metrics/reading.ts';
import { storeText } from './metrics/store_text.ts';

export interface MetricsDeps {
  store: Pick<Store, 'stats' | 'timeline'>;
  /** those this process has code for: they are told of even where there is no job of them */
  job_types: readonly string[];
  clock: Clock;
}

export interface ProcessMetrics extends Metrics {
  /** Takes in what the process says of itself; never throws. Only for one that lives on. */
  hear(event: LogEvent): void;
}

const load = async (): Promise<Prometheus> => (await import('prom-client')).default;

/**
 * Nothing is loaded before there is something to count or somebody asks. While the store is away, `text`
 * tells what the process knows.
 */
export const createMetrics = ({ store, job_types, clock }: MetricsDeps): ProcessMetrics => {
  const read = createReading(store, clock);
  let own: Promise<OwnFigures> | null = null;
  const figures = () => {
    own ??= load().then(createOwnFigures);
    return own;
  };
  return {
    content_type: 'text/plain; version=0.0.4; charset=utf-8',
    hear: (event) => void figures().then(({ hear }) => hear(event)),
    text: async () => {
      const [reading, prometheus, { text }] = await Promise.all([read(), load(), figures()]);
      return `${await storeText(prometheus, reading, job_types)}\n${await text()}`;
    },
  };
};
