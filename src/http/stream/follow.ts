// Following a job from one event to the next, until it is over: one look at the store at a time.
import type { Clock } from '../../core/clock.ts';
import type { JobEvent, JobStatus } from '../../core/job.ts';
import { isObject } from '../../core/json.ts';
import type { Store } from '../../core/store.ts';

/** How a job ended, as its readers are told. */
export type End = Extract<JobStatus, 'success' | 'failed' | 'cancelled'> | 'deleted';

/** What one look has brought. */
export interface Look {
  events: JobEvent[];
  /** null = the job is not over, or not everything was read */
  end: End | null;
  /** whether another look brings more at once */
  more: boolean;
}

export interface FollowDeps {
  store: Pick<Store, 'getJob' | 'listEvents'>;
  clock: Clock;
}

/** Events that one look brings at most: what a reader costs that does not read. */
const PAGE = 100;

/** How often the job itself is read while no event says that it is over: it may be deleted. */
const READ_JOB_MS = 15_000;

const ends: readonly (JobStatus | null)[] = ['success', 'failed', 'cancelled'];

const isEnd = (status: JobStatus | null): status is Exclude<End, 'deleted'> =>
  ends.includes(status);

const statusOf = ({ data }: JobEvent): JobStatus | null =>
  isObject(data) ? (data.status as JobStatus) : null;

/** The status that the newest of these events tells of. */
const lastTold = (events: JobEvent[]): JobStatus | null => {
  const told = events.findLast(({ kind }) => kind === 'status');
  return told === undefined ? null : statusOf(told);
};

/**
 * Each call answers the events after those before it; what it throws changes nothing, and it may be
 * called again. The job is read before its events, so that when it is over they are all there.
 */
export const createFollower = (job_id: string, after: number, { store, clock }: FollowDeps) => {
  let last = after;
  let read_at = Number.NEGATIVE_INFINITY;
  /** of the job when it was read, and of the newest event since */
  let end: End | null = null;
  let told: JobStatus | null = null;

  return async (): Promise<Look> => {
    if (clock.now() - read_at >= READ_JOB_MS) {
      const detail = await store.getJob(job_id);
      if (detail === null) return { events: [], end: 'deleted', more: false };
      read_at = clock.now();
      end = isEnd(detail.job.status) ? detail.job.status : null;
      told = null;
    }
    const events = await store.listEvents(job_id, last, PAGE);
    last = events.at(-1)?.event_id ?? last;
    told = lastTold(events) ?? told;
    if (events.length === PAGE) return { events, end: null, more: true };
    if (end !== null && (told === null || told === end)) return { events, end, more: false };
    // It has ended since it was read, or was retried by hand: the job itself says which.
    const doubt = end !== null || isEnd(told);
    if (doubt) read_at = Number.NEGATIVE_INFINITY;
    return { events, end: null, more: doubt };
  };
};

export type Follower = ReturnType<typeof createFollower>;
