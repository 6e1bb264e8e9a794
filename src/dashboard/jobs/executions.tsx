// The executions of a job, on a line of time and as a table, the newest first.
import { useState } from 'preact/hooks';
import type { ExecutionAnswer } from '../../client/client.ts';
import { duration } from '../../core/lengths.ts';
import { JsonText } from '../parts/json_text.tsx';
import { More } from '../parts/more.tsx';
import { Status } from '../parts/status.tsx';
import { Table } from '../parts/table.tsx';
import { Nothing, Time } from '../parts/time.tsx';
import { Part } from '../parts/view.tsx';
import { count } from '../words.ts';
import { ExecutionLanes } from './execution_lanes.tsx';

/** Shown at first. */
const FEW = 20;

const Outcome = ({ of: { error, error_message, result } }: { of: ExecutionAnswer }) => (
  <>
    {error_message !== null && <p class="error-text">{error_message}</p>}
    {error?.stack && (
      <More summary="Where it happened">{() => <pre class="json">{error.stack}</pre>}</More>
    )}
    <JsonText value={result} name="Result" />
  </>
);

const rowOf = (execution: ExecutionAnswer) => ({
  key: execution.execution_id,
  cells: [
    <Time at={execution.started_at} short />,
    <Status of={execution.status} />,
    execution.duration_seconds === null ? (
      <Nothing means="not finished" />
    ) : (
      duration(execution.duration_seconds)
    ),
    <Outcome of={execution} />,
    execution.instance_id,
    execution.trigger,
    <code class="id">{execution.execution_id}</code>,
  ],
});

const columns = [
  { name: 'Started' },
  { name: 'Status' },
  { name: 'Took', number: true },
  { name: 'Result, error', text: true },
  { name: 'Instance', wide: true },
  { name: 'Trigger', wide: true },
  { name: 'Id', wide: true },
];

export const Executions = ({ executions }: { executions: ExecutionAnswer[] }) => {
  const [all, setAll] = useState(false);
  const newest = executions.toSorted((one, other) => other.lock_epoch - one.lock_epoch);
  const shown = all ? newest : newest.slice(0, FEW);
  return (
    <Part title={newest.length === 0 ? 'No executions yet' : count(newest.length, 'execution')}>
      {shown.length > 0 && <ExecutionLanes executions={shown.slice(0, FEW)} />}
      {shown.length > 0 && <Table caption="Executions" columns={columns} rows={shown.map(rowOf)} />}
      {shown.length < newest.length && (
        <button type="button" onClick={() => setAll(true)}>
          Show all {newest.length}
        </button>
      )}
    </Part>
  );
};
