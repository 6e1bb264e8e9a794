// How far a job has come: a bar, the step that runs, and the same in words for those who listen.
import type { JobDetailAnswer } from '../../client/client.ts';
import type { Live } from './live.ts';

/** Told aloud only so often: every ten per cent, and with each step. */
const spoken = (percent: number | undefined): string =>
  percent === undefined ? '' : `, about ${Math.floor(percent / 10) * 10} per cent`;

export const JobProgress = ({ job, live }: { job: JobDetailAnswer; live: Live }) => {
  const running = job.status === 'locked';
  const progress = running ? (live.progress ?? job.progress) : job.progress;
  // Of a job that is done, the bar would say what its status says.
  const shown = running || (progress !== null && job.status !== 'success');
  const step = running ? job.current_step : null;
  const told = `${job.status}${step === null ? '' : `, step ${step}`}`;
  return (
    <>
      <p class="unseen" aria-live="polite">
        {`${told}${running ? spoken(progress?.percent) : ''}`}
      </p>
      {shown && (
        <div class="card progress">
          <div class="progress-words">
            <span>{step === null ? (progress?.message ?? job.status) : `Step ${step}`}</span>
            <strong>{progress === null ? '' : `${Math.round(progress.percent)} %`}</strong>
          </div>
          <progress
            aria-label="Progress"
            max={100}
            {...(progress !== null && { value: progress.percent })}
          />
          {step !== null && progress !== null && progress.message !== null && (
            <p class="dim">{progress.message}</p>
          )}
        </div>
      )}
    </>
  );
};
