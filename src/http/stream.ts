// The events of a job as a stream that a reader may leave and take up again at any event.
import type { Clock } from '../core/clock.ts';
import { NotFoundError, RequestError } from '../errors.ts';
import { streamBody } from './stream/body.ts';
import { createFollower, type FollowDeps } from './stream/follow.ts';
import { pagesOf } from './stream/pages.ts';
import { snapshotOf } from './stream/snapshot.ts';

interface StreamDeps extends FollowDeps {
  clock: Clock;
  /** aborted when this process is to end: streams end then, without the `end` of a job */
  stop: AbortSignal;
}

const headers = {
  'content-type': 'text/event-stream',
  // Whatever stands in between may neither keep it, nor hold it back in order to pack it.
  'cache-control': 'no-store, no-transform',
  'x-accel-buffering': 'no',
};

/**
 * The events after `after`; null = from the beginning. `streams` says whether the platform can send
 * an answer bit by bit; `closed` is called once, when nothing more will be sent. Throws NotFoundError,
 * and what the first look at the store throws.
 */
export const openEventStream = async (
  job_id: string,
  after: number | null,
  deps: StreamDeps,
  streams: boolean,
  closed: () => void = () => undefined,
): Promise<Response> => {
  const { clock, stop } = deps;
  const look = createFollower(job_id, after ?? 0, deps);
  const first = await look();
  if (first.end === 'deleted') throw new NotFoundError('job', job_id);
  // Nothing is left to tell: this is how an EventSource is told to stop connecting.
  if (after !== null && first.end !== null && first.events.length === 0) {
    closed();
    return new Response(null, { status: 204 });
  }
  if (streams) {
    const pages = (over: AbortSignal) => pagesOf(first, look, clock, over);
    return new Response(streamBody(pages, { clock, stop, closed }), { headers });
  }
  const text = await snapshotOf(first, look, deps);
  closed();
  return new Response(text, { headers });
};

export interface Streams {
  /** As openEventStream; throws a RequestError when there are too many already. */
  open(job_id: string, after: number | null, streams: boolean): Promise<Response>;
  /** how many are open */
  readonly open_now: number;
}

/** Each reader has its own timer and asks the store twice a second: so many are enough for one process. */
const MOST_STREAMS = 500;

const tooMany = (most: number): RequestError =>
  new RequestError(
    'too_many_streams',
    `This process sends events to ${most} readers already; try again, or look at the job now and then.`,
    { 'retry-after': '5' },
  );

export const createStreams = ({
  most = MOST_STREAMS,
  ...deps
}: StreamDeps & { most?: number }): Streams => {
  let open_now = 0;
  return {
    get open_now() {
      return open_now;
    },
    open: async (job_id, after, streams) => {
      if (open_now >= most) throw tooMany(most);
      open_now += 1;
      let closed = false;
      const close = () => {
        if (!closed) open_now -= 1;
        closed = true;
      };
      try {
        return await openEventStream(job_id, after, deps, streams, close);
      } catch (error) {
        close();
        throw error;
      }
    },
  };
};
