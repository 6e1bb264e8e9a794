// What a job is made of, and what it waits for.
import { useState } from 'preact/hooks';
import type { JobDetailAnswer, StepAnswer } from '../../client/client.ts';
import { duration } from '../../core/lengths.ts';
import { JsonText } from '../parts/json_text.tsx';
import { Status } from '../parts/status.tsx';
import { Table } from '../parts/table.tsx';
import { Nothing, Time } from '../parts/time.tsx';
import { Part } from '../parts/view.tsx';
import { jobHref } from '../shell/place.ts';
import { count } from '../words.ts';

const took = ({ started_at, finished_at }: StepAnswer) =>
  started_at === null || finished_at === null ? (
    <Nothing means="not finished" />
  ) : (
    duration((Date.parse(finished_at) - Date.parse(started_at)) / 1000)
  );

const rowOf = (step: StepAnswer) => ({
  key: step.name,
  cells: [
    step.name,
    String(step.step_order),
    <Status of={step.status} />,
    step.started_at === null ? <Nothing /> : <Time at={step.started_at} short />,
    took(step),
    <>
      {step.detail}
      <JsonText value={step.output} name="Output" />
    </>,
  ],
});

/** More than these are cut at first: to those that came last. */
const FEW = 15;

export const Steps = ({ steps }: Pick<JobDetailAnswer, 'steps'>) => {
  const [all, setAll] = useState(false);
  const shown = all || steps.length <= FEW ? steps : steps.slice(-FEW);
  if (steps.length === 0) return null;
  return (
    <Part
      title={count(steps.length, 'step')}
      beside={
        shown.length < steps.length && (
          <button type="button" class="quiet" onClick={() => setAll(true)}>
            Show all {steps.length} steps
          </button>
        )
      }
    >
      <Table
        caption="Steps"
        columns={[
          { name: 'Step' },
          { name: 'Order', number: true, wide: true },
          { name: 'Status' },
          { name: 'Started', wide: true },
          { name: 'Took', number: true },
          { name: 'Detail, output', text: true },
        ]}
        rows={shown.map(rowOf)}
      />
    </Part>
  );
};

export const Dependencies = ({ of: jobs }: { of: JobDetailAnswer['depends_on'] }) =>
  jobs.length === 0 ? null : (
    <Part title={`Waits for ${count(jobs.length, 'job')}`}>
      <Table
        caption="Jobs it waits for"
        columns={[{ name: 'Job' }, { name: 'Status' }, { name: 'Id', wide: true }]}
        rows={jobs.map(({ job_id, name, status }) => ({
          key: job_id,
          cells: [<a href={jobHref(job_id)}>{name}</a>, <Status of={status} />, job_id],
        }))}
      />
    </Part>
  );
