// What the runner says of itself while it works. The core emits these; log.ts alone turns them
// into lines. Verbs are those of the port and the glossary.
import type { Alert } from './alerting.ts';
import type { ExecutionStatus, JobStatus } from './job.ts';
import type { Json } from './json.ts';
import type { DecidedSlot, SlotReason } from './schedule.ts';
import type { LogEntry } from './store.ts';

interface OfExecution {
  job_id: string;
  name: string;
  job_type: string;
  execution_id: string;
  lock_epoch: number;
}

export type RunnerEvent =
  | ({ event: 'job.picked'; current_retries: number } & OfExecution)
  | ({
      event: 'job.recorded';
      status: ExecutionStatus;
      job_status: JobStatus;
      duration_seconds: number;
      error_message: string | null;
      retry_in_seconds: number | null;
    } & OfExecution)
  | ({ event: 'job.lost'; reason: string } & OfExecution)
  | ({ event: 'job.log'; level: LogEntry['level']; message: string; fields?: Json } & OfExecution)
  | ({ event: 'step.done'; step: string; replayed: boolean } & OfExecution)
  | {
      event: 'lock.released';
      job_id: string;
      name: string;
      execution_id: string;
      held_by: string;
      job_status: JobStatus;
    }
  /** what a pick decided of a due slot: `slot.fired`, `slot.skipped`, `slot.missed`, `slot.replaced` */
  | {
      event: `slot.${DecidedSlot['status']}`;
      schedule_id: string;
      name: string;
      slot_at: Date;
      reason: SlotReason;
      job_id: string | null;
    }
  | { event: 'alert.sent'; kind: Alert['kind']; name: string; job_id: string }
  /** nobody was told, or (`of` store) it could not be noted that they were */
  | {
      event: 'alert.failed';
      kind: Alert['kind'];
      name: string;
      job_id: string;
      of: 'webhook' | 'store';
      reason: string;
    }
  | { event: 'schedules.planned'; planned: number }
  /** its expression or time zone cannot be read: someone wrote it by hand */
  | { event: 'schedule.unplannable'; schedule_id: string; reason: string }
  /** a call was not answered and is sent again; `sending` counts from 1 */
  | { event: 'store.retried'; method: string; sending: number; reason: string }
  | { event: 'store.unavailable'; reason: string; next_try_seconds: number }
  /** due jobs of this type are left to an invocation with more time */
  | { event: 'type.left'; job_type: string; usual_seconds: number; left_seconds: number }
  | { event: 'drain.started'; instance_id: string; trigger: string }
  | { event: 'drain.stopped'; picked: number; stopped: string; duration_seconds: number };

export type Emit = (event: RunnerEvent) => void;
