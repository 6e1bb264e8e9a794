// The word of a status, in the colour of its kind.
import type { ExecutionStatus, JobStatus, StepStatus } from '../../core/job.ts';
import type { ScheduleStatus, SlotStatus } from '../../core/schedule.ts';

type AnyStatus = JobStatus | ExecutionStatus | StepStatus | ScheduleStatus | SlotStatus;

const tones: Record<AnyStatus, 'good' | 'bad' | 'busy' | 'wait' | 'warn' | 'off'> = {
  success: 'good',
  active: 'good',
  fired: 'good',
  failed: 'bad',
  timeout: 'bad',
  missed: 'bad',
  locked: 'busy',
  running: 'busy',
  waiting: 'wait',
  pending: 'wait',
  planned: 'wait',
  blocked: 'warn',
  paused: 'warn',
  skipped: 'warn',
  replaced: 'warn',
  lost: 'warn',
  yielded: 'warn',
  cancelled: 'off',
  disabled: 'off',
  inactive: 'off',
  deleted: 'off',
};

export const Status = ({ of }: { of: AnyStatus }) => (
  <span class={`status tone-${tones[of]}`}>{of}</span>
);
