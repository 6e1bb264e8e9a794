// A job's events where an answer cannot be sent bit by bit: what there is now, and come again.
import { type Clock, sleep } from '../../core/clock.ts';
import type { Follower, Look } from './follow.ts';
import { endFrame, eventFrame, retryFrame } from './frames.ts';

const LOOK_EVERY_MS = 500;
const RETRY_MS = 1000;
/** How long it waits for the first event. */
const WAIT_MS = 5000;
/** Characters after which the rest is left for the next answer: platforms send no more than 6 MB. */
const MOST = 1024 * 1024;

interface SnapshotDeps {
  clock: Clock;
  stop: AbortSignal;
}

/** As much of it as one answer may hold; whoever cuts it off leaves out the end, too. */
const add = (text: string, look: Look): string => {
  let longer = text;
  for (const event of look.events) {
    if (longer.length > MOST) return longer;
    longer += eventFrame(event);
  }
  return `${longer}${endFrame(look)}`;
};

/** Throws what a look throws, unless there is something to send already. */
export const snapshotOf = async (
  first: Look,
  look: Follower,
  { clock, stop }: SnapshotDeps,
): Promise<string> => {
  const until = clock.now() + WAIT_MS;
  let text = '';
  for (let seen: Look | null = first; seen !== null; ) {
    text = add(text, seen);
    if (seen.end !== null || text.length > MOST) break;
    if (!seen.more) {
      if (text !== '' || stop.aborted || clock.now() >= until) break;
      await sleep(clock, LOOK_EVERY_MS, stop).catch(() => undefined);
    }
    seen = await look().catch((error: unknown) => {
      if (text === '') throw error;
      return null;
    });
  }
  return `${retryFrame(RETRY_MS)}${text}`;
};
