// What a reader of a job's events is sent, piece by piece, for as long as there is something to tell.
import { type Clock, sleep } from '../../core/clock.ts';
import { StoreUnavailableError } from '../../errors.ts';
import type { Follower, Look } from './follow.ts';
import { endFrame, eventFrame, retryFrame } from './frames.ts';

const LOOK_EVERY_MS = 500;
const RETRY_MS = 2000;
/** How long a store may be away before its readers are sent away, too. */
const PATIENCE_MS = 30_000;

const nothing: Look = { events: [], end: null, more: false };

const textOf = (look: Look): string => `${look.events.map(eventFrame).join('')}${endFrame(look)}`;

/**
 * Ends after the end of the job; without it when `over` is aborted, and when the store cannot be
 * asked: the reader comes back then, and is told why.
 */
export async function* pagesOf(
  first: Look,
  look: Follower,
  clock: Clock,
  over: AbortSignal,
): AsyncGenerator<string, void, undefined> {
  yield `${retryFrame(RETRY_MS)}${textOf(first)}`;
  let failing_since: number | null = null;
  for (let seen = first; seen.end === null; ) {
    if (!seen.more) await sleep(clock, LOOK_EVERY_MS, over).catch(() => undefined);
    if (over.aborted) return;
    const began = clock.now();
    try {
      seen = await look();
      failing_since = null;
    } catch (error) {
      failing_since ??= began;
      const patient = clock.now() - failing_since < PATIENCE_MS;
      if (!(error instanceof StoreUnavailableError && patient)) return;
      seen = nothing;
    }
    const text = textOf(seen);
    if (text !== '') yield text;
  }
}
