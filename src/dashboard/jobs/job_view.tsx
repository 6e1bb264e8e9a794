// One job: what it is, how far it has come, what came of it, and what one may do to it.
import { useEffect, useState } from 'preact/hooks';
import type { JobDetailAnswer } from '../../client/client.ts';
import { Fault, Notice } from '../parts/notice.tsx';
import { Status } from '../parts/status.tsx';
import { Part, View } from '../parts/view.tsx';
import { isMissing } from '../shell/access.ts';
import { useLoaded } from '../shell/loaded.ts';
import { hrefOf } from '../shell/place.ts';
import { EventLines } from './event_lines.tsx';
import { Executions } from './executions.tsx';
import { JobActions } from './job_actions.tsx';
import { JobFacts, JobJson } from './job_facts.tsx';
import { JobProgress } from './job_progress.tsx';
import { Dependencies, Steps } from './job_steps.tsx';
import { type Live, useLive } from './live.ts';

const REFRESH_MS = 5000;

interface WholeProps {
  job: JobDetailAnswer;
  live: Live;
  onChange: () => void;
}

const JobWhole = ({ job, live, onChange }: WholeProps) => (
  <>
    <JobActions job={job} onChange={onChange} />
    <JobProgress job={job} live={live} />
    <JobFacts job={job} />
    <Dependencies of={job.depends_on} />
    <Steps steps={job.steps} />
    <Executions executions={job.executions} />
    <Part title="What happened">
      <EventLines live={live} />
    </Part>
    <JobJson job={job} />
  </>
);

const Deleted = ({ job_id }: { job_id: string }) => (
  <View title="Job">
    <Notice kind="plain">
      The job {job_id} is deleted. The <a href={hrefOf(['jobs'])}>list</a> has those that are left.
    </Notice>
  </View>
);

export const JobView = ({ job_id }: { job_id: string }) => {
  const [round, setRound] = useState(0);
  const live = useLive(job_id, round);
  const { value, fault, sentence, reload } = useLoaded(
    (client, signal) => client.jobs.get(job_id, { signal }),
    job_id,
    REFRESH_MS,
  );
  useEffect(() => {
    if (live.changes > 0) reload();
  }, [live.changes]);
  // Someone may give a job that was over another try: what it told since then is asked for.
  const version = value === null ? '' : `${value.status} ${value.updated_at}`;
  useEffect(() => {
    if (live.ended) setRound((before) => before + 1);
  }, [version]);
  const deleted = live.deleted || (value !== null && isMissing(fault));
  if (deleted) return <Deleted job_id={job_id} />;
  return (
    <View title={value?.name ?? 'Job'} beside={value && <Status of={value.status} />}>
      <Fault sentence={sentence} />
      {value && <JobWhole job={value} live={live} onChange={reload} />}
    </View>
  );
};
