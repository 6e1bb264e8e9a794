// The body of an answer that goes on while a job does. It is pulled: before the reader wants more,
// nothing is asked of anybody.
import type { Clock } from '../../core/clock.ts';
import { COMMENT } from './frames.ts';

const COMMENT_EVERY_MS = 15_000;
/** A reader that takes nothing for so long is given up: others may be waiting for its place. */
const READER_MS = 5 * 60_000;

interface BodyDeps {
  clock: Clock;
  stop: AbortSignal;
  /** called once, when nothing more will be sent */
  closed: () => void;
}

/** Its value, or null when it takes longer than `ms`. */
const within = <Value>(clock: Clock, ms: number, value: Promise<Value>): Promise<Value | null> =>
  new Promise((resolve, reject) => {
    const stop = clock.after(ms, () => resolve(null));
    void value.then(resolve, reject).finally(stop);
  });

/** What `pages` gives, and comments while it gives nothing; its signal says that nobody reads. */
export const streamBody = (
  pages: (over: AbortSignal) => AsyncIterator<string, void, undefined>,
  { clock, stop, closed }: BodyDeps,
): ReadableStream<Uint8Array> => {
  const over = new AbortController();
  const source = pages(over.signal);
  const encoder = new TextEncoder();
  let next: Promise<IteratorResult<string, void>> | null = null;
  let forget = () => {};
  let close = () => {};

  const finish = () => {
    if (over.signal.aborted) return;
    over.abort();
    forget();
    stop.removeEventListener('abort', close);
    closed();
  };
  const awaitReader = () => {
    forget = clock.after(READER_MS, close);
  };

  return new ReadableStream(
    {
      start: (controller) => {
        close = () => {
          finish();
          controller.close();
        };
        stop.addEventListener('abort', close);
        if (stop.aborted) close();
        else awaitReader();
      },
      pull: async (controller) => {
        forget();
        next ??= source.next();
        const page = await within(clock, COMMENT_EVERY_MS, next);
        if (over.signal.aborted) return;
        if (page?.done) return close();
        if (page !== null) next = null;
        awaitReader();
        controller.enqueue(encoder.encode(page === null ? COMMENT : page.value));
      },
      cancel: finish,
    },
    { highWaterMark: 0 },
  );
};
