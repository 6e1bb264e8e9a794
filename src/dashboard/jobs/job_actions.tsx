// What one may do to a job in its present status.
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Client, JobAnswer, JobDetailAnswer } from '../../client/client.ts';
import { type Move, moves } from '../../core/job.ts';
import { Confirm } from '../parts/confirm.tsx';
import { Fault, Notice } from '../parts/notice.tsx';
import { useAction } from '../shell/action.ts';
import { go, hrefOf } from '../shell/place.ts';

const words: Record<Move, string> = {
  cancel: 'Cancel',
  retry: 'Retry',
  disable: 'Disable',
  enable: 'Enable',
};

const mayMove = ({ status, cancel_requested_at }: JobAnswer, move: Move): boolean => {
  const from: readonly string[] = moves[move].from;
  return from.includes(status) && !(move === 'cancel' && cancel_requested_at !== null);
};

const questions = {
  cancel: {
    title: 'Cancel this job?',
    text: 'If it runs, it is told to stop; steps that are done stay done. It can be retried later.',
    yes: 'Cancel the job',
    no: 'Let it be',
  },
  delete: {
    title: 'Delete this job?',
    text: 'With it go its steps, its executions and all that happened to it. There is no way back.',
    yes: 'Delete the job',
    no: 'Keep it',
  },
} as const;

interface Props {
  job: JobDetailAnswer;
  onChange: () => void;
}

const sentenceOf = ({ status }: JobAnswer): string =>
  status === 'locked' ? 'It is told to stop.' : `It is ${status} now.`;

export const JobActions = ({ job, onChange }: Props) => {
  const { busy, sentence, act } = useAction();
  const [done, setDone] = useState<string | null>(null);
  const [asked, setAsked] = useState<'cancel' | 'delete' | null>(null);
  const group = useRef<HTMLFieldSetElement>(null);

  // A button that was used may be gone with the status it stood for: then its neighbours get the focus.
  useEffect(() => {
    if (done !== null && document.activeElement === document.body) group.current?.focus();
  }, [job.status, job.cancel_requested_at]);

  const start = (what: (client: Client) => Promise<void>) => {
    setAsked(null);
    setDone(null);
    if (!busy) void act(what);
  };
  const move = (which: Move) =>
    start(async (client) => {
      setDone(sentenceOf(await client.jobs[which](job.job_id)));
      onChange();
    });
  const remove = () =>
    start(async (client) => {
      await client.jobs.delete(job.job_id);
      go(hrefOf(['jobs']));
    });
  const press = (which: Move) => (which === 'cancel' ? setAsked('cancel') : move(which));

  return (
    <>
      <fieldset class="actions" ref={group} tabIndex={-1} aria-label="Actions">
        {(Object.keys(words) as Move[])
          .filter((which) => mayMove(job, which))
          .map((which) => (
            <button key={which} type="button" aria-disabled={busy} onClick={() => press(which)}>
              {words[which]}
            </button>
          ))}
        {job.status !== 'locked' && (
          <button
            type="button"
            class="danger"
            aria-disabled={busy}
            onClick={() => setAsked('delete')}
          >
            Delete
          </button>
        )}
        {job.cancel_requested_at !== null && job.status === 'locked' && (
          <span class="dim">told to stop</span>
        )}
      </fieldset>
      <Fault sentence={sentence} />
      {done !== null && <Notice kind="good">{done}</Notice>}
      {asked !== null && (
        <Confirm
          {...questions[asked]}
          onYes={() => (asked === 'cancel' ? move('cancel') : remove())}
          onNo={() => setAsked(null)}
        />
      )}
    </>
  );
};
