// What one may do to a schedule in its present status.
import { useState } from 'preact/hooks';
import type { Client, CreatedAnswer, ScheduleDetailAnswer } from '../../client/client.ts';
import { type ScheduleMove, scheduleMoves } from '../../core/schedule.ts';
import { Confirm } from '../parts/confirm.tsx';
import { Fault, Notice } from '../parts/notice.tsx';
import { useAction } from '../shell/action.ts';
import { go, hrefOf, jobHref } from '../shell/place.ts';

interface Props {
  schedule: ScheduleDetailAnswer;
  onChange: () => void;
}

const may = ({ status }: ScheduleDetailAnswer, move: ScheduleMove): boolean => {
  const from: readonly string[] = scheduleMoves[move].from;
  return from.includes(status);
};

const Made = ({ job }: { job: CreatedAnswer }) => (
  <Notice kind="good">
    {job.created ? 'A job is made: ' : 'There was one already: '}
    <a href={jobHref(job.job_id)}>{job.job_id}</a>
  </Notice>
);

export const ScheduleActions = ({ schedule, onChange }: Props) => {
  const { busy, sentence, act } = useAction();
  const [done, setDone] = useState<string | null>(null);
  const [made, setMade] = useState<CreatedAnswer | null>(null);
  const [asked, setAsked] = useState(false);
  const { schedule_id } = schedule;

  const start = (what: (client: Client) => Promise<void>) => {
    setAsked(false);
    setDone(null);
    setMade(null);
    if (!busy) void act(what);
  };
  const move = (which: 'pause' | 'resume') =>
    start(async (client) => {
      const { status } = await client.schedules[which](schedule_id);
      setDone(`It is ${status} now.`);
      onChange();
    });
  const trigger = () =>
    start(async (client) => {
      setMade(await client.schedules.trigger(schedule_id));
      onChange();
    });
  const remove = () =>
    start(async (client) => {
      await client.schedules.delete(schedule_id);
      go(hrefOf(['schedules']));
    });

  if (schedule.status === 'deleted') return null;
  // One place for both: the button that was used keeps the focus, whatever it says next.
  const which = may(schedule, 'pause') ? 'pause' : 'resume';
  return (
    <>
      <fieldset class="actions" aria-label="Actions">
        <button type="button" aria-disabled={busy} onClick={() => move(which)}>
          {which === 'pause' ? 'Pause' : 'Resume'}
        </button>
        <button type="button" aria-disabled={busy} onClick={trigger}>
          Trigger now
        </button>
        <button type="button" class="danger" aria-disabled={busy} onClick={() => setAsked(true)}>
          Delete
        </button>
      </fieldset>
      <Fault sentence={sentence} />
      {done !== null && <Notice kind="good">{done}</Notice>}
      {made !== null && <Made job={made} />}
      {asked && (
        <Confirm
          title="Delete this schedule?"
          text="No more jobs are made by it. Those that it made stay, and so does its ledger for a while."
          yes="Delete the schedule"
          no="Keep it"
          onYes={remove}
          onNo={() => setAsked(false)}
        />
      )}
    </>
  );
};
