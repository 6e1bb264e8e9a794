// Telling people while a drain goes on: beside the jobs, never in their way. A message that cannot be
// sent changes nothing about any job.
import { StoreUnavailableError } from '../errors.ts';
import { type AlertPolicy, type AlertStore, type NotedAlert, subjectOf } from './alert.ts';
import type { Emit } from './events.ts';
import type { JobStatus, Pick as Picked } from './job.ts';

interface OfJob {
  job_id: string;
  name: string;
}

/** One message, complete. `subject` names whose failures were counted: `schedule:ID` or `type:NAME`. */
export type Alert =
  | ({
      kind: 'failing' | 'recovered';
      subject: string;
      failures: number;
      since: Date;
      /** of the last failure */
      error_message: string | null;
      job_type: string;
    } & OfJob)
  | ({
      kind: 'slow';
      execution_id: string;
      duration_seconds: number;
      usual_seconds: number;
      job_type: string;
    } & OfJob)
  /** `job_id` and `name` are those of the first */
  | ({ kind: 'lock_expired'; expired: LockExpired[] } & OfJob);

export interface LockExpired extends OfJob {
  execution_id: string;
  held_by: string;
  job_status: JobStatus;
}

export interface Alerting {
  /** failures one after the other before anybody is told */
  after: number;
  /** an execution is told of that takes so many times as long as is usual for its type */
  slow_times: number;
  /** Rejects when it did not get through within `within_ms`. */
  send(alert: Alert, within_ms: number): Promise<void>;
}

/** Seconds; what takes less is not worth a message, whatever is usual. */
const SLOW_FROM = 10;
const SEND_WITHIN_MS = 5000;

export interface Teller {
  /** What a record is to ask of the store. */
  policy(duration_seconds: number): AlertPolicy | null;
  tellOf(noted: NotedAlert[], picked: Picked, error_message: string | null): void;
  /** One message for all that one pick released. */
  locksExpired(expired: LockExpired[]): void;
  /** Waits for what is being sent. */
  finish(): Promise<void>;
}

interface TellerDeps {
  store: AlertStore;
  emit: Emit;
  timeLeftMs: () => number;
}

const complete = (
  noted: NotedAlert,
  { job, fence }: Picked,
  error_message: string | null,
): Alert | null => {
  const { job_id, name, job_type } = job;
  if (noted.kind !== 'slow') {
    if (noted.subject !== subjectOf(job)) return null;
    return { ...noted, job_id, name, job_type, error_message };
  }
  return noted.execution_id === fence.execution_id ? { ...noted, job_id, name, job_type } : null;
};

const silent: Teller = {
  policy: () => null,
  tellOf: () => undefined,
  locksExpired: () => undefined,
  finish: async () => undefined,
};

export const createTeller = (alerting: Alerting | null, deps: TellerDeps): Teller => {
  if (alerting === null) return silent;
  const { after, slow_times } = alerting;
  const { store, emit, timeLeftMs } = deps;
  const pending = new Set<Promise<void>>();

  const tell = async (alert: Alert): Promise<void> => {
    const { kind, name, job_id } = alert;
    try {
      await alerting.send(alert, Math.max(0, Math.min(SEND_WITHIN_MS, timeLeftMs())));
      if (kind === 'failing') await store.alertTold(alert.subject, alert.since);
      emit({ event: 'alert.sent', kind, name, job_id });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      const of = error instanceof StoreUnavailableError ? 'store' : 'webhook';
      emit({ event: 'alert.failed', kind, name, job_id, of, reason });
    }
  };
  const start = (alert: Alert) => {
    const telling: Promise<void> = tell(alert).finally(() => pending.delete(telling));
    pending.add(telling);
  };
  return {
    policy: (duration_seconds) => ({
      after,
      slow_times: duration_seconds >= SLOW_FROM ? slow_times : null,
    }),
    tellOf: (noted, picked, error_message) => {
      for (const each of noted) {
        const alert = complete(each, picked, error_message);
        if (alert !== null) start(alert);
      }
    },
    locksExpired: (expired) => {
      const [first] = expired;
      if (first === undefined) return;
      start({ kind: 'lock_expired', job_id: first.job_id, name: first.name, expired });
    },
    finish: async () => {
      await Promise.all(pending);
    },
  };
};
