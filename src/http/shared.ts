// What all requests of one process share: answers that are dear to make, and the streams under way.
import { setMaxListeners } from 'node:events';
import type { Stats, Timeline } from '../core/upkeep.ts';
import type { HttpDeps } from './deps.ts';
import { recent } from './recent.ts';
import { createStreams, type Streams } from './stream.ts';

export interface Shared {
  stats(): Promise<Stats>;
  timeline(hours: number): Promise<Timeline>;
  /** of the tables; throws when the store cannot be reached */
  schemaVersion(): Promise<number>;
  streams: Streams;
}

/** Parts of a timeline, however long it is. */
const PARTS = 48;

/** Whole minutes, so that parts begin where people expect it. */
const bucketSeconds = (hours: number): number => Math.ceil((hours * 60) / PARTS) * 60;

export const createShared = ({ runner: { store }, clock, stop }: HttpDeps): Shared => {
  // Each stream listens to it: hundreds are meant.
  setMaxListeners(0, stop);
  const timelines = new Map<number, () => Promise<Timeline>>();
  const timelineOf = (hours: number) => {
    const bucket_seconds = bucketSeconds(hours);
    const buckets = Math.ceil((hours * 3600) / bucket_seconds);
    return recent(() => store.timeline({ bucket_seconds, buckets }), clock);
  };
  return {
    stats: recent(() => store.stats(), clock),
    timeline: (hours) => {
      const asked = timelines.get(hours) ?? timelineOf(hours);
      timelines.set(hours, asked);
      return asked();
    },
    schemaVersion: recent(async () => (await store.inspect()).schema_version, clock),
    streams: createStreams({ store, clock, stop }),
  };
};
