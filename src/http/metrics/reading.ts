// What a scrape asks of the store, and how long it waits for it.
import { type Clock, sleep } from '../../core/clock.ts';
import type { Store } from '../../core/store.ts';
import type { Stats, Timeline } from '../../core/upkeep.ts';
import { RunnerError } from '../../errors.ts';
import { recent } from '../recent.ts';

export interface Reading {
  stats: Stats;
  timeline: Timeline;
}

/** Quarters of an hour: so near is it to the last 24 hours. */
const LAST_DAY = { bucket_seconds: 900, buckets: 96 };

/** Half of the time that Prometheus gives a scrape, unless told otherwise. */
const WAIT_MS = 5000;

/** A reading, shared by all who ask at once; null while the store cannot tell. */
export const createReading = (
  store: Pick<Store, 'stats' | 'timeline'>,
  clock: Clock,
): (() => Promise<Reading | null>) => {
  const ask = recent(async () => {
    const [stats, timeline] = await Promise.all([store.stats(), store.timeline(LAST_DAY)]);
    return { stats, timeline };
  }, clock);
  return async () => {
    const waited = new AbortController();
    const tooLong = sleep(clock, WAIT_MS, waited.signal).then(
      () => null,
      () => null,
    );
    try {
      return await Promise.race([ask(), tooLong]);
    } catch (error) {
      if (error instanceof RunnerError) return null;
      throw error;
    } finally {
      waited.abort();
    }
  };
};
