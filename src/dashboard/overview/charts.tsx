// What ended lately, how long it took, and what became of the times of schedules.
import type { TimelineAnswer } from '../../client/client.ts';
import { duration } from '../../core/lengths.ts';
import { count } from '../words.ts';
import { Bars } from './bars.tsx';
import { durationSeries, executionSeries, slotSeries, totalsOf } from './series.ts';

const told = (names: readonly string[], totals: number[], none: string): string => {
  const parts = names.flatMap((name, index) =>
    (totals[index] ?? 0) > 0 ? [`${(totals[index] ?? 0).toLocaleString('en')} ${name}`] : [],
  );
  return parts.length === 0 ? none : parts.join(', ');
};

const number = (value: number): string => value.toLocaleString('en');

/** Over all executions of the timeline; null = there are none. */
const meanOf = ({ executions }: TimelineAnswer): number | null => {
  const amount = executions.reduce((sum, each) => sum + each.count, 0);
  const seconds = executions.reduce((sum, each) => sum + each.count * each.average_seconds, 0);
  return amount === 0 ? null : seconds / amount;
};

export const Charts = ({ timeline }: { timeline: TimelineAnswer }) => {
  const days = timeline.bucket_seconds >= 10_800;
  const [ended, slots] = [executionSeries(timeline), slotSeries(timeline)];
  const lengths = durationSeries(timeline);
  const mean = meanOf(timeline);
  const longest = Math.max(0, ...timeline.executions.map(({ longest_seconds }) => longest_seconds));
  const each = `each bar is ${duration(timeline.bucket_seconds)}`;
  return (
    <div class="charts">
      <Bars
        title="Executions that ended"
        series={ended}
        days={days}
        words={number}
        summary={`${told(ended.names, totalsOf(ended), 'none ended')}; ${each}`}
      />
      <Bars
        title="Mean length of an execution"
        series={lengths}
        drawn={1}
        days={days}
        words={duration}
        summary={
          mean === null
            ? 'none ended'
            : `${duration(mean)} on the whole, the longest ${duration(longest)}`
        }
      />
      <Bars
        title="Times of schedules"
        series={slots}
        days={days}
        words={number}
        summary={told(slots.names, totalsOf(slots), `${count(0, 'time')} came`)}
      />
    </div>
  );
};
