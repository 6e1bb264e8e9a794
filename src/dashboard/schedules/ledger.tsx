// The ledger of a schedule: what became of each of its times, why, and by which job.
import type { ScheduleDetailAnswer } from '../../client/client.ts';
import { duration } from '../../core/lengths.ts';
import { slotReasons } from '../../core/schedule.ts';
import { Status } from '../parts/status.tsx';
import { Table } from '../parts/table.tsx';
import { Nothing, Time } from '../parts/time.tsx';
import { jobHref } from '../shell/place.ts';
import { count } from '../words.ts';

type Slot = ScheduleDetailAnswer['slots'][number];

/** Any drain takes so long to come to a time. */
const ON_TIME_SECONDS = 1;

const when = ({ slot_at, until_at, times }: Slot) =>
  until_at === null ? (
    <Time at={slot_at} nominal />
  ) : (
    <>
      <Time at={slot_at} nominal /> to <Time at={until_at} nominal />
      <span class="under">
        {times === null ? 'more times than were counted' : count(times, 'time')}
      </span>
    </>
  );

const why = ({ status, reason, slot_at, decided_at }: Slot): string => {
  if (reason === null) return 'the next drain decides';
  if (status !== 'fired' || reason !== 'due') return slotReasons[reason];
  const late = (Date.parse(decided_at ?? slot_at) - Date.parse(slot_at)) / 1000;
  return late < ON_TIME_SECONDS ? 'on time' : `${duration(late)} late`;
};

/** The job that was made, or the one that stood in its way. */
const jobOf = ({ status, job_id, job_status }: Slot) => {
  if (job_id === null) return <Nothing means="no job" />;
  const made = status === 'fired' || status === 'replaced';
  return (
    <span class="together">
      <a href={jobHref(job_id)} title={job_id}>
        {made ? 'its job' : 'behind this job'}
      </a>{' '}
      {job_status === null ? <span class="dim">deleted</span> : <Status of={job_status} />}
    </span>
  );
};

export const Ledger = ({ slots }: { slots: Slot[] }) =>
  slots.length === 0 ? (
    <p class="card empty">None of its times has come yet.</p>
  ) : (
    <Table
      caption="Ledger"
      columns={[{ name: 'Time' }, { name: 'Became' }, { name: 'Why', text: true }, { name: 'Job' }]}
      rows={slots.map((slot) => ({
        key: slot.slot_at,
        cells: [when(slot), <Status of={slot.status} />, why(slot), jobOf(slot)],
      }))}
    />
  );
