// When executions ran, one under the other on a common line of time.
import type { ExecutionAnswer } from '../../client/client.ts';
import { duration } from '../../core/lengths.ts';
import { count, moment } from '../words.ts';

const LANE = 18;
const BAR = 10;
/** of the width: what is too short to be seen otherwise */
const THINNEST = 0.01;

const percent = (share: number): string => `${Number((share * 100).toFixed(3))}%`;

const tellOf = ({ status, started_at, duration_seconds }: ExecutionAnswer): string => {
  const length = duration_seconds === null ? '' : ` after ${duration(duration_seconds)}`;
  return `${moment(started_at)}: ${status}${length}`;
};

export const ExecutionLanes = ({ executions }: { executions: ExecutionAnswer[] }) => {
  const lanes = executions.map((execution) => {
    const from = Date.parse(execution.started_at);
    const to = execution.finished_at === null ? Date.now() : Date.parse(execution.finished_at);
    return { execution, from, to: Math.max(from, to) };
  });
  const first = Math.min(...lanes.map(({ from }) => from));
  const last = Math.max(...lanes.map(({ to }) => to));
  const whole = Math.max(1, last - first);
  const height = lanes.length * LANE;
  return (
    <figure class="card lanes">
      <svg
        role="img"
        height={height}
        aria-label={`${count(lanes.length, 'execution')} over ${duration(whole / 1000)}: the table below has each`}
      >
        {lanes.map(({ execution, from, to }, index) => {
          const width = Math.max(THINNEST, (to - from) / whole);
          const start = Math.min((from - first) / whole, 1 - width);
          const y = index * LANE + (LANE - BAR) / 2;
          return (
            <g key={execution.execution_id}>
              <title>{tellOf(execution)}</title>
              <line x1="0" x2="100%" y1={y + BAR / 2} y2={y + BAR / 2} />
              <rect
                class={`bar-${execution.status}`}
                x={percent(start)}
                y={y}
                width={percent(width)}
                height={BAR}
                rx={2}
              />
            </g>
          );
        })}
      </svg>
      <div class="ends dim" aria-hidden="true">
        <span>{moment(new Date(first).toISOString())}</span>
        <span>{duration(whole / 1000)}</span>
        <span>{moment(new Date(last).toISOString())}</span>
      </div>
    </figure>
  );
};
